"""Reads docker-compose.yml and helm's values.yaml.

Names are paths: services/proxy/environment/MOBILE_CONFIGURL. The items of a list have the list's name, each with its
own place. What HCL's pages show and YAML does not allow is read as it is meant, and noted as a slip.
"""

from __future__ import annotations

import re

from stdiag.formats.config.config_text import ConfigText, utf8_text
from stdiag.formats.config.document import MASK, ConfigDocument, ConfigKind, Place, Setting, Slip
from stdiag.formats.config.environment_secrets import is_secret, keep
from stdiag.formats.config.environment_slips import DIFFERENT, SAME, EnvironmentSlip
from stdiag.formats.config.yaml_nodes import DEEPEST, MOST_NODES, Mapping, Node, Scalar, Sequence, read_nodes
from stdiag.formats.config.yaml_repair import repaired
from stdiag.formats.errors import FormatError

_LONGEST_NAME = 500
_MERGE = "<<"
_OPTION = re.compile(r"--?[\w-]+")


def read_compose(data: bytes, file: str) -> ConfigDocument:
    """The values of a docker-compose.yml. `environment` has one form, whichever of its two the file uses. Raises
    FormatError."""
    return _read(data, file, ConfigKind.COMPOSE)


def read_helm(data: bytes, file: str) -> ConfigDocument:
    """The values of helm's values.yaml. Raises FormatError."""
    return _read(data, file, ConfigKind.HELM_VALUES)


def _read(data: bytes, file: str, kind: ConfigKind) -> ConfigDocument:
    content: ConfigText = utf8_text(data, file)
    text, slips = repaired(content.text, kind)
    root = read_nodes(text, file)
    walk = _Walk(file, compose=kind is ConfigKind.COMPOSE)
    if root is not None:
        walk.mapping(root, "", 0)
    return ConfigDocument(
        file=file, kind=kind, settings=walk.settings, slips=[*slips, *walk.slips], sha256=content.sha256
    )


class _Walk:
    """Turns nodes into settings."""

    def __init__(self, file: str, *, compose: bool) -> None:
        self._file = file
        self._compose = compose
        self._count = 0
        self.settings: list[Setting] = []
        self.slips: list[Slip] = []

    def mapping(self, node: Mapping, path: str, depth: int, hidden: frozenset[str] = frozenset()) -> None:
        """`hidden`: names that the mapping into which this one is merged has itself."""
        variable = _variable(node)
        own = frozenset(key.value for key, _ in node.items) | hidden
        seen: dict[str, Node] = {}
        for key, value in node.items:
            if key.value == _MERGE:
                for merged in value.items if isinstance(value, Sequence) else [value]:
                    if isinstance(merged, Mapping):
                        self._count_one(merged.place, depth)
                        self.mapping(merged, path, depth + 1, own - {_MERGE})
                continue
            if key.value in hidden:
                continue
            if variable and key.value in ("name", "value"):
                if key.value == "value" and isinstance(value, Scalar):
                    self._count_one(value.place, depth)
                    self._setting(f"{path}/{variable}"[:_LONGEST_NAME], value.value, key.place, value.place)
                continue
            name = f"{path}/{key.value}" if path else key.value
            if key.value in seen:
                detail = SAME if _same(seen[key.value], value) else DIFFERENT
                self.slips.append(
                    Slip(kind=EnvironmentSlip.DUPLICATE, place=key.place, name=name[:_LONGEST_NAME], detail=detail)
                )
            seen[key.value] = value
            self._value(value, name[:_LONGEST_NAME], key.place, depth)

    def _value(self, node: Node, name: str, place: Place, depth: int) -> None:
        self._count_one(node.place, depth)
        match node:
            case Scalar():
                self._setting(name, node.value, place, node.place)
            case Mapping():
                self.mapping(node, name, depth + 1)
            case Sequence():
                self._sequence(node, name, depth + 1)

    def _sequence(self, node: Sequence, name: str, depth: int) -> None:
        option = ""
        for item in node.items:
            if not isinstance(item, Scalar):
                self._value(item, name, item.place, depth)
                continue
            self._count_one(item.place, depth)
            variable, equals, value = item.value.partition("=")
            if self._compose and name.endswith("/environment"):
                # A name alone is taken over from where compose runs.
                value = value if equals else f"${{{variable}}}"
                after = Place(line=item.place.line, column=item.place.column + len(variable) + 1)
                self._setting(f"{name}/{variable.strip()}"[:_LONGEST_NAME], value, item.place, after)
            elif option and is_secret(option, item.value):
                self.settings.append(Setting(name=name, value=MASK, place=item.place))
            else:
                self._setting(name, item.value, item.place, None)
            option = item.value.strip("-") if _OPTION.fullmatch(item.value) else ""

    def _setting(self, name: str, value: str, place: Place, value_place: Place | None) -> None:
        kept = keep(name, value, place)
        self.slips += kept.slips
        if "\\_" in value:
            self.slips.append(Slip(kind=EnvironmentSlip.ESCAPED_VALUE, place=place, name=name))
        self.settings.append(Setting(name=name, value=kept.value, place=place, value_place=value_place))

    def _count_one(self, place: Place, depth: int) -> None:
        """What aliases stand for is counted each time that they stand for it."""
        self._count += 1
        if self._count > MOST_NODES or depth > DEEPEST:
            problem = f"more than {MOST_NODES} values" if depth <= DEEPEST else f"more than {DEEPEST} levels"
            raise FormatError(f"its aliases stand for {problem}", file=self._file, line=place.line, column=place.column)


def _variable(node: Mapping) -> str:
    """The variable that Kubernetes writes as `name: NAME` and `value: VALUE`; empty for another mapping."""
    scalars = {key.value: value.value for key, value in node.items if isinstance(value, Scalar)}
    name = scalars.get("name", "")
    return name if "value" in scalars and re.fullmatch(r"[A-Za-z_][\w.\\-]*", name) else ""


def _same(one: Node, other: Node) -> bool:
    """True for the same scalar, wherever it stands; of lists and mappings nobody needs to know."""
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.value == other.value
