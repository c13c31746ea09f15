"""Why a desktop browser works where the phone is stopped: people draw the wrong conclusion from it."""

from __future__ import annotations

from stdiag.model import StoryStage

_CHAIN = (
    "A desktop browser fetches a missing intermediate, or remembers it from another site. Android never does: it needs "
    "the whole chain from the server."
)
_OWN_ROOT = (
    "The organisation's desktops were given this root by its administrators, and so browsers there trust it. The phone "
    "was not."
)
_BY_CODE: dict[str, str] = {
    "tls-chain-incomplete": _CHAIN,
    "tls-chain-wrong-issuer": _CHAIN,
    "tls-root-untrusted": _OWN_ROOT,
    "tls-self-signed": "A browser lets its user click the warning away, and remembers that. The app does not.",
    "tls-client-lacks-root": (
        "A desktop browser gets new roots with its updates. This Android has those that its release came with."
    ),
    "tls-client-cert-required": "The desktop has a client certificate that its browser shows. The app has none.",
    "prov-proxy-auth-scheme": (
        "A browser speaks Negotiate, NTLM and forms, and on a desktop logs in by itself. The app speaks Basic only."
    ),
    "prov-proxy-auth-unexpected": (
        "A browser asks its user for the credentials when the proxy wants them. The app sends them only where the "
        "provisioning URL says so."
    ),
}
_BY_STAGE: dict[StoryStage, str] = {
    StoryStage.URL: "A browser goes to the address that its user types: it never reads the provisioning URL.",
    StoryStage.NAME: (
        "If a browser works, it asks another DNS, or leaves the name to a proxy. The phone does neither."
    ),
    StoryStage.TCP: (
        "If a browser works, it is in another network, goes through a proxy, or uses another port than the app."
    ),
    StoryStage.TLS: "A desktop browser speaks other TLS versions and ciphers than this Android.",
    StoryStage.CERTIFICATE: (
        "A browser judges certificates by rules and roots of its own, and lets its user click warnings away. The app "
        "does not."
    ),
    StoryStage.REVERSE_PROXY: "A browser shows the page that asks for the login. The app cannot.",
    StoryStage.STPROXY: (
        "A browser asks for other pages, often of another server behind the same name, and follows logins and "
        "redirects that the app does not. Where nobody can log in, the browser's page may still be shown."
    ),
    StoryStage.IDLE: "A browser that loses its connection asks again when its user does something.",
    StoryStage.PUSH: "A browser is open while it is used: it needs no push.",
}


def why_the_browser_works(stage: StoryStage, code: str | None) -> str:
    """A sentence or two. `code`: of the finding that stops the phone at `stage`."""
    return _BY_CODE.get(code or "") or _BY_STAGE[stage]
