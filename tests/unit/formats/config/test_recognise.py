"""What a configuration file is, by its name and by what stands in it."""

from __future__ import annotations

import time

import pytest

from stdiag.formats.config.document import ConfigKind
from stdiag.formats.config.recognise import by_name, is_taken_from_folder, kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("stproxyconfig.xml", ConfigKind.STPROXY_XML),
        ("STProxyConfig.xml.bak", ConfigKind.STPROXY_XML),
        ("stproxyconfig.xml.orig", ConfigKind.STPROXY_XML),
        ("stproxyconfig-old.xml", ConfigKind.STPROXY_XML),
        ("stproxyconfig.xml-old", ConfigKind.STPROXY_XML),
        ("stproxyconfig.xml.2021-04-01", ConfigKind.STPROXY_XML),
        ("stproxyconfig (1).xml", ConfigKind.STPROXY_XML),
        ("managed-community-configs.xml", ConfigKind.MANAGED_COMMUNITIES),
        (".env", ConfigKind.ENVIRONMENT),
        (".env.bak", ConfigKind.ENVIRONMENT),
        ("custom.env", ConfigKind.ENVIRONMENT),
        ("mux.env~", ConfigKind.ENVIRONMENT),
        ("docker-compose.yml", ConfigKind.COMPOSE),
        ("docker-compose.override.yaml", ConfigKind.COMPOSE),
        ("compose.yaml", ConfigKind.COMPOSE),
        ("values.yaml", ConfigKind.HELM_VALUES),
        ("sametime-values.yml", ConfigKind.HELM_VALUES),
        ("values-production.yaml", ConfigKind.HELM_VALUES),
        ("plugin_customization.ini", ConfigKind.PLUGIN_CUSTOMIZATION),
        ("sametime.ini", ConfigKind.SAMETIME_INI),
        ("sametime.ini.txt", ConfigKind.SAMETIME_INI),
        ("server.xml", None),
        ("environment", None),
        ("notes.ini", None),
        ("report.json", None),
    ],
)
def test_by_name(name: str, kind: ConfigKind | None) -> None:
    assert by_name(name) is kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'<?xml version="1.0"?>\n<!-- <a> -->\n<configuration>\n', ConfigKind.STPROXY_XML),
        (b"\xef\xbb\xbf<managed-communities/>", ConfigKind.MANAGED_COMMUNITIES),
        (b"<!DOCTYPE configuration>\n<configuration>", ConfigKind.STPROXY_XML),
        (b"<html><configuration>", None),
        (b"<!-- never ended <configuration>", None),
        (b"version: '3'\nservices:\n  proxy:\n", ConfigKind.COMPOSE),
        (b"global:\n  sametimeIni:\n    STI__Debug__X: '1'\n", ConfigKind.HELM_VALUES),
        (b"com.ibm.collaboration.realtime.community/host=mux.acme.example\n", ConfigKind.PLUGIN_CUSTOMIZATION),
        (b"; x\n[connectivity]\nVPS_PORT=1516\n", ConfigKind.SAMETIME_INI),
        (b"# x\n\nA=b\nexport C = d\nSTCONF\\_X=1\n", ConfigKind.ENVIRONMENT),
        (b"A=b\nhello\n", None),
        (b"", None),
        (b"\0\1\2", None),
    ],
)
def test_by_content_where_the_name_says_nothing(content: bytes, kind: ConfigKind | None) -> None:
    assert kind_of("copy.txt", content) is kind


def test_the_name_goes_before_the_content() -> None:
    assert kind_of("custom.env", b"services:\n") is ConfigKind.ENVIRONMENT


def test_of_a_folder_only_what_the_product_reads_is_taken() -> None:
    taken = ["stproxyconfig.xml", ".env", "debug.env", "docker-compose.override.yml", "values-prod.yaml"]
    left = ["stproxyconfig.xml.bak", "stproxyconfig-old.xml", ".env.example", "values.yaml~", "notes.txt"]
    assert [name for name in [*taken, *left] if is_taken_from_folder(name)] == taken


@pytest.mark.parametrize(
    "content", [b"<!--" * 16_000, b"\n" * 65_000, b" " * 65_000, b"<?" * 32_000, b"com.ibm." * 8_000]
)
def test_it_takes_no_time_whatever_stands_there(content: bytes) -> None:
    began = time.monotonic()
    assert kind_of("copy.txt", content) is None
    assert time.monotonic() - began < 0.5
