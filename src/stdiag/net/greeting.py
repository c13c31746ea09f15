"""Which protocol the first bytes of a peer belong to. Pure."""

from __future__ import annotations

import re

from stdiag.net.sametime_wire import speaks_sametime

# Content types of TLS records (RFC 8446 §5.1, RFC 6520): change_cipher_spec, alert, handshake, application_data,
# heartbeat. The byte after is the major version, 3 in all versions since SSL 3.0.
_TLS_CONTENT_TYPES = range(20, 25)
_TLS_MAJOR = 3

_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body|<h1|<title)", re.IGNORECASE)
_SMTP = re.compile(rb"[245]\d\d[ -][^\r\n]*(?:smtp|postfix|exim|sendmail)", re.IGNORECASE)
_FTP = re.compile(rb"(?:120|220|421|500|530)[ -][^\r\n]*ftp", re.IGNORECASE)
# A reply with an enhanced status code (RFC 2034), or a greeting by a host that calls itself mail.
_SMTP_LIKELY = re.compile(rb"(?:[245]\d\d[ -][245]\.\d{1,3}\.\d{1,3}\b|220[ -](?:mail|mx\d*)\b)", re.IGNORECASE)
_IMAP = re.compile(rb"\* (?:OK|BYE|PREAUTH|BAD)\b", re.IGNORECASE)
_POP3 = re.compile(rb"(?:\+OK|-ERR)\b")


def is_tls(first_bytes: bytes) -> bool | None:
    """True when these bytes begin a TLS record, False when they cannot, None when more are needed to tell."""
    if not first_bytes:
        return None
    if first_bytes[0] not in _TLS_CONTENT_TYPES:
        return False
    if len(first_bytes) < 2:
        return None
    return first_bytes[1] == _TLS_MAJOR


def spoken(first_bytes: bytes) -> str | None:
    """http, smtp, ssh, sametime, ftp, imap, pop3, or unknown; None when the bytes are TLS's, or there are none.

    `220` alone opens both SMTP and FTP (RFC 5321 §4.2, RFC 959 §5.4): without a word that tells them apart it is
    unknown. An HTML page without a status line (HTTP/0.9, or a proxy's error page) counts as http.
    """
    if not first_bytes or is_tls(first_bytes) is not False:
        return None
    if first_bytes.startswith(b"HTTP/") or _HTML.match(first_bytes):
        return "http"
    if first_bytes.startswith(b"SSH-"):
        return "ssh"
    if _SMTP.match(first_bytes):
        return "smtp"
    if _FTP.match(first_bytes):
        return "ftp"
    if _SMTP_LIKELY.match(first_bytes):
        return "smtp"
    if _IMAP.match(first_bytes):
        return "imap"
    if _POP3.match(first_bytes):
        return "pop3"
    if speaks_sametime(first_bytes):
        return "sametime"
    return "unknown"
