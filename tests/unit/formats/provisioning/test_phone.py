"""What the phone shows, for either generation."""

from __future__ import annotations

import pytest

from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.phone import what_the_phone_shows


def told(text: str, context: str = "handed-out") -> str:
    return "\n".join(what_the_phone_shows(parse_provisioning(text, context)))


def test_a_whole_story() -> None:
    assert told(
        "sametime://joe%40acme.com@stproxy.example.com:9080/"
        "?action=AddCommunity&ssl=false&communityName=R%26D&photoPort=81&authProxyReuseCredentials=true"
    ).splitlines() == [
        'The new community is called "R&D".',
        "The client connects to stproxy.example.com, port 9080, without encryption: passwords can be read on the way.",
        'The user name "joe@acme.com" is filled in; the password is asked for.',
        "A reverse proxy gets the same user name and password.",
        "Passwords are remembered (the default of sametime://).",
        "A user who has a community with the same name is asked whether to update it; else it is added.",
        "Photos are fetched through port 81.",
        "It takes Android 2.0.1 or iOS 4.2 at least, with the client of Sametime 8.5.2 to 10.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hclsametime://h.example", "named by the client, after the host h.example: the URL gives no name."),
        ("hclsametime://h.example", "h.example, port 443, with TLS as always."),
        ("hclsametime://h.example", "The user name and the password are asked for."),
        ("hclsametime://h.example", "not remembered (the default of hclsametime://)"),
        ("hclsametime://h.example", "with the same server, port and user name"),
        ("hclsametime://h.example", "Android 6 or iOS 13"),
        ("sametime://h.example", "on a port that the URL does not say, with TLS (the default)."),
        ("sametime://h.example:1/?ssl=true", "port 1, with TLS."),
        ("sametime://h.example:1/?ssl=x", "whether with TLS, the URL does not say clearly."),
        ("sametime://@h.example:1", "The user name and the password are asked for."),
        ("sametime://j:hunter2@h.example:1", "the password comes from the URL."),
        ("hclsametime://%s@h.example", 'The user name that is filled in is "%s"'),
        ("hclsametime://h.example/?savePassword=true", "Passwords are remembered."),
        ("hclsametime://h.example/?savePassword=x", "Whether passwords are remembered, the URL does not say clearly."),
        ("hclsametime://h.example/?authProxyEnabled=true", "for a reverse proxy are asked for too."),
        ("hclsametime://h.example/?authProxyUser=p", 'user name "p" is filled in; its password is asked for.'),
        ("hclsametime://h.example/?authProxyEnabled=false", "No credentials are sent to a reverse proxy."),
    ],
)
def test_a_sentence(text: str, sentence: str) -> None:
    assert sentence in told(text)
    assert "hunter2" not in told(text)


def test_the_server_fills_in_the_user() -> None:
    assert "name of the user who is logged in to the web client" in told("hclsametime://%s@h.example", "server")


@pytest.mark.parametrize("text", ["hclsametime://h.example/?photoPort=81", "sametime://h.example:1/?photoPort=0"])
def test_no_photos_where_the_parameter_means_nothing(text: str) -> None:
    assert "Photos" not in told(text)
