"""How curl and openssl see each fault of the photos."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from tests.lab.oracles.programs import Oracle, Oracles

from stdiag.lab.blueprint import HOST, PHOTO_HOST
from stdiag.lab.deployment import Endpoint, Lab

MAIL_NAME = "joe.bloggs@lab.example.jpg"
MEETING = "STPluginActivePage=stMeetingroom"
NOT_TRUSTED = 60
"""curl: the certificate cannot be verified."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What curl was given."""

    exit_code: int
    status: int
    content_type: str
    body: bytes

    @property
    def is_jpeg(self) -> bool:
        """By the picture's first and last bytes."""
        return self.body.startswith(b"\xff\xd8\xff") and self.body.endswith(b"\xff\xd9")


def fetch(lab: Lab, cookie: str = "", name: str = MAIL_NAME, *, verified: bool = False) -> Fetched:
    """The photo from the photo host."""
    trust = ["--cacert", str(lab.folder / "lab-photo-root.pem")] if verified else ["--insecure"]
    return _curl(PHOTO_HOST, lab.photo_host, name, [*trust, *(["-b", cookie] if cookie else [])])


def copy(lab: Lab) -> Fetched:
    """The photo as STProxy hands it out."""
    return _curl(HOST, lab.stproxy, f"photos/{MAIL_NAME}", ["--cacert", str(lab.root_file)])


def token(lab: Lab, name: str) -> str:
    """A login's cookie."""
    return f"{name}={(lab.folder / f'lab-{name.lower()}.txt').read_text(encoding='ascii').strip()}"


def _curl(host: str, end: Endpoint, path: str, options: list[str]) -> Fetched:
    told = "\n%{http_code} %{content_type}"
    command = ["curl", "-sS", "--max-time", "10", "-w", told, "--connect-to", f"{host}:443:{end}", *options]
    done = subprocess.run([*command, f"https://{host}/{path}"], capture_output=True, timeout=20, check=False)
    body, _, last = done.stdout.rpartition(b"\n")
    status, _, content_type = last.decode("latin-1").partition(" ")
    return Fetched(done.returncode, int(status), content_type, body)


def healthy(lab: Lab) -> None:
    """What the photos of a lab are where nothing is wrong with them."""
    assert (fetch(lab).status, fetch(lab, "LtpaToken2=c3RkaWFn").status) == (302, 302)
    for cookie in (token(lab, "LtpaToken"), token(lab, "LtpaToken2"), MEETING):
        there = fetch(lab, cookie, verified=True)
        assert (there.exit_code, there.status, there.content_type, there.is_jpeg) == (0, 200, "image/jpeg", True)
        assert there.body == copy(lab).body


def is_open(lab: Lab, _oracles: Oracles) -> None:
    assert fetch(lab).is_jpeg


def by_name(lab: Lab, _oracles: Oracles) -> None:
    assert fetch(lab).status == 302
    for cookie in ("LtpaToken=x", "ltpatoken2=x", MEETING):
        assert fetch(lab, cookie).is_jpeg


def nobody(lab: Lab, _oracles: Oracles) -> None:
    assert [fetch(lab, cookie).status for cookie in (token(lab, "LtpaToken2"), MEETING)] == [302, 302]


def one_token(lab: Lab, _oracles: Oracles) -> None:
    assert fetch(lab, token(lab, "LtpaToken")).status == 302
    assert fetch(lab, token(lab, "LtpaToken2")).is_jpeg


def page(lab: Lab, _oracles: Oracles) -> None:
    there = fetch(lab, MEETING)
    assert (there.status, there.content_type.partition(";")[0]) == (200, "text/html")


def capitals(lab: Lab, _oracles: Oracles) -> None:
    assert fetch(lab, MEETING, "Joe.Bloggs@lab.example.jpg").is_jpeg
    assert fetch(lab, MEETING).status == 404


def leaf_only(lab: Lab, oracles: Oracles) -> None:
    assert fetch(lab, MEETING, verified=True).exit_code == NOT_TRUSTED
    assert oracles.s_client(lab, at=lab.photo_host).chain == [PHOTO_HOST]


def own_root(lab: Lab, oracles: Oracles) -> None:
    assert fetch(lab, MEETING, verified=True).is_jpeg
    seen = oracles.s_client(lab, at=lab.photo_host)
    assert seen.chain == [PHOTO_HOST, "Lab Photo Issuing CA"]
    assert seen.code == 20


def old_copy(lab: Lab, _oracles: Oracles) -> None:
    there, here = fetch(lab, MEETING), copy(lab)
    assert there.is_jpeg
    assert here.is_jpeg
    assert there.body != here.body


ORACLES: dict[str, Oracle] = {
    "photo-open": is_open,
    "photo-by-name": by_name,
    "photo-rule-broken": nobody,
    "photo-one-token": one_token,
    "photo-page": page,
    "photo-capitals": capitals,
    "photo-leaf-only": leaf_only,
    "photo-private-ca": own_root,
    "photo-old-copy": old_copy,
}
