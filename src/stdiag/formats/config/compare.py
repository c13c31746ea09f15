"""Two versions of one configuration file, by their meaning: order, white space and comments do not count."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Hashable

import msgspec

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place, Setting
from stdiag.formats.config.overwritten import Danger, danger_of, note_on
from stdiag.formats.config.stproxy_elements import own_name, without_numbers
from stdiag.formats.config.xml_document import mark

_LONGEST_SHOWN = 200


class Change(enum.StrEnum):
    """What became of a setting."""

    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  # into another element, where the server need not look for it


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One setting that differs."""

    change: Change
    danger: Danger
    name: str
    """As in the new file, for a removed setting as in the old one."""
    old: str | None = None
    """The value, *** where it is secret; None for an added setting."""
    new: str | None = None
    """None for a removed setting. Two secrets that differ are both ***."""
    old_name: str | None = None
    """Of a moved setting."""
    old_place: Place | None = None
    new_place: Place | None = None
    note: str = ""
    """What is known about it, in sentences: that updates overwrite it, say."""


class _Held(msgspec.Struct, frozen=True, kw_only=True):
    """A setting, ready to be compared."""

    setting: Setting
    exact: str
    """The path with the numbers of equal elements; of a managed community with its id in their place."""
    key: str
    """Without numbers."""
    value: tuple[str, bytes | None]
    """Equal for equal values, also where both are shown as ***."""


def compare(old: ConfigDocument, new: ConfigDocument) -> list[Difference]:
    """What differs, the most dangerous first. Whether secrets differ is known only of documents that this process has
    read."""
    gone, came = _held(old), _held(new)
    pairs: list[tuple[_Held, _Held]] = []
    # From the surest match to the loosest: what is the same setting with the same value, then what is left.
    _match(gone, came, pairs, lambda one: (one.exact, one.value))
    _match(gone, came, pairs, lambda one: (_in_place(one), one.value))
    _match(gone, came, pairs, lambda one: (one.key, one.value))
    _match(gone, came, pairs, lambda one: one.exact)
    _match(gone, came, pairs, lambda one: one.key)
    _match(gone, came, pairs, _elsewhere)
    of_stproxy = ConfigKind.STPROXY_XML in (old.kind, new.kind)
    paired: list[tuple[_Held | None, _Held | None]] = [
        *((before, after) for before, after in pairs if _differ(before, after)),
        *((one, None) for one in gone),
        *((None, one) for one in came),
    ]
    found = [_difference(before, after, of_stproxy) for before, after in paired]
    return sorted(found, key=lambda one: (one.danger, _ORDER.index(one.change), _line(one)))


_ORDER = (Change.REMOVED, Change.MOVED, Change.CHANGED, Change.ADDED)


def _held(document: ConfigDocument) -> list[_Held]:
    communities = _communities(document)
    held = []
    for number, setting in enumerate(document.settings):
        community = communities.get(setting.name.partition("/")[0])
        exact = f"{community}/{without_numbers(setting.name.partition('/')[2])}" if community else setting.name
        held.append(
            _Held(
                setting=setting,
                exact=exact,
                key=exact if community else without_numbers(exact),
                value=(re.sub(r"\s+", " ", setting.value), mark(document, number)),
            )
        )
    return held


def _communities(document: ConfigDocument) -> dict[str, str]:
    """In managed-community-configs.xml an element is known by its id, not by its number."""
    if document.kind is not ConfigKind.MANAGED_COMMUNITIES:
        return {}
    names: dict[str, str] = {}
    for setting in document.settings:
        element, _, attribute = setting.name.partition("/@")
        if attribute in ("id", "managed-community-id"):
            names[element] = f"{without_numbers(element)} {setting.value}"
    return names


def _match(
    gone: list[_Held], came: list[_Held], pairs: list[tuple[_Held, _Held]], by: Callable[[_Held], Hashable]
) -> None:
    """Moves to `pairs` what is equal by `by`, in the order of the files; a None matches nothing."""
    waiting: dict[Hashable, list[_Held]] = {}
    for one in came:
        waiting.setdefault(by(one), []).append(one)
    waiting.pop(None, None)
    matched = [(one, waiting[by(one)].pop(0)) for one in gone if waiting.get(by(one))]
    olds, news = {id(one) for one, _ in matched}, {id(one) for _, one in matched}
    gone[:] = [one for one in gone if id(one) not in olds]
    came[:] = [one for one in came if id(one) not in news]
    pairs += matched


def _in_place(held: _Held) -> str:
    """The elements around it with their numbers, and its own name without: a list's order does not count."""
    around, _, own = held.exact.rpartition("/")
    return f"{around}/{without_numbers(own)}"


def _elsewhere(held: _Held) -> Hashable:
    """Its own name and value, where both together are hardly in two elements by chance."""
    usual = re.fullmatch(r"(?i)true|false|yes|no|on|off|\d*|.", held.value[0])
    return None if usual else (own_name(held.setting.name), held.value)


def _differ(before: _Held, after: _Held) -> bool:
    if _in_place(before) != _in_place(after):
        return True
    if before.value[0] != after.value[0]:
        return True
    # Two masked values that look alike: one without a mark allows to say nothing.
    marks = (before.value[1], after.value[1])
    return None not in marks and marks[0] != marks[1]


def _difference(before: _Held | None, after: _Held | None, of_stproxy: bool) -> Difference:
    old, new = before.setting if before else None, after.setting if after else None
    shown_old = _shown(old.value) if old else None
    shown_new = _shown(new.value) if new else None
    moved = before is not None and after is not None and _in_place(before) != _in_place(after)
    if before is None:
        change = Change.ADDED
    elif after is None:
        change = Change.REMOVED
    else:
        change = Change.MOVED if moved and before.value == after.value else Change.CHANGED
    name = (new or old or Setting(name="", value="", place=Place(line=1))).name
    danger = Danger.NEW if change is Change.ADDED else Danger.CUSTOM
    return Difference(
        change=change,
        danger=danger_of(change, name, shown_old, shown_new) if of_stproxy else danger,
        name=name,
        old=shown_old,
        new=shown_new,
        old_name=old.name if old and moved else None,
        old_place=old.place if old else None,
        new_place=new.place if new else None,
        note=note_on(change, name, shown_old, shown_new) if of_stproxy else "",
    )


def _shown(value: str) -> str:
    value = re.sub(r"\s+", " ", value)
    return value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"


def _line(difference: Difference) -> tuple[int, int]:
    place = difference.new_place or difference.old_place
    return (place.line, place.column) if place else (0, 0)
