"""Nothing of a secret gets into a document, whichever file and however it is written."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.formats.config.document import MASK, Place
from stdiag.formats.config.environment_reader import read_environment
from stdiag.formats.config.environment_secrets import is_secret, keep, masked_text
from stdiag.formats.config.environment_slips import EnvironmentSlip as Slip
from stdiag.formats.config.ini_reader import read_plugin_customization, read_sametime_ini
from stdiag.formats.config.yaml_reader import read_compose, read_helm

_HERE = Place(line=1)

SECRET_NAMES = (
    "STCONF_PUSH_PROXY_PASSWORD",
    "STCONF\\_PUSH\\_PROXY\\_PASSWORD",
    "JWT_SECRET",
    "OIDC_CLIENT_SECRET",
    "TURN_CREDENTIALS",
    "LTPA_KEYS_PASSWORD",
    "STI__Config__ST_TLS_KEY_STORE_PASSWORD",
    "pushProxyPasswordBase64",
    "proxyPassword",
    "notes_password",
    "accessToken",
    "apiKey",
)
NO_SECRETS = (
    ("LTPA_KEYS_FILE_PATH", "/opt/ltpa.keys"),
    ("LTPA_KEYS", "/ltpa-config/ltpa.keys"),
    ("LTPA_KEYS", "./ltpa.keys"),
    ("STI__ST_BB_NAMES__ST_AUTH_TOKEN", "Fork:Jwt,Ltpa,Saml"),
    ("STI__Config__ST_TLS_KEY_STORE_TYPE", "p12"),
    ("STI__Config__ST_TLS_KEY_LABEL", "mux"),
    ("JWT_REFRESH_DURATION_DAYS", "30"),
    ("OIDC_TOKEN_URL", "https://idp.acme.test/token"),
    ("loginTokenRefreshInterval", "900000"),
    ("savePassword", "true"),
    ("loginByToken", "false"),
    ("muxTlsConfigSecret", "mux-secret"),
    ("caCertificateSecret", "ca_certificates"),
    ("JWT_SECRET", "${JWT_SECRET}"),
    ("keepAliveInterval", "60"),
)


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name.replace("\\", ""), "Xy7-whatever")


@pytest.mark.parametrize(("name", "value"), NO_SECRETS)
def test_what_only_tells_about_a_secret_is_kept(name: str, value: str) -> None:
    assert keep(name, value, _HERE).value == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("mongodb://u:pw@host:27017/db?x=1", "mongodb://***@host:27017/db?x=1"),
        ("mongodb+srv://u:pw@host/", "mongodb+srv://***@host/"),
        ("mongodb://u:p@w/a?b#c@host:27017/db", "mongodb://***@host:27017/db"),
        ("mongodb://u:pw@a,b:27018/?replicaSet=r", "mongodb://***@a,b:27018/?replicaSet=r"),
        ("mongodb://u:pw@host/?appName=@x@", "mongodb://***@host/?appName=@x@"),
        ("mongodb://u:pw.host:27017", "mongodb://***"),
        ("mongodb:u:pw@host", "mongodb:***@host"),
        ("mongodb://host:27017,other/db", "mongodb://host:27017,other/db"),
        ("https://u:pw@host/x", "https://***@host/x"),
        ("https://u:p w@host/x", "https://***@host/x"),
        ("https://host/x?token=pw&b=c", "https://host/x?token=***&b=c"),
        ("u:pw@proxy:3128", "***@proxy:3128"),
        ("see https://a.test/b and http://u:pw@c/", "see https://a.test/b and http://***@c/"),
        ("mongod --password=pw -v", "mongod --password=*** -v"),
        ("user@acme.test", "user@acme.test"),
        ("hclsametime://st:pw@host/?action=AddCommunity", "hclsametime://st:***@host/?action=AddCommunity"),
        ("hclsametime:st:pw@host/?action=AddCommunity", "hclsametime:***@host/?action=AddCommunity"),
        ("hclsametime:%s@host/?action=AddCommunity", "hclsametime:%s@host/?action=AddCommunity"),
        ("-----BEGIN PRIVATE KEY-----\npw", "***"),
    ],
)
def test_what_is_kept_of_a_value_with_credentials_in_it(value: str, shown: str) -> None:
    assert keep("SOME_URL", value, _HERE).value == shown


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("MONGO_URL", "mongodb://sametimeUser:sametime@h", Slip.DEFAULT_PASSWORD),
        ("LTPA_KEYS_PASSWORD", "WebAS", Slip.DEFAULT_PASSWORD),
        ("ST_TLS_KEY_STORE_PASSWORD", "keystore\\_password", Slip.DEFAULT_PASSWORD),
        ("OIDC_CLIENT_SECRET", "<CLIENT-SECRET>", Slip.PLACEHOLDER),
        ("MONGO_URL", "mongodb://u:a%b@h", Slip.DATABASE_URL),
        ("MONGO_URL", "mongodb://u@x:pw@h", Slip.DATABASE_URL),
        ("pushProxyPasswordBase64", "no base64!", Slip.BASE64),
        ("MOBILE_CONFIGURL", "hclsametime://u:a/b@h/?action=AddCommunity", Slip.PROVISIONING),
    ],
)
def test_what_must_be_known_of_a_secret_is_a_slip(name: str, value: str, kind: Slip) -> None:
    assert [slip.kind for slip in keep(name, value, _HERE).slips] == [kind]


@pytest.mark.parametrize("value", ["mongodb://u:pw%2F@h", "mongodb://${MONGO_LOGIN}@h", "mongodb://h"])
def test_a_right_database_url_has_no_slip(value: str) -> None:
    assert keep("MONGO_URL", value, _HERE).slips == []


_PASSWORDS = st.text(st.sampled_from("aZ7!§$%&/()=?`+#'\"-.,;:_<>@\\| ü"), min_size=0, max_size=8).map(
    lambda middle: f"Xq7{middle}Xq7"
)


@settings(deadline=None)
@given(st.sampled_from(SECRET_NAMES), _PASSWORDS)
def test_no_reader_keeps_a_password(name: str, password: str) -> None:
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    single = password.replace("'", "''")
    documents = [
        read_environment(f"{name}={password}\n".encode(), "x"),
        read_environment(f'{name}="{quoted}"\n'.encode(), "x"),
        read_sametime_ini(f"[Config]\n{name}={password}\n".encode(), "x"),
        read_plugin_customization(f"a.b/{name}={quoted}\n".encode(), "x"),
        read_helm(f"{name}: '{single}'\n".encode(), "x"),
        read_helm(f"env:\n  - name: {name}\n    value: '{single}'\n".encode(), "x"),
        read_helm(f"{name}:\n  value: '{single}'\n".encode(), "x"),
        read_compose(f"services:\n  a:\n    environment:\n      - '{name}={single}'\n".encode(), "x"),
        read_compose(f"services:\n  a:\n    environment:\n      {name}: '{single}'\n".encode(), "x"),
        read_compose(f"services:\n  a:\n    command: ['--password', '{single}']\n".encode(), "x"),
    ]
    for document in documents:
        assert "Xq7" not in msgspec.json.encode(document).decode()


@settings(deadline=None)
@given(st.sampled_from(("mongodb", "https", "mongodb+srv")), _PASSWORDS)
def test_no_password_stays_in_a_url(scheme: str, password: str) -> None:
    kept = keep("SOME_URL", f"{scheme}://user:{password}@host.acme.test:27017/path", _HERE)
    assert "Xq7" not in kept.value
    assert kept.value.startswith(f"{scheme}://{MASK}")


@settings(deadline=None)
@given(_PASSWORDS)
def test_no_password_stays_in_a_provisioning_url(password: str) -> None:
    for slashes in ("//", "/", ""):
        kept = keep("MOBILE_CONFIGURL", f"hclsametime:{slashes}user:{password}@host/?action=AddCommunity", _HERE)
        assert "Xq7" not in msgspec.json.encode(kept).decode()


@settings(deadline=None)
@given(st.text(max_size=300))
def test_masking_takes_any_text(text: str) -> None:
    assert isinstance(masked_text(text), str)
    msgspec.json.encode(keep("A", text.replace("\ud800", ""), _HERE))
