"""Faults of the pages that users open: redirects, logins, and what is missing."""

from __future__ import annotations

from stdiag.lab.blueprint import Front, PlainPort
from stdiag.lab.faults.fault import LabFault, Shows

HEALTH_FAULTS: tuple[LabFault, ...] = (
    LabFault(
        name="ping-pong",
        injects="every page is redirected to itself",
        first=("health-redirect-loop",),
        also=("prov-redirect-elsewhere",),
        changes={"front": Front.PING_PONG},
        shows=Shows.IN_ANSWER,
        story="TLS ends at a load balancer. The server behind sees plain HTTP, and redirects to https, where it is. "
        "Browsers say that there are too many redirects.",
    ),
    LabFault(
        name="inner-name",
        injects="pages are redirected to the name and port of the server behind",
        first=("health-redirect-inner",),
        changes={"front": Front.INNER_REDIRECT},
        shows=Shows.IN_ANSWER,
        story="The reverse proxy does not pass on the name that users asked for. In the office everything works.",
    ),
    LabFault(
        name="meeting-page-gone",
        injects="there is no page at /meeting",
        first=("health-page-missing",),
        changes={"front": Front.WITHOUT_MEETING, "product": "12-docker"},
        shows=Shows.IN_ANSWER,
        story="The container of the meetings was not started after an update. The chat works, and so does the app.",
    ),
    LabFault(
        name="default-page-at-root",
        injects="a web server's default page stands at /, STProxy below it",
        first=("health-default-page",),
        changes={"front": Front.DEFAULT_ROOT},
        shows=Shows.IN_ANSWER,
        story="The reverse proxy passes on the paths that somebody thought of. Users type the host name only.",
    ),
    LabFault(
        name="saml-and-oidc",
        injects="STProxy says that SAML and OpenID Connect are both on",
        first=("health-saml-and-oidc",),
        changes={"front": Front.SAML_AND_OIDC},
        shows=Shows.IN_ANSWER,
        story="The login was moved to OpenID Connect, and SAML's settings stayed. Browsers get in, phones do not.",
    ),
    LabFault(
        name="logins-differ",
        injects="the second address has another login than the first",
        first=("health-addresses-differ",),
        changes={"second_front": Front.SAML},
        shows=Shows.IN_ANSWER,
        story="One of two hosts got the new settings. Users say that it works every second time.",
    ),
    LabFault(
        name="http-serves-pages",
        injects="port 80 serves the pages without TLS in place of leading to https",
        first=("health-plain-page",),
        changes={"plain_port": PlainPort.SERVES},
        shows=Shows.IN_ANSWER,
        story="The redirect was forgotten in the virtual host for port 80. Who leaves https:// out is not protected.",
    ),
    LabFault(
        name="hsts-with-own-ca",
        injects="browsers are told to accept no exception, and the CA is the organisation's own",
        first=("health-hsts-final",),
        changes={"front": Front.HSTS},
        shows=Shows.IN_ANSWER,
        story="A template for reverse proxies brought the header along. Nobody notices until a certificate has ended.",
    ),
)
