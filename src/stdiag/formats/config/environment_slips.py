"""What only reading a file shows: mistakes of its syntax, and what is wrong with values that are not kept."""

from __future__ import annotations

import enum


class EnvironmentSlip(enum.StrEnum):
    """Every `Slip.kind` of environment files, YAML and ini files."""

    # Names
    NAME_ESCAPED = "name-escaped"  # STCONF\_PUSH\_PROXY\_SERVER; detail: the name without backslashes
    NAME_IN_BACKTICKS = "name-in-backticks"  # detail: the name without them
    NAME_INVALID = "name-invalid"  # detail: what is wrong with it
    DUPLICATE = "duplicate"  # detail: SAME or DIFFERENT; the place is the later one's

    # Syntax
    NOT_A_SETTING = "not-a-setting"  # a line without =; what it holds is not kept
    COLON = "colon"  # NAME: VALUE in an environment file
    LIST_ON_ONE_LINE = "list-on-one-line"  # env_file: - a.env - b.env; detail: the names
    EQUALS_IN_YAML = "equals-in-yaml"  # NAME=VALUE where YAML wants NAME: "VALUE"
    QUOTE_OPEN = "quote-open"
    TEXT_AFTER_QUOTE = "text-after-quote"
    TYPOGRAPHIC_QUOTES = "typographic-quotes"
    KEPT = "kept"  # detail: what stays in the value: `a blank at its end`
    BYTE_ORDER_MARK = "byte-order-mark"
    ENCODING = "encoding"  # detail: how the file is encoded

    # Values
    ESCAPED_VALUE = "escaped-value"  # \_ left over from a page
    PLACEHOLDER = "placeholder"  # <CLIENT-SECRET>
    DOLLAR = "dollar"  # docker compose puts something in for it
    CUT_AT_HASH = "cut-at-hash"
    DEFAULT_PASSWORD = "default-password"  # noqa: S105 - that it is one; detail: whose
    DATABASE_URL = "database-url"  # detail: what is wrong with its form
    BASE64 = "base64"  # detail: what is wrong with it
    PROVISIONING = "provisioning"  # detail: a UrlDefect as JSON, which the masked URL does not show any more


SAME = "the same value"
DIFFERENT = "different values"

INSTALLER = "the installer's default"
DOCUMENTATION = "an example of HCL's documentation"
COMMON = "a word that is tried first"
