"""The catalogue's words for a finding, also for one that this catalogue does not know."""

from __future__ import annotations

import re
import shlex

import msgspec

from stdiag.model import Finding, Product, Site, Subject, bracketed

HTTPS_PORT = 443

_PLAIN_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")


class Wording(msgspec.Struct, frozen=True):
    """A finding in words. Texts hold what servers sent, so a renderer still has to make them harmless."""

    summary: str
    evidence: str = ""
    affects: str = ""
    spares: str = ""
    proof: str = ""
    remedy: str | None = None
    """Name of the shared remedy."""
    known: bool = True
    """False: `stdiag explain` has no page for it."""


def wording(finding: Finding, site: Site | None = None) -> Wording:
    """Words for `finding`. One with a code of another version is told by its data. `site`: for the command that shows
    it to others."""
    from stdiag.catalogue.prose import words
    from stdiag.catalogue.registry import kind

    try:
        told, remedy = words(finding, site), kind(finding.code).remedy
    except KeyError:
        return Wording(summary=f"{finding.code} ({_parameters(finding)})", known=False)
    return Wording(told.summary, told.evidence, told.affects, told.spares, told.proof, remedy)


def _parameters(finding: Finding) -> str:
    parameters = ", ".join(f"{name}={value}" for name, value in finding.params.items())
    return parameters or "this version of stdiag has no words for it"


class Steps(msgspec.Struct, frozen=True):
    """A remedy, as far as it is known which product it is for."""

    markdown: str
    more: bool
    """True: other steps would be added if the product were known."""


def steps(remedy: str, site: Site, subject: Subject) -> Steps:
    """Steps of a remedy for the site's product generation, with the subject's own host in its commands; those that
    hold for all when the product is not known."""
    from stdiag.catalogue.prose import remedy_steps

    markdown = remedy_steps(remedy, site.product)
    more = site.product is None and any(remedy_steps(remedy, other) != markdown for other in Product)
    return Steps(_with_host(markdown, site, subject), more)


def _with_host(markdown: str, site: Site, subject: Subject) -> str:
    """The placeholder HOST replaced, where the subject's host is plain enough to stand in a command."""
    host = subject.host
    name = site.tls.name or host
    if not _PLAIN_HOST.fullmatch(host) or not _PLAIN_HOST.fullmatch(name):
        return markdown
    if subject.port:
        endpoint = f"{bracketed(host)}:{subject.port}"
        markdown = markdown.replace("HOST:443", endpoint)
        markdown = markdown.replace("stdiag tls HOST", f"stdiag tls {_as_asked(site, subject, endpoint)}")
    return re.sub(r"\bHOST\b", name, markdown)


def _as_asked(site: Site, subject: Subject, endpoint: str) -> str:
    """The target with the options that this run reached it with."""
    words = [subject.host if subject.port == HTTPS_PORT and ":" not in subject.host else endpoint]
    if site.tls.name:
        words += ["--name", site.tls.name]
    for key in (f"{subject.host}:{subject.port}", subject.host):
        if key in site.resolve:
            words += ["--resolve", f"{key}={site.resolve[key].replace(' ', '')}"]
    if subject.via is not None:
        words += ["--via", subject.via]
    for file in site.trust.ca_files:
        words += ["--ca-file", file]
    return shlex.join(words)
