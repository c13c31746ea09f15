"""Who answers, and how clients log in, in words."""

from __future__ import annotations

from stdiag.probes.shared.web_answerer import Answerer, Login

ANSWERERS = {
    Answerer.STPROXY: "STProxy",
    Answerer.LOGIN_PAGE: "a login page",
    Answerer.CREDENTIALS: "a reverse proxy that asks for credentials",
    Answerer.ELSEWHERE: "a redirect elsewhere",
    Answerer.NOT_STPROXY: "not STProxy",
    Answerer.BACKEND_DOWN: "a front that does not reach STProxy",
    Answerer.OTHER_MODE: "the other of TLS and plain",
    Answerer.NO_ANSWER: "no proper answer",
    Answerer.NO_TLS: "no TLS handshake",
    Answerer.NO_CONNECTION: "no connection",
    Answerer.UNKNOWN: "cannot be told",
}
LOGINS = {
    Login.PASSWORD: "user name and password",
    Login.SAML: "SAML",
    Login.OIDC: "OpenID Connect",
    Login.SAML_AND_OIDC: "SAML and OpenID Connect",
    Login.UNKNOWN: "not said",
}
COMMUNITY = {True: "connected", False: "not connected", None: "not said"}
