"""The catalogue's words: pages, remedies, and what is said of one finding."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import msgspec

from stdiag.catalogue.fill import fill, fill_command
from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.registry import kind
from stdiag.model import Finding, Param, Product, Site, Subject, SubjectKind, bracketed

PAGE_HEADINGS = ("What it means", "What users see", "Why it happens", "How to fix", "How to verify")
"""The headings of every page, in this order."""

IN_GENERAL = "In general"
"""The section of a remedy that holds for all products. Every remedy has it, first."""

PRODUCT_HEADINGS = {
    "Sametime 8.5, 9, 10 (WebSphere)": frozenset({Product.V8_5, Product.V9, Product.V10}),
    "Sametime 11 (Tomcat)": frozenset({Product.V11}),
    "Sametime 12 on Docker or Podman": frozenset({Product.V12_DOCKER}),
    "Sametime 12 on Kubernetes": frozenset({Product.V12_KUBERNETES}),
    "Sametime 12 on Windows": frozenset({Product.V12_WINDOWS}),
}
"""Headings of a remedy that hold for some generations only."""

FRONT_HEADINGS = ("IBM HTTP Server (IHS)", "nginx")
"""Headings of a remedy for servers that may stand in front of any generation."""

_OF_A_FILE = (
    ("The server does not send", "The file does not hold"),
    ("The server sends", "The file holds"),
    ("The server shows", "The file holds"),
    ("certificates sent", "certificates in it"),
    ("certificates are sent", "certificates stand"),
    ("sent instead", "in its place"),
)

DEFAULT_BUNDLE = "bundle.pem"
"""What the file with the repaired chain is called where nobody has named it."""

# A chain in a file: shows what it holds, in its order. `openssl x509` would show the first certificate only.
_FILE_PROOF = "openssl crl2pkcs7 -nocrl -certfile {file} | openssl pkcs7 -print_certs -text -noout"


class Section(msgspec.Struct, frozen=True):
    """A heading and the Markdown below it."""

    heading: str
    text: str


class Page(msgspec.Struct, frozen=True):
    """A page or a remedy, taken apart."""

    name: str
    title: str
    sections: tuple[Section, ...]
    source: str
    """The whole as Markdown."""


class Words(msgspec.Struct, frozen=True):
    """A finding in words. Each text is one line of printable characters; empty where there is nothing to say."""

    summary: str
    evidence: str
    affects: str
    spares: str
    proof: str
    """A command that shows it, quoted for a POSIX shell."""


def page(name: str) -> Page:
    """The page of this name. Raises KeyError when there is none."""
    return _load("pages", name)


def remedy(name: str) -> Page:
    """The remedy of this name with all its sections. Raises KeyError when there is none."""
    return _load("remedies", name)


def remedy_sections(name: str, product: Product | None, *, bundle: str = DEFAULT_BUNDLE) -> tuple[Section, ...]:
    """What a remedy says: of all products when `product` is None, else what that one needs. `bundle` is the name of
    the file with the repaired chain. Raises KeyError when there is no such remedy."""
    return tuple(
        Section(section.heading, section.text.replace("{bundle}", bundle))
        for section in remedy(name).sections
        if product is None or product in PRODUCT_HEADINGS.get(section.heading, frozenset(Product))
    )


def remedy_steps(name: str, product: Product | None, *, bundle: str = DEFAULT_BUNDLE) -> str:
    """The steps as Markdown, short enough to stand below a finding: those that hold for all, and those of `product`
    when it is known. Raises KeyError when there is no such remedy."""
    sections = remedy_sections(name, product, bundle=bundle)
    general = [section.text for section in sections if section.heading == IN_GENERAL]
    own = [
        f"### {section.heading}\n\n{section.text}"
        for section in sections
        if product and section.heading in PRODUCT_HEADINGS
    ]
    return "\n\n".join(general + own)


def words(finding: Finding, site: Site | None = None) -> Words:
    """What is said of `finding`. Parameters that are missing or hostile do no harm. The proof connects to where stdiag
    did, with the name that it sent: `site` knows both. Raises KeyError for a code that the catalogue does not hold."""
    entry = kind(finding.code)
    values = {**_surroundings(finding.subject, site or Site()), **finding.params}
    of_file = finding.subject.kind is SubjectKind.FILE
    return Words(
        summary=fill(_said_of_a_file(entry.summary) if of_file else entry.summary, values),
        evidence=fill(_said_of_a_file(entry.evidence) if of_file else entry.evidence, values),
        affects=fill("{affects}", {"affects": finding.affects}) if finding.affects else entry.affects,
        spares=_spares(finding, entry),
        proof=_proof(entry, finding.subject, values),
    )


def _spares(finding: Finding, entry: FindingKind) -> str:
    if finding.spares:
        return fill("{spares}", {"spares": finding.spares})
    return "" if finding.affects else entry.spares


def _said_of_a_file(template: str) -> str:
    """No server was asked: what a server does not send, a file does not hold."""
    for of_server, of_file in _OF_A_FILE:
        template = template.replace(of_server, of_file)
    return template


def _surroundings(subject: Subject, site: Site) -> dict[str, Param]:
    """The values that every template may use, from the subject and the site."""
    where = subject.address or subject.host
    asked_for = site.tls.name or subject.host
    return {
        "subject": str(subject),
        # Without a port there is nothing to connect to: a name, or the clock of this machine.
        "connect": _connect(subject, site.resolve) if subject.port else None,
        "host": subject.host,
        "port": subject.port,
        "server_name": "" if _is_address(asked_for) else asked_for,
        "address": where,
        "file": subject.file,
    }


def _connect(subject: Subject, overrides: Mapping[str, str]) -> str:
    """HOST:PORT or ADDRESS:PORT: where stdiag itself connected to."""
    where = subject.address or subject.host
    if subject.address is None:
        override = overrides.get(f"{subject.host}:{subject.port}") or overrides.get(subject.host, "")
        where = override.split(",")[0].strip() or where
    has_port = re.fullmatch(r"(\[.+\]|[^:]+):\d+", where)
    return where if has_port else f"{where if where.startswith('[') else bracketed(where)}:{subject.port}"


def _proof(entry: FindingKind, subject: Subject, values: dict[str, Param]) -> str:
    template = entry.proof
    if subject.kind is SubjectKind.FILE and "{connect}" in template:
        template = _FILE_PROOF
    if not values["server_name"]:
        # A server name is never an address (RFC 6066 §3), and openssl would send it as one.
        template = template.replace("-servername {server_name}", "-noservername")
    if subject.via is not None:
        template = _through(template, subject.via)
        values = {**values, "via": subject.via, "via_place": subject.via.partition("://")[2]}
    return fill_command(template, values)


def _through(template: str, via: str) -> str:
    """The same command on the way through a proxy. openssl knows HTTP proxies only; curl shows the handshake too."""
    if "-x {proxy}" in template:
        return template
    if template.startswith("openssl s_client ") and via.startswith("http://"):
        return template.replace("openssl s_client", "openssl s_client -proxy {via_place}", 1)
    if template.startswith("openssl s_client "):
        return "curl -vkI --connect-timeout 5 -x {via} https://{connect}/"
    return template.replace("curl ", "curl -x {via} ", 1) if template.startswith("curl ") else template


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


@functools.cache
def _load(folder: str, name: str) -> Page:
    from importlib.resources import files

    if not name.replace("-", "").isalnum():
        raise KeyError(name)
    file = files("stdiag.catalogue").joinpath(folder, f"{name}.md")
    if not file.is_file():
        raise KeyError(name)
    source = file.read_text(encoding="utf-8")
    head, *parts = source.split("\n## ")
    sections = []
    for part in parts:
        heading, _, text = part.partition("\n")
        sections.append(Section(heading.strip(), text.strip()))
    return Page(name, head.removeprefix("# ").partition("\n")[0].strip(), tuple(sections), source)
