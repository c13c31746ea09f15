"""What people wrote, held to what the code does: commands, links, examples, words."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest
from tests.tutorial_script import shown_commands

from stdiag import __version__
from stdiag.catalogue.registry import ALL
from stdiag.cli.main import COMMANDS, cli
from stdiag.formats.site_file import parse_site
from stdiag.formats.target import parse_targets_file
from stdiag.model import Subject, fingerprint
from stdiag.probes.registry import PROBES
from stdiag.render.schema import report_schema

ROOT = Path(__file__).parents[3]
WRITTEN = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "docs" / "tutorial.md",
    ROOT / "docs" / "design.md",
    ROOT / "docs" / "what-is-covered.md",
    *sorted((ROOT / "docs" / "howto").glob("*.md")),
]
EVERY_PAGE = [*WRITTEN, *sorted((ROOT / "docs" / "reference").glob("*.md")), ROOT / "sample_certs" / "README.md"]
EVERY_PAGE += sorted((ROOT / "docs" / "findings").glob("*.md"))

each_written = pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
each_page = pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: str(page.relative_to(ROOT)))


def fenced(text: str, language: str) -> list[str]:
    """Contents of the blocks in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def command_lines(text: str) -> Iterator[str]:
    """Every whole stdiag command line of a page: in blocks, set in by four columns, or between backquotes."""
    yield from (shown.command for shown in shown_commands(text) if shown.command.startswith("stdiag "))
    for block in fenced(text, "sh"):
        yield from re.findall(r"stdiag [^\n)|;]*", block)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"^ {4}(stdiag [^\n]*)", prose, flags=re.MULTILINE)
    yield from (" ".join(found.split()) for found in re.findall(r"`(stdiag [^`]*)`", prose))


def wrong(line: str) -> str | None:
    """Why the command line of `line` would be refused; None when it would run."""
    arguments = shlex.split(line, comments=True)[1:]
    for index, argument in enumerate(arguments):
        if argument.startswith((">", "2>")):
            arguments = arguments[:index]
            break
    command: click.Command = cli
    context = click.Context(cli, info_name="stdiag", **cli.context_settings)
    try:
        while isinstance(command, click.Group):
            if not arguments or arguments in (["--help"], ["--version"]):
                return None
            _, found, arguments = command.resolve_command(context, arguments)
            if found is None:
                return "no such command"
            command = found
            if isinstance(command, click.Group):
                context = click.Context(command, info_name=command.name, parent=context)
        if "--help" not in arguments:
            command.make_context(command.name, list(arguments), parent=context)
    except click.ClickException as mistake:
        return mistake.format_message()
    return None


@each_written
def test_every_command_line_would_be_accepted(page: Path) -> None:
    lines = list(command_lines(page.read_text(encoding="utf-8")))
    assert lines
    mistakes = {line: reason for line in lines if (reason := wrong(line))}
    assert mistakes == {}


def test_a_wrong_command_line_is_noticed() -> None:
    assert wrong("stdiag tsl x")
    assert wrong("stdiag tls x --fixbundle y")
    assert wrong("stdiag all x --from moon")
    assert wrong("stdiag lab walk")
    assert wrong("stdiag all x --plan -f md > file.md") is None
    assert wrong("stdiag lab run --fault missing-intermediate") is None


def test_the_readme_shows_every_everyday_command() -> None:
    lines = " ".join(command_lines((ROOT / "README.md").read_text(encoding="utf-8")))
    assert all(f"stdiag {name}" in lines for name in COMMANDS if name != "lab")


@each_written
def test_options_named_in_the_text_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = set()
    waiting: list[click.Command] = [cli]
    while waiting:
        command = waiting.pop()
        context = click.Context(command, **command.context_settings)
        known |= {flag for parameter in command.get_params(context) for flag in parameter.opts}
        if isinstance(command, click.Group):
            waiting += [
                found for name in command.list_commands(context) if (found := command.get_command(context, name))
            ]
    named = {flag for span in re.findall(r"`(--?[a-z][^`]*)`", text) for flag in re.findall(r"^--?[a-z][a-z-]*", span)}
    assert named - known == set()


@each_written
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", text, flags=re.MULTILINE))
    assert named <= targets
    if page.name == "README.md":
        assert {"demo", "test"} <= named


@each_page
def test_links_inside_the_project_resolve(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert set(EVERY_PAGE) - reached == set()


def json_examples() -> list[tuple[str, str, str]]:
    """(page, type, text) of every JSON block."""
    found = []
    for page in EVERY_PAGE:
        text = page.read_text(encoding="utf-8")
        marked = re.findall(r"<!-- json: (\w+) -->\n\n```json\n(.*?)```", text, flags=re.DOTALL)
        assert len(marked) == len(fenced(text, "json")), f"{page.name}: a JSON block does not say what it is"
        found += [(page.name, kind, example) for kind, example in marked]
    return found


@pytest.mark.parametrize(("page", "kind", "text"), json_examples())
def test_json_examples_are_valid(page: str, kind: str, text: str) -> None:
    schema = report_schema({probe.name: (probe.observation, probe.analysis) for probe in PROBES})
    assert kind in schema["$defs"], page
    example = json.loads(text)
    jsonschema.Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"}).validate(example)
    for finding in [example, *example.get("causes", [])]:
        if "code" in finding:
            subject = Subject(**finding["subject"])
            assert finding["code"] in ALL
            assert finding["fingerprint"] == fingerprint(finding["code"], subject)


@each_written
def test_toml_and_target_examples_are_read(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for example in fenced(text, "toml"):
        parse_site(example, page.name)
    for example in fenced(text, "text"):
        if example.startswith("# hosts.txt"):
            assert len(parse_targets_file(example, page.name)) == 4


@each_written
def test_codes_named_in_the_text_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    # Not within a longer code, nor the page that a link leads to.
    named = set(re.findall(r"(?<![\w/-])(?:tls|net|run)-[a-z]+-[a-z-]+\b", text))
    assert named - ALL.keys() == set()


def test_the_change_log_speaks_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text
    assert __version__ in text


def test_the_table_of_exit_codes_is_the_same_everywhere() -> None:
    numbers = [
        re.findall(r"^\| (\d+) \|", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
        for page in ("README.md", "docs/reference/exit-codes.md")
    ]
    assert numbers[0] == numbers[1] == ["0", "1", "2", "3", "130"]


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=!~ \[;]", requirement)[0] for requirement in project["dependencies"]}
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    table = set(re.findall(r"^\| ([\w-]+) \| ", design.partition("| Package |")[2], flags=re.MULTILINE))
    assert table == names


def test_the_layout_names_every_room() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    rooms = {folder.name for folder in (ROOT / "src" / "stdiag").iterdir() if len(list(folder.glob("*.py"))) > 1}
    assert rooms == set(re.findall(r"^ {6}(\w+)/ ", design, flags=re.MULTILINE))


@each_page
def test_no_page_speaks_of_what_readers_do_not_have(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    unwanted = (
        r"\.\./shared",
        r"/work/",
        r"(?i)\bhelpers?\b",
        r"(?i)\bissues? #?\d",
        r"\bAI\b",
        r"\bLLM\b",
        r"(?i)\bTODO\b",
    )
    assert [pattern for pattern in unwanted if re.search(pattern, text)] == []
