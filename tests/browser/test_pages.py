"""Every page in a real browser: silent, alone, usable by keyboard, on a phone and on paper."""

import unicodedata
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from pypdf import PdfReader

pytestmark = pytest.mark.browser

REPORTS = ["example/report.html", "three_arms/report.html"]
PAGES = [*REPORTS, "example/findings.html", "three_arms/findings.html"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}

Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, pages: dict[str, Path]) -> Iterator[Visit]:
    """Opens a page; what it said, asked for and threw is in its attributes afterwards."""
    opened = []

    def open_page(name: str, *, viewport: dict[str, int] = DESK) -> Page:
        context = chromium.new_context(viewport=viewport, bypass_csp=False)  # type: ignore[arg-type]
        opened.append(context)
        page = context.new_page()
        page.goto(pages[name].as_uri())
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_nothing_throws_nothing_and_asks_for_nothing(
    name: str, chromium: Browser, pages: dict[str, Path]
) -> None:
    said: list[str] = []
    asked: list[str] = []
    thrown: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        said.append(message.text)

    def on_request(request: Request) -> None:
        asked.append(request.url)

    context = chromium.new_context()
    page = context.new_page()
    page.on("console", on_console)
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("request", on_request)
    address = pages[name].as_uri()
    page.goto(address, wait_until="networkidle")
    context.close()
    assert said == []
    assert thrown == []
    assert asked == [address]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(name: str, chromium: Browser, pages: dict[str, Path]) -> None:
    context = chromium.new_context(viewport=DESK, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(pages[name].as_uri())
    found = Axe().run(page).response["violations"]
    context.close()
    serious = [
        (each["id"], each["help"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]
    assert serious == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_without_moving_it_sideways(name: str, visit: Visit) -> None:
    page = visit(name, viewport=PHONE)
    for width in (PHONE["width"], 768, 1210, DESK["width"]):
        page.set_viewport_size({"width": width, "height": 740})
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], width
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16


@pytest.mark.parametrize("name", REPORTS)
def test_a_click_on_a_number_opens_its_source_and_escape_closes_it(name: str, visit: Visit) -> None:
    page = visit(name)
    number = page.locator("#outcome-results button.traced").first
    source = page.locator(f"#{number.get_attribute('popovertarget')}")
    assert not source.is_visible()
    number.click()
    assert source.is_visible()
    text = source.inner_text()
    for word in ("Analysis", "Population", "Data"):
        assert word in text
    page.keyboard.press("Escape")
    assert not source.is_visible()


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_the_source_of_a_number(name: str, key: str, visit: Visit) -> None:
    page = visit(name)
    number = page.locator("#table-outcomes button.traced").first
    number.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press(key)
    assert page.locator(f"#{number.get_attribute('popovertarget')}").is_visible()


@pytest.mark.parametrize("name", REPORTS)
def test_every_number_is_a_button_of_which_the_source_is_there(name: str, visit: Visit) -> None:
    page = visit(name)
    lost = page.evaluate(
        "[...document.querySelectorAll('[data-result]')].filter(each => {"
        "  const button = each.querySelector('button[popovertarget]');"
        "  return each.textContent.trim() && !(button && button.popoverTargetElement);"
        "}).map(each => each.outerHTML)"
    )
    assert lost == []
    assert page.locator("[data-result]").count() > 100


@pytest.mark.parametrize("name", REPORTS)
def test_on_paper_no_table_or_drawing_is_cut(name: str, visit: Visit) -> None:
    """At the width of A4 nothing is wider than the paper, and every table's last row is there."""
    page = visit(name, viewport={"width": 680, "height": 1000})
    page.emulate_media(media="print")
    cut = page.evaluate(
        "[...document.querySelectorAll('table, figure svg')].filter(each =>"
        "  each.getBoundingClientRect().right > document.documentElement.clientWidth + 1"
        ").map(each => each.id)"
    )
    assert cut == []
    last = page.evaluate(
        "[...document.querySelectorAll('table')].map(each => {"
        "  const heads = each.querySelectorAll('tbody th');"
        "  return heads[heads.length - 1].textContent.trim().split(/\\s+/)[0];"
        "})"
    )
    reader = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = _squeezed(" ".join(each.extract_text() for each in reader.pages))
    assert len(reader.pages) > 5
    assert [word for word in last if _squeezed(word) not in text] == []


def _squeezed(text: str) -> str:
    """Letters alone: a word may be broken over lines, and print has ligatures and soft hyphens."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if each.isalnum())


@pytest.mark.parametrize("name", REPORTS)
def test_sources_of_numbers_are_not_printed(name: str, visit: Visit) -> None:
    page = visit(name)
    page.emulate_media(media="print")
    assert page.locator("[popover]:visible").count() == 0
