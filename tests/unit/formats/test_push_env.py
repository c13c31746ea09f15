"""The push proxy of custom.env."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.push_env import parse_push_env

FULL = """\
# Sametime
OTHER=1
STCONF_PUSH_PROXY_SERVER="proxy.example.com"
STCONF_PUSH_PROXY_PORT=3128
export STCONF_PUSH_PROXY_USER='pusher'
STCONF_PUSH_PROXY_PASSWORD=hunter2=x
"""


def test_four_values() -> None:
    env = parse_push_env(FULL, "custom.env")
    assert (env.server, env.port, env.user, env.password) == ("proxy.example.com", "3128", "pusher", "hunter2=x")
    assert "hunter2" not in repr(env)


def test_the_last_one_counts_and_an_empty_one_is_none() -> None:
    env = parse_push_env(FULL + "STCONF_PUSH_PROXY_PORT=8080\r\nSTCONF_PUSH_PROXY_USER=\r\n", "custom.env")
    assert (env.port, env.user) == ("8080", None)


@pytest.mark.parametrize("text", ["", "STCONF_PUSH_PROXY_PASSWORD=hunter2\n", "STCONF_PUSH_PROXY_SERVER=\n"])
def test_without_a_server_it_is_no_configuration(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_push_env(text, "custom.env")
    assert "hunter2" not in str(caught.value)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    try:
        parse_push_env(text, "custom.env")
    except FormatError:
        return
    assert "STCONF_PUSH_PROXY_SERVER" in text
