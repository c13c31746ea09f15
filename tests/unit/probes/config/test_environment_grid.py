"""Each folder of samples has one mistake, and gives exactly the codes of the table: file → expected findings."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from stdiag.catalogue.prose import words
from stdiag.formats.config.document import ConfigDocument
from stdiag.formats.config.read import read_path
from stdiag.model import Finding, Product, Severity, Site
from stdiag.probes.config import rules_client, rules_environment
from stdiag.probes.config.judge import RULES, RULES_TOGETHER

SAMPLES = Path(__file__).parents[2] / "formats" / "config"
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SECRET = "Hunter2"  # noqa: S105 - stands in every secret of the samples, and must stand nowhere else

Expected = tuple[str, Severity, str]

OF_12: dict[str, list[Expected]] = {
    "right": [],
    "right_chart": [],
    "blank_kept": [("config-value-kept", WARNING, "line 1, column 1")],
    "byte_order_mark": [("config-encoding", INFO, "line 1, column 1")],
    "chart_equals": [("config-equals-in-yaml", ERROR, "line 2, column 5")],
    "chart_secret_name": [("config-secret-name", ERROR, "line 1, column 1")],
    "colon": [("config-env-colon", INFO, "line 1, column 1")],
    "compose_env_file_key": [("config-env-file-key", ERROR, "line 4, column 9")],
    "compose_env_file_no_blank": [("config-env-file-list", ERROR, "line 4, column 6")],
    "compose_env_file_one_line": [("config-env-file-list", ERROR, "line 3, column 5")],
    "compose_env_file_unread": [("config-env-file-unread", INFO, "line 5, column 9")],
    "compose_env_file_unused": [("config-env-file-unused", INFO, "line 1, column 1")],
    "default_password_ltpa": [("config-default-password", WARNING, "line 1, column 1")],
    "default_password_mongo": [("config-default-password", WARNING, "line 1, column 1")],
    "example_password": [("config-default-password", WARNING, "line 1, column 1")],
    "https_port": [("config-https-port", WARNING, "line 1, column 1")],
    "ldap_1389_with_tls": [("config-ldap-placeholder", INFO, "line 2, column 3")],
    "ldap_1389_without_tls": [("config-ldap-placeholder", WARNING, "line 2, column 3")],
    "ldap_1516": [("config-ldap-port", WARNING, "line 1, column 1")],
    "line_is_no_setting": [("config-syntax", ERROR, "line 2, column 1")],
    "ltpa_path_relative": [("config-ltpa-path", WARNING, "line 1, column 1")],
    "ltpa_token": [("config-ltpa-token", WARNING, "line 1, column 1")],
    "mongo_any_certificate": [("config-database-certificates", WARNING, "line 1, column 1")],
    "mongo_dot_for_at": [("config-database-url", ERROR, "line 1, column 1")],
    "mongo_no_slashes": [("config-database-url", ERROR, "line 1, column 1")],
    "mongo_two_names": [("config-database-two-names", INFO, "lines 1, 2")],
    "mongo_unencoded": [("config-database-url", ERROR, "line 1, column 1")],
    "mux_port": [("config-server-port", ERROR, "line 1, column 1")],
    "mux_store_type": [("config-store-type", WARNING, "line 1, column 1")],
    "mux_tls_range": [("config-tls-range", ERROR, "line 1, column 1")],
    "name_backslashes": [("config-name-escaped", ERROR, "lines 1, 2")],
    "name_backticks": [("config-name-escaped", ERROR, "line 3, column 1")],
    "name_blank": [("config-name-invalid", ERROR, "line 1, column 1")],
    "name_hyphen": [("config-name-invalid", ERROR, "line 1, column 1")],
    "name_in_small_letters": [("config-name-misspelt", INFO, "line 1, column 1")],
    "name_misspelt": [("config-name-misspelt", INFO, "line 1, column 1")],
    "name_twice": [("config-duplicate", WARNING, "line 3, column 1")],
    "name_twice_in_chart": [("config-duplicate", WARNING, "line 2, column 1")],
    "name_twice_in_compose": [("config-duplicate", ERROR, "line 4, column 5")],
    "name_twice_same": [("config-duplicate", INFO, "line 2, column 1")],
    "placeholder": [("config-value-placeholder", WARNING, "line 1, column 1")],
    "placeholder_secret": [("config-value-placeholder", WARNING, "line 1, column 1")],
    "push_is_url": [("config-push-proxy", ERROR, "line 1, column 1")],
    "push_no_port": [("config-push-proxy", ERROR, "line 1, column 1")],
    "push_password_line_break": [("config-base64", WARNING, "line 1, column 1")],
    "push_password_plain": [("config-base64", WARNING, "line 1, column 1")],
    "push_port_0": [("config-push-proxy", ERROR, "line 1, column 1")],
    "quote_open": [("config-syntax", ERROR, "line 1, column 1")],
    "quotes_typographic": [("config-value-kept", WARNING, "line 1, column 1")],
    "saml_and_oidc": [("config-saml-and-oidc", WARNING, "line 3, column 1")],
    "saml_not_for_phones": [("config-saml-phones", WARNING, "line 1, column 1")],
    "saml_token_and_oidc": [("config-saml-and-oidc", WARNING, "line 2, column 1")],
    "secret_dollar": [("config-secret-changed", WARNING, "line 1, column 1")],
    "secret_hash": [("config-secret-changed", WARNING, "line 1, column 1")],
    "sti_one_single_underscore": [("config-sti-underscores", WARNING, "line 1, column 1")],
    "sti_single_underscores": [("config-sti-underscores", WARNING, "line 1, column 1")],
    "text_behind_quote": [("config-syntax", ERROR, "line 1, column 1")],
    "url_is_https": [("config-provisioning-url", ERROR, "line 1, column 1")],
    "url_no_slashes": [("config-provisioning-slashes", ERROR, "line 1, column 1")],
    "url_no_slashes_in_chart": [("config-provisioning-slashes", ERROR, "line 4, column 7")],
    "url_of_9": [("config-provisioning-url", WARNING, "line 1, column 1")],
    "url_percent_26": [("config-provisioning-url", WARNING, "line 1, column 1")],
    "url_with_password": [("config-provisioning-url", ERROR, "line 1, column 1")],
    "value_escaped": [("config-value-placeholder", WARNING, "line 1, column 1")],
}
OF_CLIENTS: dict[str, list[Expected]] = {
    "right": [],
    "client_1516": [("config-client-server-port", ERROR, "line 2, column 1")],
    "client_alternate": [("config-alternate-community", WARNING, "line 1, column 1")],
    "client_blank": [("config-value-kept", WARNING, "line 1, column 1")],
    "client_byte_order_mark": [("config-encoding", WARNING, "line 1, column 1")],
    "client_host_is_url": [("config-client-host", ERROR, "line 1, column 1")],
    "client_https_proxy": [("config-connection-not-encrypted", INFO, "line 2, column 1")],
    "client_no_affinity_id": [("config-reverse-proxy", ERROR, "line 3, column 1")],
    "client_number": [("config-client-number", ERROR, "line 2, column 1")],
    "client_password": [("config-client-password", WARNING, "line 6, column 1")],
    "client_proxy_missing": [("config-client-proxy", ERROR, "line 2, column 1")],
    "client_proxy_port_missing": [("config-client-proxy", ERROR, "line 2, column 1")],
    "client_utf16": [("config-encoding", WARNING, "line 1, column 1")],
    "connection_type": [("config-connection-type", ERROR, "line 2, column 1")],
    "forwarded_logins": [("config-forwarded-logins", INFO, "line 2, column 1")],
    "ini_line": [("config-syntax", WARNING, "line 2, column 1")],
    "ini_twice": [("config-duplicate", WARNING, "line 3, column 1")],
    "legacy_client_at_tls": [("config-client-port", WARNING, "line 2, column 1")],
    "other_port": [("config-client-port", WARNING, "line 2, column 1")],
    "other_port_managed": [("config-client-port", WARNING, "line 3, column 76")],
    "other_port_published": [("config-client-port", ERROR, "line 2, column 1")],
    "other_port_tunnelling": [],
    "server_port": [("config-server-port", ERROR, "line 2, column 1")],
    "sti_in_ini": [("config-sti-in-ini", WARNING, "line 2, column 1")],
    "strict_tls": [("config-server-tls", INFO, "line 3, column 1")],
    "tls_1_3": [("config-tls-range", ERROR, "line 2, column 1")],
    "tls_client_at_legacy": [("config-client-port", WARNING, "line 2, column 1")],
    "tls_not_hexadecimal": [("config-tls-range", ERROR, "line 2, column 1")],
    "tls_old": [("config-tls-old", WARNING, "line 2, column 1")],
    "tls_range": [("config-tls-range", ERROR, "line 3, column 1")],
    "trusted_clients": [("config-trusted-clients", INFO, "line 2, column 1")],
    "trusted_clients_invalid": [
        ("config-trusted-clients", INFO, "line 2, column 1"),
        ("config-trusted-clients-invalid", WARNING, "line 2, column 1"),
    ],
}
GRID = [
    *((SAMPLES / "samples_12" / case, expected) for case, expected in OF_12.items()),
    *((SAMPLES / "samples_client" / case, expected) for case, expected in OF_CLIENTS.items()),
]


def judged(documents: list[ConfigDocument], site: Site | None = None) -> list[Finding]:
    alone = [finding for document in documents for rule in RULES for finding in rule(document, site or Site())]
    return alone + [finding for rule in RULES_TOGETHER for finding in rule(documents, site or Site())]


def test_every_sample_stands_in_the_table() -> None:
    assert {path.name for path in (SAMPLES / "samples_12").iterdir()} == set(OF_12)
    assert {path.name for path in (SAMPLES / "samples_client").iterdir()} == set(OF_CLIENTS)


@pytest.mark.parametrize(("folder", "expected"), GRID, ids=[path.name for path, _ in GRID])
def test_a_mistake_gives_its_finding_and_no_other(folder: Path, expected: list[Expected]) -> None:
    documents = read_path(str(folder)).documents
    assert {Path(one.file).name for one in documents} == {path.name for path in folder.iterdir()}
    found = judged(documents)
    assert [(one.code, one.severity, one.params["place"]) for one in found] == expected
    for finding in found:
        told = words(finding)
        assert "unknown" not in told.summary + told.evidence
        assert "" not in finding.params.values()
    kept = msgspec.json.encode([documents, found])
    assert SECRET.encode() not in kept


def test_each_code_has_a_sample_or_a_test_of_its_own() -> None:
    """Codes that depend on the site are tested in test_environment_rules.py."""
    from stdiag.catalogue.kinds import config_client, config_environment, config_services

    sampled = {code for _, expected in GRID for code, _, _ in expected}
    mine = {kind.code for kind in (*config_client.KINDS, *config_environment.KINDS, *config_services.KINDS)}
    assert mine - sampled == {"config-generation", "config-ini-in-container"}


def test_the_rules_are_those_of_the_probe() -> None:
    assert set(rules_environment.RULES) | set(rules_client.RULES) <= set(RULES)
    assert set(rules_environment.RULES_TOGETHER) | set(rules_client.RULES_TOGETHER) <= set(RULES_TOGETHER)


@pytest.mark.parametrize("product", list(Product))
def test_right_files_are_right_for_their_product_only(product: Product) -> None:
    documents = read_path(str(SAMPLES / "samples_12" / "right")).documents
    codes = {finding.code for finding in judged(documents, Site(product=product))}
    assert codes == (set() if product is Product.V12_DOCKER else {"config-generation"})
