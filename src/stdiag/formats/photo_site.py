"""`[photo]` of a site file: what its values mean, and their canonical form."""

from __future__ import annotations

from typing import Any

from stdiag.formats.errors import FormatError
from stdiag.formats.photo_url import PhotoUrl, SlipKind, parse_photo_url
from stdiag.formats.proxy import parse_password_ref
from stdiag.formats.shape import Shape
from stdiag.formats.toml_lines import Keys, dotted

TOKEN_COOKIES = {"ltpa_token": "LtpaToken", "ltpa_token2": "LtpaToken2"}
"""Key of the table → the cookie whose value it says where to find."""


def replace_photo(photo: dict[str, Any], shape: Shape) -> dict[Keys, str]:
    """Checks the table and puts canonical values into it. Returns the keys that lost a secret, and what they lost.

    What is wrong with a directory's URLs stays: the probe judges it. Raises FormatError.
    """
    shortened: dict[Keys, str] = {}
    for name in ("urls", "stproxy_urls"):
        for index, typed in enumerate(photo.get(name, [])):
            url = _url(typed, ("photo", name, index), shape)
            if name == "stproxy_urls" and not url.askable:
                raise _not_a_url(url, ("photo", name, index), shape)
            photo[name][index] = url.text
            if url.had_credentials:
                shortened["photo", name] = "user and password"
    for name in TOKEN_COOKIES:
        if name in photo:
            photo[name] = _reference(photo[name], ("photo", name), shape)
    return shortened


def _url(typed: str, keys: Keys, shape: Shape) -> PhotoUrl:
    try:
        return parse_photo_url(typed)
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None


def _not_a_url(url: PhotoUrl, keys: Keys, shape: Shape) -> FormatError:
    slip = next(slip for slip in url.slips if slip.slip is not SlipKind.ENCODING)
    why = slip.detail if slip.slip is SlipKind.FORM else f"{slip.detail} is still to be filled in"
    return shape.error(keys, why, suggestion="write the URL that a browser fetches the photo from")


def _reference(typed: str, keys: Keys, shape: Shape) -> str:
    try:
        return parse_password_ref(typed)
    except FormatError as error:
        told = FormatError(
            "this does not say where the token comes from",
            expected=error.expected,
            suggestion="never write the token itself here",
        )
        raise told.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None
