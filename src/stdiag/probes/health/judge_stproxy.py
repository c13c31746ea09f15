"""What one address of a Sametime Proxy means: who answers, how users log in, and its pages. Pure."""

from __future__ import annotations

import re

from stdiag.catalogue.kinds import health
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.model import Finding, Product, Severity, Site, Subject
from stdiag.probes.health.analysis import AddressHealth, PageKind
from stdiag.probes.health.judge_pages import (
    content_type_findings,
    login_findings,
    page_findings,
    slow_findings,
    told,
)
from stdiag.probes.health.judge_redirects import Home, Seen, redirect_findings
from stdiag.probes.health.observation import AddressPages, Walk, WalkEnd
from stdiag.probes.health.page_kind import Surroundings, page_of, plain_page_of
from stdiag.probes.health.plan import is_twelve, known_hosts, known_ports
from stdiag.probes.shared.challenge import schemes_offered
from stdiag.probes.shared.judge_answerer import AnswererJudgement
from stdiag.probes.shared.web_answerer import NOT_FOUND, Answerer, Classified, Login, classify, login_of
from stdiag.probes.shared.web_facts import Exchange, ProxyInfo
from stdiag.probes.shared.web_words import LOGINS

_MAX_AGE = re.compile(r'(?:^|;)\s*max-age\s*=\s*"?(\d{1,12})"?\s*(?:;|$)', re.IGNORECASE)
_OLD = (Product.V8_5, Product.V9, Product.V10)
_DAY_S = 86400

_SHOWS_NOTHING = (PageKind.PAGE, PageKind.NO_PAGE, PageKind.DEFAULT_PAGE)


class StproxyJudgement:
    """The judgement of one address: `analysis`, `findings`, and what could not be told."""

    def __init__(self, answers: AddressPages, first: Walk, subject: Subject, pointer: str, site: Site) -> None:
        """`first` is the walk to proxyinfo, `subject` the address; `pointer` leads to its answers."""
        self._answers = answers
        self._subject = subject
        self._site = site
        self._host = subject.host
        self.undecided: list[str] = []
        self.unmeasured: list[str] = []
        self._info = first.hops[-1].proxy_info
        around = Surroundings(self._host, self._info, known_hosts(site))
        self._first = Seen(first, page_of(first, around), f"{pointer}/proxyinfo")
        self._pages = [
            Seen(walk, page_of(walk, around), f"{pointer}/pages/{index}") for index, walk in enumerate(answers.pages)
        ]
        plain = answers.plain
        self._plain = Seen(plain, plain_page_of(plain, around), f"{pointer}/plain") if plain is not None else None
        self._who, self._shown, self._evidence = self._answerer(first)
        self._hsts, self._hsts_at = self._read_hsts()
        self.findings = self._judge()
        self.analysis = AddressHealth(
            address=answers.address,
            answerer=self._who.answerer,
            detail=self._who.detail,
            login=login_of(self._info) if self._info else Login.UNKNOWN,
            community_connected=self._info.community_connected if self._info else None,
            pages=[seen.page for seen in self._pages],
            plain=self._plain.page if self._plain else None,
            hsts_s=self._hsts_seconds(),
        )

    def _answerer(self, first: Walk) -> tuple[Classified, Exchange, list[str]]:
        root_index = next((index for index, seen in enumerate(self._pages) if seen.page.page == "/"), None)
        root = self._pages[root_index].walk.hops if root_index is not None else []
        who = classify(first.hops, root=root, tls=first.hops[0].url.startswith("https:"))
        path, index = who.shown_by
        if path == "root" and root_index is not None:
            return who, root[index], [f"{self._pages[root_index].pointer}/hops/{index}"]
        return who, first.hops[index], [f"{self._first.pointer}/hops/{index}"]

    def _judge(self) -> list[Finding]:
        redirects = self._redirects()
        found = [*redirects, *self._server(redirects), *self._login(), *self._hsts_final()]
        everything = [self._first, *self._pages]
        for seen in (*everything, *([self._plain] if self._plain else [])):
            self._left_open(seen)
        if self._who.answerer in (Answerer.NO_CONNECTION, Answerer.NO_TLS):
            return found
        found += slow_findings(everything, self._subject) + content_type_findings(everything, self._subject)
        if self._shows_nothing():
            return [*(one for one in found if one.code != "prov-stproxy-unknown"), self._nothing(), *self._port_80()]
        judged = [seen for seen in self._pages if not self._is_the_same_question(seen)]
        found += page_findings(judged, self._subject, self._severities())
        login = LOGINS[login_of(self._info)] if self._info else LOGINS[Login.UNKNOWN]
        return found + login_findings(self._pages, self._subject, login) + self._port_80()

    def _is_the_same_question(self, seen: Seen) -> bool:
        """Who asks for credentials asks for every page."""
        return self._who.answerer is Answerer.CREDENTIALS and seen.page.kind is PageKind.REFUSED

    def _redirects(self) -> list[Finding]:
        seen = [self._first, *self._pages, *([self._plain] if self._plain else [])]
        ports = known_ports(self._site, self._host)
        home = Home(self._host, self._subject.port or 0, ports)
        return redirect_findings(seen, home, self._subject, whole=True)

    def _server(self, redirects: list[Finding]) -> list[Finding]:
        """Who answers, where its redirect has not been told more exactly."""
        by_redirect = self._who.answerer is Answerer.ELSEWHERE and any(
            pointer.startswith(self._first.pointer) for finding in redirects for pointer in finding.evidence
        )
        if by_redirect:
            return []
        judged = AnswererJudgement(self._who, self._shown, self._answers.address, self._subject, self._evidence)
        self.undecided += judged.undecided
        if self._info is not None or not self._speaks_of_sametime():
            self.unmeasured += judged.unmeasured
            findings = judged.findings
        else:
            self.unmeasured.append("whether STProxy reaches its Community Server: it has no /stwebapi/proxyinfo")
            findings = [finding for finding in judged.findings if finding.code != "prov-stproxy-unknown"]
        if self._who.answerer is Answerer.CREDENTIALS and not findings:
            return self._credentials()
        return findings

    def _speaks_of_sametime(self) -> bool:
        return any(seen.page.kind is PageKind.SAMETIME for seen in self._pages) and self._shown.status == NOT_FOUND

    def _credentials(self) -> list[Finding]:
        """Where mobile users have a link, its check says what the question means for them."""
        self.unmeasured.append("what answers behind the reverse proxy: it asks for credentials, and none are sent")
        link = self._site.stproxy.provisioning_url if self._site.stproxy else None
        if link and parse_provisioning(link).host == self._host:
            return []
        return [
            health.HEALTH_ASKS_CREDENTIALS.found(
                self._subject,
                evidence=self._evidence,
                request=self._shown.url,
                status=self._shown.status,
                offered=schemes_offered(self._shown.challenge),
            )
        ]

    def _login(self) -> list[Finding]:
        info = self._info
        if info is None:
            return []
        evidence, request = [f"{self._evidence[0]}/proxy_info"], self._shown.url
        if info.is_saml and info.is_oidc:
            return [health.HEALTH_SAML_AND_OIDC.found(self._subject, evidence=evidence, request=request)]
        missing = _missing_address(info)
        if missing is None:
            return []
        login, field = missing
        return [
            health.HEALTH_LOGIN_ADDRESS.found(
                self._subject, evidence=evidence, request=request, login=login, field=field
            )
        ]

    def _shows_nothing(self) -> bool:
        """Nothing that was asked for is wrong by itself, and nothing speaks of Sametime."""
        return (
            self._who.answerer is Answerer.UNKNOWN
            and self._shown.status in (200, 204, NOT_FOUND)
            and bool(self._pages)
            and all(seen.page.kind in _SHOWS_NOTHING for seen in self._pages)
        )

    def _nothing(self) -> Finding:
        """Of release 12 all of these pages are documented: one that has none of them is not there."""
        surely = is_twelve(self._site.product) and all(seen.page.kind is not PageKind.PAGE for seen in self._pages)
        return health.HEALTH_NOTHING_OF_SAMETIME.found(
            self._subject,
            evidence=[*self._evidence, *(seen.pointer for seen in self._pages)],
            severity=Severity.ERROR if surely else None,
            pages=[told(seen) for seen in self._pages],
            request=self._shown.url,
            status=self._shown.status,
            server=self._shown.server,
        )

    def _severities(self) -> dict[PageKind, Severity]:
        """Without the product nobody knows which pages must be there; of releases before 11 no page is documented."""
        if self._site.product is None or self._site.product in _OLD:
            return {PageKind.NO_PAGE: Severity.INFO}
        return {}

    def _port_80(self) -> list[Finding]:
        """Port 80 may be closed, and may lead to https. What else it does is worth a word."""
        seen = self._plain
        if seen is None:
            return []
        if seen.page.kind is PageKind.ELSEWHERE:
            return page_findings([seen], self._subject, {})
        answers_itself = (PageKind.SAMETIME, PageKind.LOGIN_FOREIGN, PageKind.PAGE, PageKind.DEFAULT_PAGE)
        if seen.page.kind not in answers_itself or seen.walk.end is not WalkEnd.ANSWERED:
            return []
        used = seen.page.kind in (PageKind.SAMETIME, PageKind.LOGIN_FOREIGN)
        return [
            health.HEALTH_PLAIN_PAGE.found(
                self._subject,
                evidence=[seen.pointer],
                severity=None if used else Severity.INFO,
                seen=f"{seen.page.detail}, status {seen.page.status}",
            )
        ]

    def _read_hsts(self) -> tuple[str | None, str]:
        """The first header that came over TLS (RFC 6797 §8.1), and where it is recorded."""
        for seen in (self._first, *self._pages):
            for index, hop in enumerate(seen.walk.hops):
                if hop.hsts is not None and hop.url.startswith("https:"):
                    return hop.hsts, f"{seen.pointer}/hops/{index}/hsts"
        return None, ""

    def _hsts_seconds(self) -> int | None:
        found = _MAX_AGE.search((self._hsts or "").split(",")[0])
        return int(found[1]) if found else None

    def _hsts_final(self) -> list[Finding]:
        age = self._hsts_seconds()
        if not age or not self._site.trust.ca_files:
            return []
        days = max(1, round(age / _DAY_S))
        header = (self._hsts or "")[:100]
        return [health.HEALTH_HSTS_FINAL.found(self._subject, evidence=[self._hsts_at], days=days, header=header)]

    def _left_open(self, seen: Seen) -> None:
        if seen.page.kind is not PageKind.UNKNOWN:
            return
        if seen.walk.end is WalkEnd.NOT_TOLD:
            location = seen.walk.hops[-1].location
            self.unmeasured.append(f"what answers at {location}: --resolve says nothing of that port")
        elif seen is not self._first:
            self.unmeasured.append(f"{seen.page.page} at {self._answers.address}: {seen.page.detail}")


def _missing_address(info: ProxyInfo) -> tuple[str, str] | None:
    if info.is_saml and info.idp_url is None:
        return LOGINS[Login.SAML], "IDPUrl"
    if info.is_oidc and info.oidc_issuer is None:
        return LOGINS[Login.OIDC], "oidcIssuer"
    return None
