"""Faults of what answers where the provisioning URL leads to, and of a URL that says other than what answers."""

from __future__ import annotations

from stdiag.lab.blueprint import HOST, Front, FurtherPort, Listener
from stdiag.lab.faults.fault import LabFault, Shows

_ACTION = "action=AddCommunity"
_OLD_PRODUCT = "10"

PROVISIONING_FAULTS: tuple[LabFault, ...] = (
    # What answers
    LabFault(
        name="community-down",
        injects="STProxy says that it has no connection to the Community Server",
        first=("prov-community-down",),
        changes={"front": Front.WITHOUT_COMMUNITY},
        shows=Shows.IN_ANSWER,
        story="STProxy was started before the Community Server, or its host is not among the trusted servers. "
        "The login page comes up, and nobody gets past it.",
    ),
    LabFault(
        name="default-page",
        injects="a web server without a site answers in place of STProxy",
        first=("prov-not-stproxy",),
        changes={"front": Front.DEFAULT_PAGE},
        shows=Shows.IN_ANSWER,
        story="The new reverse proxy got its certificate, but not yet its routes. Every test of the port is green.",
    ),
    LabFault(
        name="login-redirect",
        injects="every request is sent to a login page of another host",
        first=("prov-foreign-login",),
        changes={"front": Front.LOGIN_REDIRECT},
        shows=Shows.IN_ANSWER,
        story="The company's single sign-on was put before everything. Browsers log in, the app cannot.",
    ),
    LabFault(
        name="login-form",
        injects="every request is answered by a login form, with status 200",
        first=("prov-foreign-login",),
        changes={"front": Front.LOGIN_FORM},
        shows=Shows.IN_ANSWER,
        story="A reverse proxy that logs users in by form. Monitoring sees status 200 and is content.",
    ),
    LabFault(
        name="redirect-elsewhere",
        injects="every request is sent to another host's front page",
        first=("prov-redirect-elsewhere",),
        changes={"front": Front.REDIRECTS_ELSEWHERE},
        shows=Shows.IN_ANSWER,
        story="The name was reused for a web site, and mobile users still have the old link.",
    ),
    LabFault(
        name="back-end-down",
        injects="the server in front answers 503, its back end is gone",
        first=("prov-backend-down",),
        changes={"front": Front.BACK_END_DOWN},
        shows=Shows.IN_ANSWER,
        story="STProxy is being restarted, or its host was moved and the plug-in's configuration was not.",
    ),
    LabFault(
        name="back-end-hangs",
        injects="requests are taken over TLS, and never answered",
        first=("prov-no-answer",),
        changes={"front": Front.HANGS},
        shows=Shows.IN_ANSWER,
        keeps_waiting=True,
        story="The server in front waits for a back end that takes connections and does nothing with them.",
    ),
    LabFault(
        name="proxy-asks-basic",
        injects="a reverse proxy asks for Basic authentication, the URL does not say so",
        first=("prov-proxy-auth-unexpected",),
        changes={"front": Front.ASKS_BASIC},
        shows=Shows.IN_ANSWER,
        story="A reverse proxy with a login of its own was added later; the QR codes on the intranet stayed the same.",
    ),
    LabFault(
        name="proxy-asks-negotiate",
        injects="a reverse proxy asks for Negotiate or NTLM only",
        first=("prov-proxy-auth-scheme",),
        changes={"front": Front.ASKS_NEGOTIATE},
        shows=Shows.IN_ANSWER,
        story="Windows browsers log in by themselves, so nobody noticed that phones are asked for what they lack.",
    ),
    LabFault(
        name="proxyinfo-missing",
        injects="STProxy has no /stwebapi/proxyinfo",
        first=("prov-stproxy-unknown",),
        changes={"front": Front.WITHOUT_PROXYINFO},
        shows=Shows.IN_ANSWER,
        story="An STProxy from before release 12, or a reverse proxy that passes on the chat's paths only. "
        "That is unknown, not down.",
    ),
    LabFault(
        name="proxyinfo-garbled",
        injects="/stwebapi/proxyinfo says it is JSON, and is not",
        first=("prov-stproxy-unknown", "prov-not-stproxy"),
        changes={"front": Front.GARBLED_PROXYINFO},
        shows=Shows.IN_ANSWER,
        story="A filter on the way that rewrites answers, and cuts this one.",
    ),
    # The URL and what it leads to
    LabFault(
        name="proxy-auth-not-asked",
        injects="the URL says that a reverse proxy asks for credentials; nobody does",
        first=("prov-proxy-auth-missing",),
        changes={"further_parameters": ("authProxyEnabled=true",)},
        shows=Shows.IN_ANSWER,
        story="The reverse proxy was taken away. Users wonder which second password they are asked for.",
    ),
    LabFault(
        name="tls-url-plain-port",
        injects="the URL makes clients speak TLS, its port speaks plain HTTP",
        first=("tls-not-tls", "prov-tls-port-speaks-plain"),
        also=("prov-tls-port-speaks-plain", "prov-port-usually-plain"),
        changes={
            "provisioning_url": f"hclsametime://{HOST}:9080/?{_ACTION}",
            "further_port": FurtherPort(9080, "plain port", Listener.HTTP),
        },
        story="The port of the old link was taken over into the new one, whose scheme always means TLS.",
    ),
    LabFault(
        name="plain-url-tls-port",
        injects="the URL says ssl=false, its port speaks TLS",
        first=("prov-plain-port-speaks-tls",),
        changes={
            "product": _OLD_PRODUCT,
            "provisioning_url": f"sametime://{HOST}:9080/?{_ACTION}&ssl=false",
            "further_port": FurtherPort(9080, "TLS port", Listener.TLS),
        },
        story="TLS was switched on at the server. Whoever set up the app before, with the old link, is locked out.",
    ),
    LabFault(
        name="plain-url-usual-tls-port",
        injects="the URL says ssl=false at port 443, which speaks TLS",
        first=("prov-plain-port-speaks-tls",),
        also=("prov-ssl-contradiction",),
        changes={"product": _OLD_PRODUCT, "provisioning_url": f"sametime://{HOST}:443/?{_ACTION}&ssl=false"},
        story="Port and mode were changed at the server, in the link only the port.",
    ),
    LabFault(
        name="photo-port-dead",
        injects="nobody listens on the port that the URL names for photos",
        first=("prov-photo-port",),
        changes={
            "product": _OLD_PRODUCT,
            "provisioning_url": f"sametime://{HOST}:443/?{_ACTION}&photoPort=8443",
            "further_port": FurtherPort(8443, "photo port", Listener.NOBODY),
        },
        story="The firewall was opened for the chat, and nobody thought of the photos.",
    ),
)
