"""How the value of a configuration setting is treated: what is no closed word and no address may say anything."""

from __future__ import annotations

import re

from stdiag.engine.redaction.pseudonyms import PRODUCT_FILES
from stdiag.engine.redaction.rules import Rule

_CLOSED = re.compile(
    r"\s*|\**|[+-]?[0-9]{1,9}([.,][0-9]{1,6})?|[0-9]{1,5}:[0-9]{1,5}(/tcp|/udp)?|0x[0-9a-f]{1,8}|true|false|yes|no|on|off|none|direct|tls-direct|http-direct|"
    r"(socks[45]|https?|reverse)-proxy|usebrowsersettings|update|add|delete|reset|p12|jks|pem|tcp|udp|"
    r"(fork:)?(jwt|ltpa|saml)(,(jwt|ltpa|saml))*|\$\{?\w+\}?|(TAM-SPNEGO|ST-DOMINO-SSO|SAML)",
    re.IGNORECASE,
)
_USER = re.compile(r"(user|username|login|account|bind_?name|mail|email)$", re.IGNORECASE)
_DISTINGUISHED = re.compile(r"\s*(cn|ou|o|dc|uid)\s*=", re.IGNORECASE)
_HOST = re.compile(r"\**\.?[\w-]+(\.[\w-]+)+\.?(:\d+)?|[0-9A-Fa-f:.\[\]]*:[0-9A-Fa-f:.\[\]]+")
_HOST_NAME = re.compile(r"(host|hosts|hostname|server|servers|address|domain|@?id)$", re.IGNORECASE)
_URL = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://\S+\s*")
_SCHEME_ONLY = re.compile(r"\s*(hcl)?sametime:\S+\s*", re.IGNORECASE)


def rule_of_setting(name: str, value: str) -> Rule:
    """How `value` of the setting `name` is treated."""
    if _CLOSED.fullmatch(value) or value in PRODUCT_FILES:
        return Rule.KEEP
    if _DISTINGUISHED.match(value):
        return Rule.DISTINGUISHED_NAME
    if _USER.search(name):
        return Rule.USER
    if _URL.fullmatch(value) or _SCHEME_ONLY.fullmatch(value):
        return Rule.TEXT
    if _HOST.fullmatch(value) or (_HOST_NAME.search(name) and re.fullmatch(r"[\w.,:\s-]+", value)):
        return Rule.PLACE if "," not in value else Rule.TEXT
    return Rule.FILE if re.fullmatch(r"/[^\s:]+", value) else Rule.QUOTATION
