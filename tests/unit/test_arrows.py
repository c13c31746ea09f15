"""Arrows between the rooms of the house run one way: what may import what, read from every import statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "stdiag"

# Room → rooms that it may import, beside itself, the model and the version. Each probe is a room of its own.
ARROWS: dict[str, set[str]] = {
    "model": set(),
    "net": set(),
    "pki": set(),
    "formats": set(),
    "clients": {"pki", "formats"},
    "catalogue": set(),
    "probes": {"net", "pki", "clients", "formats", "catalogue"},  # the contract and the registry
    "engine": {"probes", "net", "pki", "clients", "formats", "catalogue"},
    "render": {"catalogue"},
    "lab": set(),
    "cli": {"engine", "probes", "render", "lab", "net", "pki", "clients", "formats", "catalogue"},
    "__main__": {"cli"},
    "__init__": set(),
}
# What several probes need stands in `probes.shared`, which holds no probe and imports none.
# Of all of `probes`, these files alone see every probe: they are the table that the engine reads.
PROBE_TABLES = {"__init__", "registry"}


def modules() -> list[tuple[str, Path]]:
    """Dotted name below stdiag, and file, of every module."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found.append((".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts), path))
    return found


def imports(path: Path, module: str) -> Iterator[str]:
    """Every absolute module name that the file imports: at its top, in functions, and for type checkers only."""
    package = ["stdiag", *module.split(".")]
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            # `from stdiag import net` imports stdiag.net; `from stdiag.net import dial` imports stdiag.net.dial.
            yield from (
                f"{origin}.{alias.name}" if is_module(f"{origin}.{alias.name}") else origin for alias in node.names
            )


def is_module(name: str) -> bool:
    path = SOURCE.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def forbidden(module: str, imported: str) -> bool:
    """True when an arrow from `module` to `imported` runs the wrong way. Both are dotted names below stdiag."""
    room, _, rest = module.partition(".")
    target, _, target_rest = imported.partition(".")
    if target in {"model", "__init__"}:
        return False
    if room == "probes" and target == "probes":
        mine, theirs = rest.partition(".")[0], target_rest.partition(".")[0]
        return not (mine in PROBE_TABLES | {""} or theirs in {mine, "contract", "shared"})
    return target not in ARROWS[room] | {room}


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _ in modules()])
def test_arrows_run_one_way(module: str, path: Path) -> None:
    ours = [name.removeprefix("stdiag").lstrip(".") or "__init__" for name in imports(path, module) if _is_ours(name)]
    wrong = sorted({name for name in ours if forbidden(module, name)})
    assert not wrong, f"stdiag.{module} must not import {', '.join(wrong)}"


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _ in modules()])
def test_only_the_command_line_talks_and_exits(module: str, path: Path) -> None:
    if module.partition(".")[0] in {"cli", "__main__"}:
        return
    clicks = {name for name in imports(path, module) if name.partition(".")[0] == "click"}
    assert not clicks, f"stdiag.{module} imports click"
    assert not list(talk_and_exits(ast.parse(path.read_text(encoding="utf-8")))), f"stdiag.{module} prints or exits"


def talk_and_exits(tree: ast.AST) -> Iterator[str]:
    """Calls and names that write to the user or end the process."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="print" | "input" | "exit" | "quit" as name)):
                yield name
            case ast.Attribute(value=ast.Name(id="sys"), attr="exit" | "stdout" | "stderr" as name):
                yield name
            case ast.Attribute(value=ast.Name(id="os"), attr="_exit" | "abort" as name):
                yield name
            case ast.ImportFrom(module="sys", names=names) if {alias.name for alias in names} & {
                "exit",
                "stdout",
                "stderr",
            }:
                yield "exit"
            case ast.Name(id="SystemExit"):
                yield "SystemExit"


def _is_ours(name: str) -> bool:
    return name == "stdiag" or name.startswith("stdiag.")


def test_every_room_has_its_arrows() -> None:
    rooms = {name.partition(".")[0] for name, _ in modules()}
    assert rooms == set(ARROWS)


def test_the_arrows_have_no_circle() -> None:
    seen: set[str] = set()
    while todo := {room for room, targets in ARROWS.items() if room not in seen and targets <= seen}:
        seen |= todo
    assert seen == set(ARROWS)


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("net.dial", "pki.chain"),
        ("pki.chain", "net.dial"),
        ("formats.target", "net.resolve"),
        ("net.dial", "probes.tls"),
        ("probes.tls.judge", "probes.proxy.judge"),
        ("probes.tls.judge", "probes.registry"),
        ("probes.shared.judge_chain", "probes.tls.judge"),
        ("probes.tls.judge", "engine.runner"),
        ("render.text", "probes.tls"),
        ("render.text", "pki.names"),
        ("lab.tls_service", "net.tls"),
        ("lab.authority", "pki.chain"),
        ("lab.compose", "engine.runner"),
        ("engine.runner", "cli.main"),
        ("engine.runner", "render.text"),
        ("model", "net.dial"),
        ("catalogue.kind", "net.faults"),
    ],
)
def test_wrong_arrows_are_noticed(module: str, imported: str) -> None:
    assert forbidden(module, imported)


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("probes.tls.judge", "probes.tls.observation"),
        ("probes.tls.judge", "probes.contract"),
        ("probes.tls.judge", "probes.shared.judge_chain"),
        ("probes.tls.judge", "pki.chain"),
        ("probes.registry", "probes.tls"),
        ("engine.plan", "probes.registry"),
        ("render.text", "catalogue.registry"),
        ("cli.lab", "lab.deployment"),
        ("net.dial", "model"),
        ("engine.report", "__init__"),
    ],
)
def test_right_arrows_are_allowed(module: str, imported: str) -> None:
    assert not forbidden(module, imported)


def test_hidden_imports_are_seen(tmp_path: Path) -> None:
    file = tmp_path / "dial.py"
    file.write_text(
        "from typing import TYPE_CHECKING\n"
        "from . import trace\nfrom .. import pki\nfrom stdiag import engine\nfrom stdiag.pki import chain\n"
        "if TYPE_CHECKING:\n    from stdiag.probes.contract import Probe\n"
        "def f():\n    import stdiag.render.text\n",
        encoding="utf-8",
    )
    assert set(imports(file, "net.dial")) == {
        "typing",
        "stdiag.net.trace",
        "stdiag.pki",
        "stdiag.engine",
        "stdiag.pki.chain",
        "stdiag.probes.contract",
        "stdiag.render.text",
    }


@pytest.mark.parametrize(
    "code",
    ["print(1)", "import sys\nsys.exit(1)", "from sys import exit", "raise SystemExit", "import os\nos._exit(0)"],
)
def test_talk_is_noticed(code: str) -> None:
    assert list(talk_and_exits(ast.parse(code)))
