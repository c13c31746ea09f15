"""What one address's answers mean for the people who get the URL. Pure."""

from __future__ import annotations

from stdiag.catalogue.kinds import prov
from stdiag.formats.provisioning.url import ProvisioningUrl
from stdiag.model import Finding, Subject
from stdiag.probes.provisioning.analysis import AddressAnalysis
from stdiag.probes.provisioning.auth import proxy_auth_said
from stdiag.probes.provisioning.observation import AddressAnswers
from stdiag.probes.shared.challenge import offers_basic, realm_of, schemes_offered
from stdiag.probes.shared.judge_answerer import AnswererJudgement
from stdiag.probes.shared.web_answerer import ASKS, NOT_FOUND, Answerer, Login, classify, login_of
from stdiag.probes.shared.web_facts import Exchange


class AnswerJudgement:
    """The judgement of one address: `analysis`, `findings`, and what could not be told."""

    def __init__(
        self, answers: AddressAnswers, url: ProvisioningUrl, about_url: Subject, about_server: Subject, pointer: str
    ) -> None:
        """`answers` holds at least the exchange about proxyinfo; `about_url` and `about_server` are subjects."""
        self._answers = answers
        self._url = url
        self._about_url = about_url
        who = classify(answers.proxyinfo, root=answers.root, other_mode=answers.other_mode, tls=bool(url.uses_tls))
        self._answerer = who.answerer
        path, index = who.shown_by
        exchanges = {"proxyinfo": answers.proxyinfo, "root": answers.root}.get(path)
        self._shown: Exchange = exchanges[index] if exchanges else answers.other_mode or answers.proxyinfo[0]
        self._evidence = [f"{pointer}/{path}/{index}" if exchanges else f"{pointer}/{path}"]
        of_server = AnswererJudgement(who, self._shown, answers.address, about_server, self._evidence)
        self.undecided = of_server.undecided
        self.unmeasured = of_server.unmeasured
        self.findings = [*self._of_url(), *of_server.findings]
        info = self._shown.proxy_info
        self.analysis = AddressAnalysis(
            address=answers.address,
            answerer=who.answerer,
            status=self._shown.status,
            login=login_of(info) if info else Login.UNKNOWN,
            community_connected=info.community_connected if info else None,
            detail=who.detail,
        )

    def _of_url(self) -> list[Finding]:
        """Where the URL says one thing and the server another."""
        match self._answerer:
            case Answerer.OTHER_MODE:
                return [self._other_mode()]
            case Answerer.STPROXY:
                return self._nobody_asks()
            case Answerer.UNKNOWN if self._shown.status in (NOT_FOUND, 200, 204):
                return self._nobody_asks()
            case Answerer.CREDENTIALS:
                return self._credentials()
            case _:
                return []

    def _other_mode(self) -> Finding:
        if self._url.uses_tls:
            return prov.PROV_TLS_PORT_SPEAKS_PLAIN.found(self._about_url, evidence=self._evidence, spoken="plain HTTP")
        protocol = self._shown.protocol
        return prov.PROV_PLAIN_PORT_SPEAKS_TLS.found(self._about_url, evidence=self._evidence, protocol=protocol)

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
            return []
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
