"""What one address's answers mean for the people who get the URL. Pure."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import prov
from stdiag.formats.provisioning.url import ProvisioningUrl
from stdiag.model import FaultReason, Finding, Param, Severity, Subject
from stdiag.probes.provisioning.analysis import AddressAnalysis, Answerer, Login
from stdiag.probes.provisioning.auth import offers_basic, proxy_auth_said, realm_of, schemes_offered
from stdiag.probes.provisioning.classify import ASKS, NOT_FOUND, classify, login_of
from stdiag.probes.provisioning.observation import AddressAnswers, Exchange
from stdiag.probes.shared.judge_proxy import is_of_proxy


class AnswerJudgement:
    """The judgement of one address: `analysis`, `findings`, and what could not be told."""

    def __init__(
        self, answers: AddressAnswers, url: ProvisioningUrl, about_url: Subject, about_server: Subject, pointer: str
    ) -> None:
        """`answers` holds at least the exchange about proxyinfo; `about_url` and `about_server` are subjects."""
        self._answers = answers
        self._url = url
        self._about_url = about_url
        self._about_server = about_server
        self._who = classify(answers, tls=bool(url.uses_tls))
        path, index = self._who.shown_by
        exchanges = {"proxyinfo": answers.proxyinfo, "root": answers.root}.get(path)
        self._shown: Exchange = exchanges[index] if exchanges else answers.other_mode or answers.proxyinfo[0]
        self._evidence = [f"{pointer}/{path}/{index}" if exchanges else f"{pointer}/{path}"]
        self.undecided: list[str] = []
        self.unmeasured: list[str] = []
        self.findings = self._judge()
        info = self._shown.proxy_info
        self.analysis = AddressAnalysis(
            address=answers.address,
            answerer=self._who.answerer,
            status=self._shown.status,
            login=login_of(info) if info else Login.UNKNOWN,
            community_connected=info.community_connected if info else None,
            detail=self._who.detail,
        )

    def _judge(self) -> list[Finding]:
        match self._who.answerer:
            case Answerer.NO_CONNECTION:
                return []
            case Answerer.NO_TLS:
                self.undecided.append(
                    f"{self._answers.address}: what answers cannot be asked while the TLS handshake does not pass"
                )
                return []
            case Answerer.OTHER_MODE:
                return [self._other_mode()]
            case Answerer.NO_ANSWER:
                return self._no_answer()
            case Answerer.STPROXY:
                return self._stproxy()
            case Answerer.LOGIN_PAGE:
                page = self._shown.page
                title = page.title if page else None
                return [self._server(prov.PROV_FOREIGN_LOGIN, location=self._shown.location, title=title)]
            case Answerer.ELSEWHERE:
                return [self._server(prov.PROV_REDIRECT_ELSEWHERE, location=self._shown.location)]
            case Answerer.CREDENTIALS:
                return self._credentials()
            case Answerer.BACKEND_DOWN:
                return [self._server(prov.PROV_BACKEND_DOWN, server=self._shown.server)]
            case Answerer.NOT_STPROXY:
                page = self._shown.page
                title, server = page.title if page else None, self._shown.server
                seen = self._who.detail
                return [self._server(prov.PROV_NOT_STPROXY, seen=seen, server=server, title=title)]
            case Answerer.UNKNOWN:
                return self._unknown()

    def _server(self, kind: FindingKind, *, severity: Severity | None = None, **params: Param) -> Finding:
        """A finding about the server, by the exchange that shows it."""
        affects = params.pop("affects", None)
        return kind.found(
            self._about_server,
            evidence=self._evidence,
            severity=severity,
            affects=str(affects) if affects else None,
            request=self._shown.url,
            status=self._shown.status,
            **params,
        )

    def _other_mode(self) -> Finding:
        if self._url.uses_tls:
            return prov.PROV_TLS_PORT_SPEAKS_PLAIN.found(self._about_url, evidence=self._evidence, spoken="plain HTTP")
        protocol = self._shown.protocol
        return prov.PROV_PLAIN_PORT_SPEAKS_TLS.found(self._about_url, evidence=self._evidence, protocol=protocol)

    def _no_answer(self) -> list[Finding]:
        fault = self._shown.fault
        if fault is not None and fault.reason in (FaultReason.CANCELLED, FaultReason.LOCAL):
            self.undecided.append(f"{self._answers.address}: it could not be asked to the end ({fault.reason})")
            return []
        if is_of_proxy(fault):
            self.undecided.append(f"{self._answers.address}: the proxy gave no connection for a question")
            return []
        return [
            prov.PROV_NO_ANSWER.found(
                self._about_server, evidence=self._evidence, request=self._shown.url, problem=self._who.detail
            )
        ]

    def _stproxy(self) -> list[Finding]:
        info = self._shown.proxy_info
        findings = self._nobody_asks()
        if info is not None and info.community_connected is False:
            evidence = [f"{self._evidence[0]}/proxy_info/community_connected"]
            request = self._shown.url
            findings.append(prov.PROV_COMMUNITY_DOWN.found(self._about_server, evidence=evidence, request=request))
        elif info is None or info.community_connected is None:
            self.unmeasured.append("whether STProxy reaches its Community Server: it does not say")
        return findings

    def _unknown(self) -> list[Finding]:
        self.unmeasured.append("whether it is STProxy, and whether that reaches its Community Server: it does not say")
        if self._shown.status in (NOT_FOUND, 200, 204):
            return [*self._nobody_asks(), self._server(prov.PROV_STPROXY_UNKNOWN, server=self._shown.server)]
        return [
            self._server(
                prov.PROV_STPROXY_UNKNOWN,
                severity=Severity.WARNING,
                affects="mobile and web users, when their own requests get the same answer",
                server=self._shown.server,
            )
        ]

    def _nobody_asks(self) -> list[Finding]:
        """The URL says that a reverse proxy asks for credentials, and nothing here did."""
        says = proxy_auth_said(self._url)
        asked = [*self._answers.proxyinfo, *self._answers.root]
        if says is None or any(exchange.status in ASKS for exchange in asked):
            return []
        return [
            prov.PROV_PROXY_AUTH_MISSING.found(
                self._about_url,
                evidence=self._evidence,
                says=says,
                request=self._shown.url,
                status=self._shown.status,
            )
        ]

    def _credentials(self) -> list[Finding]:
        offered = schemes_offered(self._shown.challenge)
        if not offers_basic(offered):
            return [self._server(prov.PROV_PROXY_AUTH_SCHEME, offered=offered)]
        if proxy_auth_said(self._url) is not None:
            self.unmeasured.append("what answers behind the reverse proxy: it asks for credentials, and none are sent")
            return []
        return [
            prov.PROV_PROXY_AUTH_UNEXPECTED.found(
                self._about_url,
                evidence=self._evidence,
                request=self._shown.url,
                status=self._shown.status,
                offered=offered,
                realm=realm_of(self._shown.challenge),
            )
        ]
