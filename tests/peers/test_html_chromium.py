"""The HTML report in a real browser: it asks for nothing, complains of nothing, fits a phone and a desk, can be read in
light and dark, printed, and used without a mouse."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from tests.peers.chromium import Browser, Page, chromium
from tests.peers.command import stdiag
from tests.unit.render.reports import HOSTILE, blocks, classic, healthy, incomplete, spoilt_blocks, spoilt_report, sweep

from stdiag.model import Block, Check, Mark, Matrix, MatrixCell, MatrixRow
from stdiag.render.html.page import render_html

pytestmark = pytest.mark.peer("chromium")

PHONE, DESK = 400, 1280

# Text whose contrast to what is behind it is below WCAG 2.1's AA (1.4.3): 4.5, for large text 3.
PALE = """
(() => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const linear = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
      if (a > 0) throw new Error('half transparent');
    }
    throw new Error('no ground');
  };
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!text || !element.getClientRects().length || element.closest('.unseen, .skip')) continue;
    const style = getComputedStyle(element);
    const ink = channels(element instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(ink), light(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push([element.className, element.textContent.slice(0, 40), ratio]);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all pages."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Page:
    """A tab of its own."""
    return browser.page()


def becomes_true(page: Page, expression: str) -> bool:
    """Whether `expression` is true within two seconds: what comes with the next frame is not there at once."""
    until = time.monotonic() + 2.0
    while not page.evaluate(expression):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def with_matrix(check: Check) -> list[Block]:
    """As a probe would show many paths and ports."""
    words = (("Sametime", Mark.GOOD), ("refused", Mark.BAD), ("not known", Mark.UNSURE), ("odd answer", Mark.NOTE))
    cells: list[MatrixCell | None] = [MatrixCell(*word) for word in words]
    rows = [MatrixRow(f"socks5h://proxy{number}.example.com:1080", [*cells, None] * 2) for number in range(6)]
    return [*blocks(check), Matrix("Paths and ports", [str(port) for port in range(1533, 1543)], rows)]


def hostile(number: int) -> Callable[[], str]:
    """A report in which every text is one of those that a hostile server would send."""
    text = HOSTILE[number]
    return lambda: render_html(spoilt_report(text), lambda _: spoilt_blocks(text))


PAGES: dict[str, Callable[[], str]] = {
    "no-go": lambda: render_html(classic(), with_matrix),
    "go": lambda: render_html(healthy(), blocks),
    "incomplete": lambda: render_html(incomplete(), blocks),
    "sweep": lambda: render_html(sweep(), blocks),
    "hostile markup": hostile(3),
    "hostile letters": hostile(6),
    "hostile length": hostile(7),
}


def written(content: str, folder: Path) -> Path:
    """The page as a file."""
    file = folder / "report.html"
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", PAGES)
def test_it_asks_for_nothing_and_complains_of_nothing(page: Page, tmp_path: Path, name: str) -> None:
    file = written(PAGES[name](), tmp_path)
    page.open(file)
    page.unfold()
    assert [address for address in page.requests() if not address.startswith("data:")] == [file.as_uri()]
    assert page.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_it_fits_and_can_be_read(page: Page, tmp_path: Path, name: str, scheme: Literal["light", "dark"]) -> None:
    page.open(written(PAGES[name](), tmp_path))
    for unfolded in (False, True):
        if unfolded:
            page.unfold()
        for width in (PHONE, DESK):
            page.look(width, scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate(PALE) == []


def test_dark_and_light_differ(page: Page, tmp_path: Path) -> None:
    page.open(written(PAGES["no-go"](), tmp_path))
    grounds = []
    for scheme in ("light", "dark"):
        page.look(DESK, scheme=scheme)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(15, 19, 23)"]
    # Paper is white, whatever the screen was.
    page.look(DESK, scheme="dark", media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_paper_shows_what_the_screen_folds(page: Page, tmp_path: Path) -> None:
    page.open(written(PAGES["no-go"](), tmp_path))
    visible = "document.querySelector('.timing').checkVisibility({contentVisibilityAuto: true})"
    page.look(DESK)
    assert not page.evaluate(visible)
    page.look(DESK, media="print")
    assert becomes_true(page, visible)  # content-visibility takes effect with the next frame
    paper = page.pdf()
    assert paper.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 8


def test_a_link_to_a_folded_check_unfolds_it(page: Page, tmp_path: Path) -> None:
    page.open(written(PAGES["sweep"](), tmp_path))
    shown = "document.getElementById('check-100').checkVisibility({contentVisibilityAuto: true})"
    assert not page.evaluate(shown)
    page.evaluate("location.hash = '#check-100'")
    assert page.evaluate(f"new Promise(done => setTimeout(() => done(1), 0)) && ({shown})")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, tmp_path: Path) -> None:
    page.open(written(PAGES["no-go"](), tmp_path))
    page.look(PHONE)
    reached: list[str] = []
    where = "[document.activeElement.tagName, document.activeElement.className].join('.')"
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    for _ in range(60):
        for kind in ("keyDown", "keyUp"):
            page.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        at = page.evaluate(where)
        if at.startswith("BODY"):
            break
        assert page.evaluate(ring) != "none", at
        reached.append(at)
    assert reached[0] == "A.skip"
    for kind in ("A.", "SUMMARY.", "DIV.scroll"):
        assert kind in reached


def test_its_policy_lets_nothing_run_or_be_fetched(page: Page, tmp_path: Path) -> None:
    page.open(written(PAGES["no-go"](), tmp_path))
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}));"
        "document.body.append(Object.assign(document.createElement('img'), {src: 'file:///favicon.ico'})); 0"
    )
    assert page.evaluate("window.ran === undefined")
    refused = [text for text in page.complaints() if "Content Security Policy" in text]
    assert len(refused) == 2


def test_what_the_demo_writes_is_such_a_page(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "demo.html"
    done = stdiag("all", "--demo", "-q", "-o", file)
    assert done.returncode == 1, done.stderr
    page.open(file)
    for width in (PHONE, DESK):
        page.look(width)
        assert page.evaluate("document.documentElement.scrollWidth") == width
    states: Any = page.evaluate("[...document.querySelectorAll('#cause-1 .chain .state')].map(e => e.innerText.trim())")
    assert states == ["✓ sent", "✗ MISSING", "✓ in trust store"]
    page.screenshot(tmp_path / "demo.png")
    assert (tmp_path / "demo.png").read_bytes().startswith(b"\x89PNG")
    assert page.complaints() == []


def test_the_browsers_own_command_line_shows_the_same(tmp_path: Path) -> None:
    """Without the debugger's hands in it."""
    file = written(PAGES["no-go"](), tmp_path)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    flags += [
        "--disable-background-networking",
        "--disable-component-update",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    done = subprocess.run(
        ["chromium", *flags, "--dump-dom", file.as_uri()], capture_output=True, timeout=60, check=True
    )
    assert "✗ MISSING" in re.sub(r"<[^>]+>", "", done.stdout.decode("utf-8"))
