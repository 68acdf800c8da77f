"""The page: self-contained, accessible, the same every time, and computed by no template."""

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from markupsafe import escape

from tests.line import Line
from tests.report.factory import composed, content_of, made_up_line, page_in_words, page_of
from trialkit.errors import ReportError
from trialkit.report.content.checklists import RowStatus
from trialkit.report.writers.render import render_html, unbroken
from trialkit.report.writers.template_folder import find_templates

TEMPLATES = find_templates()
COMPUTING_FILTERS = {
    "round", "format", "sum", "int", "float", "abs", "min", "max", "length", "count", "map",
    "filesizeformat", "batch", "slice",
}  # fmt: skip
VOID = {"meta", "br", "hr", "img", "input", "link", "col"}


class Page(HTMLParser):
    """What a test asks of a page: its tags in order, their attributes, and whether they close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.within: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.within.append((tag, self.open[-1] if self.open else ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def text(example: Line) -> str:
    return page_of(content_of(example))


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.j2")), ids=lambda path: path.name)
def test_templates_compute_and_round_nothing(path: Path) -> None:
    tree = Environment().parse(path.read_text(encoding="utf-8"))
    logical = nodes.And | nodes.Or
    sums = [node for node in tree.find_all(nodes.BinExpr) if not isinstance(node, logical)]
    filters = {node.name for node in tree.find_all(nodes.Filter)}
    assert not sums
    assert not filters & COMPUTING_FILTERS
    assert not list(tree.find_all(nodes.Neg))
    assert not list(tree.find_all(nodes.Assign))


def test_every_tag_closes(page: Page) -> None:
    assert page.open == []


def test_the_page_loads_nothing_and_runs_nothing(text: str, page: Page) -> None:
    policies = [meta for meta in page.all("meta") if meta.get("http-equiv")]
    assert policies[0]["content"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for tag, attrs in page.tags:
        for name, value in attrs.items():
            assert not name.startswith("on")
            if name in {"src", "srcset", "data", "action", "xlink:href"}:
                assert (value or "").startswith("#"), (tag, name, value)
            if name == "href" and tag != "a":
                assert (value or "").startswith("#"), (tag, value)
    assert "@import" not in text
    assert "url(http" not in text
    assert "javascript:" not in text


def test_the_page_has_its_landmarks_and_a_language(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en-GB"
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    assert page.all("nav")[0]["aria-label"] == "Contents"
    first_link = page.all("a")[0]
    assert (first_link["class"], first_link["href"]) == ("skip", "#main")
    assert page.all("main")[0]["id"] == "main"


def test_headings_do_not_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    content = levels[levels.index(1) :]
    assert content.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(content))


def test_every_table_has_a_caption_and_scoped_heads(page: Page) -> None:
    tables = page.all("table")
    captions = [parent for tag, parent in page.within if tag == "caption"]
    assert captions == ["table"] * len(tables)
    assert all(head.get("scope") for head in page.all("th"))


def test_every_drawing_has_a_name_and_a_description(page: Page) -> None:
    drawings = page.all("svg")
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert len(drawings) == 8
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set((drawing["aria-labelledby"] or "").split()) <= ids


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = [link["href"] or "" for link in page.all("a") if (link["href"] or "").startswith("#")]
    assert {link[1:] for link in inside} <= set(ids)


def test_every_number_carries_its_result(example: Line, page: Page) -> None:
    known = {row.result_id for row in example.results.rows}
    carried = [attrs["data-result"] for _, attrs in page.tags if attrs.get("data-result")]
    assert len(carried) > 200
    for each in carried:
        assert set((each or "").split(" ")) <= known


def test_it_prints_on_a4(text: str) -> None:
    assert "@page { size: A4" in text
    assert "@media print" in text


@pytest.mark.slow
def test_the_same_content_gives_the_same_bytes(example: Line, three_arms: Line) -> None:
    for line in (example, three_arms):
        assert page_of(composed(line)) == page_of(composed(line))


def test_the_summary_of_the_checklist_is_the_checklists(example: Line, text: str) -> None:
    checklist = content_of(example).checklist
    for status in RowStatus:
        assert f"<b>{checklist.count(status)}</b> {escape(status.value)}" in text


def test_a_real_trial_has_no_banner() -> None:
    page = page_in_words(content_of(made_up_line()))
    assert '<p class="synthetic-banner"' not in page


def test_numbers_that_belong_together_stay_together() -> None:
    assert unbroken("−3.7 (7.5)") == '<span class="unbroken">−3.7 (7.5)</span>'
    assert unbroken("−12.5 (−18.5 to −6.5)") == (
        '−12.5 <span class="unbroken">(−18.5 to −6.5)</span>'
    )
    assert unbroken("a (<b>) and a longer text") == (
        'a <span class="unbroken">(&lt;b&gt;)</span> and a longer text'
    )


def test_a_folder_without_templates_is_an_error(example: Line, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"report\.html\.j2"):
        render_html(content_of(example), tmp_path)


def test_a_template_that_asks_for_what_is_not_there_is_an_error(
    example: Line, tmp_path: Path
) -> None:
    (tmp_path / "report.html.j2").write_text("{{ content.no_such_thing }}")
    with pytest.raises(ReportError, match="no_such_thing"):
        render_html(content_of(example), tmp_path)


def test_a_users_template_cannot_reach_the_machine(example: Line, tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("{{ ''.__class__.__mro__[1].__subclasses__() }}")
    with pytest.raises(ReportError):
        render_html(content_of(example), tmp_path)


def test_control_characters_do_not_reach_the_page(example: Line) -> None:
    content = replace(content_of(example), title="A\x00B\x0bC randomised")
    assert "A\ufffdB\ufffdC" in page_in_words(content)
