"""The probe `config`: one check of all files, which contacts nobody and keeps no secret."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from stdiag.engine.plan import contacts, plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place
from stdiag.model import Check, ConfigSite, Finding, NotChecked, Outcome, Product, Report, Site, Table
from stdiag.probes.config import PROBE
from stdiag.probes.config.analysis import ConfigAnalysis
from stdiag.probes.config.found import found
from stdiag.probes.config.observation import ConfigObservation
from stdiag.probes.config.plan import paths_of
from stdiag.probes.contract import Context
from stdiag.probes.registry import NAMES

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SECRET = "hunter2"  # noqa: S105 - what must be nowhere


def ran(*paths: Path | str, product: Product | None = None) -> Report:
    site = Site(product=product, config=ConfigSite(paths=[str(path) for path in paths]))
    return run_report(plan(site, (PROBE,)), site, (PROBE,), [], RunOptions())


def analysis_of(check: Check) -> ConfigAnalysis:
    return msgspec.json.decode(check.analysis, type=ConfigAnalysis)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "custom.env").write_text(
        f"REACT_APP_CHAT_SERVER_HOSTNAME=chat.acme.test\nMONGO_URL=mongodb://u:{SECRET}@mongo:27017\n", "utf-8"
    )
    (tmp_path / "plugin_customization.ini").write_text(
        "com.ibm.collaboration.realtime.community/host=mux.acme.test\n"
        f"com.ibm.collaboration.realtime.community/proxyPassword={SECRET}\n",
        "utf-8",
    )
    return tmp_path


def test_it_is_a_probe_like_the_others() -> None:
    assert PROBE.name in NAMES


def test_a_site_without_files_has_none() -> None:
    assert PROBE.plan(Site()) == (
        [],
        [NotChecked(what="config", reason="the site names no configuration files: [config] paths")],
    )


@pytest.mark.parametrize(
    ("paths", "subject"),
    [
        (["/opt/st/.env"], "file /opt/st/.env"),
        (["/opt/st/.env", "/opt/st/conf/custom.env"], "file /opt/st"),
        (["a.env", "/opt/st/custom.env"], "file a.env and 1 more"),
        (["a.env", "b.env", "c.env"], "file a.env and 2 more"),
    ],
)
def test_all_files_are_one_check_that_contacts_nobody(paths: list[str], subject: str) -> None:
    site = Site(config=ConfigSite(paths=paths))
    made = plan(site, (PROBE,))
    assert [str(check.subject) for check in made.checks] == [subject]
    assert paths_of(made.checks[0]) == paths
    assert contacts(made, site, (PROBE,)) == []


def test_files_and_addresses_are_told(folder: Path) -> None:
    report = ran(folder)
    analysis = analysis_of(report.checks[0])
    assert [(Path(one.file).name, one.kind, one.settings) for one in analysis.files] == [
        ("custom.env", ConfigKind.ENVIRONMENT, 2),
        ("plugin_customization.ini", ConfigKind.PLUGIN_CUSTOMIZATION, 2),
    ]
    assert analysis.generation is Product.V12_DOCKER
    assert [(one.address, one.place) for one in analysis.addresses] == [
        ("https://chat.acme.test", "custom.env line 1"),
        ("mongodb://mongo:27017", "custom.env line 2"),
        ("mux.acme.test:1533", "plugin_customization.ini line 1"),
    ]
    tables = [block for block in PROBE.present(report.checks[0]) if isinstance(block, Table)]
    assert [(table.title, len(table.rows)) for table in tables] == [
        ("Files", 2),
        ("Addresses in them", 2),
        ("Addresses that are nobody's to ask", 1),
    ]
    assert tables[0].rows[0] == ["custom.env", "environment file", "2"]


def test_no_secret_enters_the_report(folder: Path) -> None:
    assert SECRET not in msgspec.json.encode(ran(folder)).decode()


def test_what_cannot_be_read_by_now_leaves_it_open(folder: Path) -> None:
    report = ran(folder / "custom.env", folder / "gone.env")
    (check,) = report.checks
    assert check.outcome is Outcome.UNDECIDED
    assert check.undecided == [f"{folder / 'gone.env'}: there is no such file; check the path."]
    assert len(analysis_of(check).files) == 1


def test_a_bad_file_in_a_folder_is_listed_as_not_checked(folder: Path) -> None:
    (folder / "stproxyconfig.xml").write_text("<configuration>", "utf-8")
    report = ran(folder)
    assert report.checks[0].outcome is not Outcome.UNDECIDED
    assert any("stproxyconfig.xml" in one.reason + one.what for one in report.summary.not_checked)


def test_findings_point_to_their_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def rule(document: ConfigDocument, _site: Site) -> list[Finding]:
        evidence = ["/settings/7"] if document.file == "b.env" else []
        return [found("config-xml-stray-text", document, [Place(line=1)], evidence=evidence, name="X")]

    module = sys.modules["stdiag.probes.config.judge"]  # by its name the package has the function
    monkeypatch.setattr(module, "RULES", (rule,))
    monkeypatch.setattr(module, "RULES_TOGETHER", ())
    documents = [ConfigDocument(file=name, kind=ConfigKind.ENVIRONMENT) for name in ("a.env", "b.env")]
    _, findings = PROBE.judge(ConfigObservation(documents=documents), Context(started=NOW, site=Site()))
    assert [finding.evidence for finding in findings] == [
        ["/observation/documents/0"],
        ["/observation/documents/1/settings/7"],
    ]


def test_it_is_judged_again_from_what_the_report_keeps(folder: Path) -> None:
    report = ran(folder, product=Product.V12_DOCKER)
    observation = msgspec.json.decode(report.checks[0].observation, type=ConfigObservation)
    analysis, findings = PROBE.judge(observation, Context(started=NOW, site=report.site))
    assert analysis == analysis_of(report.checks[0])
    assert [finding.code for finding in findings] == [finding.code for finding in report.checks[0].findings]
