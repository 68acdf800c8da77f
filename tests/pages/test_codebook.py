"""The forms in words: the codebook, its table, and the blank forms."""

import csv
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.conftest import EXAMPLE
from trialkit.cli.main import main
from trialkit.errors import ReportError
from trialkit.pages.codebook import describe
from trialkit.pages.codebook_page import COLUMNS, find_form_templates, render_codebook
from trialkit.pages.crf import render_book, render_crf
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import PaperSpace
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial

SCALE = """
[[items]]
id = "strength"
label = "How <b>strong</b> & #strange is it?"
type = "visual_analogue"
section = "Now"
note = "$x$ \\\\ *no* @markup"
anchors = ["none", "middling", "worst"]

[[items]]
id = "why"
label = "=Why"
type = "multi_choice"
choices = [{ code = "a", label = "One" }, { code = "b", label = "Two" }]
shown_when = "analgesic_24h = TRUE"
missing_codes = ["ND"]
identifier = true

[[items]]
id = "onset"
label = "First day"
type = "partial_date"
shown_when = "analgesic_24h = TRUE AND vas_mm > 3"

[[items]]
id = "twice"
label = "Twice"
type = "calculated"
calculation = "vas_mm * 2"

"""


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> OpenedTrial:
    folder = tmp_path_factory.mktemp("codebook") / "trial"
    shutil.copytree(EXAMPLE / "forms", folder / "forms")
    for name in ("protocol.toml", "references.bib"):
        shutil.copy(EXAMPLE / name, folder)
    path = folder / "forms" / "pain.toml"
    head, _, rules = path.read_text().partition("[[rules]]")
    path.write_text(head + SCALE + "[[rules]]" + rules)
    return open_trial(folder)


@pytest.fixture(scope="module")
def pdf(trial: OpenedTrial) -> bytes:
    return render_crf(describe(trial.protocol, trial.schemas), find_form_templates())


def question(trial: OpenedTrial, item: str):
    codebook = describe(trial.protocol, trial.schemas)
    page = next(page for page in codebook.pages if page.id == "pain")
    return next(each for each in page.questions if each.id == item)


def test_conditions_are_said_in_words(
    trial: OpenedTrial,
) -> None:
    assert question(trial, "why").only_if == "“Analgesic taken in the last 24 hours” is “Yes”"
    assert question(trial, "onset").only_if == (
        "“Analgesic taken in the last 24 hours” is “Yes” and “Pain on a visual analogue scale” is more "
        "than 3"
    )
    screening = describe(trial.protocol, trial.schemas).pages[0]
    reason = next(each for each in screening.questions if each.id == "not_enrolled_detail")
    assert reason.only_if == "“Reason for not being randomised” is answered"


def test_every_kind_of_answer_has_its_space(trial: OpenedTrial) -> None:
    spaces = {name: question(trial, name).space for name in ("strength", "why", "onset", "twice")}
    assert spaces == {
        "strength": PaperSpace.SCALE, "why": PaperSpace.TICK_MANY, "onset": PaperSpace.DATE, "twice": PaperSpace.NOTHING,
    }  # fmt: skip
    assert (question(trial, "vas_mm").space, question(trial, "vas_mm").boxes) == (
        PaperSpace.BOXES,
        3,
    )


def test_a_scale_is_a_line_of_exactly_100_mm(trial: OpenedTrial, pdf: bytes) -> None:
    page = next(p for p in PdfReader(BytesIO(pdf)).pages if "strange is it" in p.extract_text())
    lines = re.findall(r"0 0 m (\d+\.\d+) 0 l", page.get_contents().get_data().decode("latin-1"))
    points = 100 / 25.4 * 72
    assert any(abs(float(length) - points) < 0.001 for length in lines)
    assert float(page.mediabox.width) == pytest.approx(210 / 25.4 * 72, abs=0.01)
    assert float(page.get("/UserUnit", 1)) == 1


def test_what_was_written_is_set_as_text_and_never_as_markup(
    trial: OpenedTrial, pdf: bytes
) -> None:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert "How <b>strong</b> & #strange is it?" in text
    assert "$x$ \\ *no* @markup" in text
    page = render_codebook(describe(trial.protocol, trial.schemas), find_form_templates())
    assert "How &lt;b&gt;strong&lt;/b&gt; &amp; #strange is it?" in page


def test_each_form_is_numbered_for_itself_and_the_bytes_are_the_same(
    trial: OpenedTrial, pdf: bytes
) -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    forms = trial.schemas.forms
    assert sum("Page 1 of" in text for text in pages) == len(forms)
    assert all(trial.protocol.trial.synthetic in text for text in pages)
    assert pdf == render_crf(describe(trial.protocol, trial.schemas), find_form_templates())


def test_every_page_says_whose_it_is_of_what_and_has_room_to_sign(
    trial: OpenedTrial, pdf: bytes
) -> None:
    protocol = trial.protocol
    versioned = replace(
        protocol, documents=replace(protocol.documents, version="1.2, 3 March 2025")
    )
    codebook = describe(versioned, trial.schemas)
    for made in (
        render_crf(codebook, find_form_templates()),
        render_book(codebook, find_form_templates()),
    ):
        reader = PdfReader(BytesIO(made))
        pages = [page.extract_text() for page in reader.pages]
        for text in pages[1:] if "In the order of visits" in pages[0] else pages:
            for said in ("Participant", "Visit", "Version 1.2, 3 March 2025", "Initials", "Signature",
                         protocol.trial.short_title, "Page ", " of "):  # fmt: skip
                assert said in text, said
            assert any(form.title in text for form in trial.schemas.forms)
    assert "Version ____" in PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_the_book_is_numbered_from_end_to_end_and_names_each_visit(trial: OpenedTrial) -> None:
    codebook = describe(trial.protocol, trial.schemas)
    made = render_book(codebook, find_form_templates())
    pages = [page.extract_text() for page in PdfReader(BytesIO(made)).pages]
    assert all(f"Page {n} of {len(pages)}" in text for n, text in enumerate(pages, 1))
    assert "Pain: Baseline" in pages[0]
    assert "Pain: After 6 weeks" in pages[0]
    assert sum("Pain: After 6 weeks" in text for text in pages[1:]) >= 1
    assert made == render_book(codebook, find_form_templates())


def test_a_log_is_a_table_across_with_rows_to_fill_in(trial: OpenedTrial, pdf: bytes) -> None:
    page = next(p for p in PdfReader(BytesIO(pdf)).pages if "Adverse events" in p.extract_text())
    assert float(page.mediabox.width) > float(page.mediabox.height)
    text = page.extract_text()
    assert "No." in text
    assert "mild = Mild" in text
    assert "Only if: “Outcome” is “Recovered”" in " ".join(text.split())


def test_a_log_of_two_parts_has_its_rows_on_one_page(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert main(["new", str(folder), "--empty"]) == 0
    assert main(["instruments", "add", str(folder), "session_log"]) == 0
    assert main(["codebook", str(folder)]) == 0
    pages = [page.extract_text() for page in PdfReader(folder / "output" / "crf.pdf").pages]
    (log,) = [text for text in pages if "Perceived exertion" in text]
    assert "The same rows, continued" in log


def test_the_head_of_a_form_with_many_visits_stays_on_its_page(trial: OpenedTrial) -> None:
    """It grows with its visits and its title, and the page begins below it."""
    book = describe(trial.protocol, trial.schemas)
    form = next(each for each in book.pages if each.id == "pain")
    visits = (replace(form.visits[0], label=f"Visit {at} with a long name") for at in range(1, 21))
    long = replace(form, title="Pain, " * 12, visits=tuple(visits))
    made = render_crf(replace(book, pages=(long,)), find_form_templates())
    page = PdfReader(BytesIO(made)).pages[0]
    heights: dict[str, float] = {}

    def keep(text: str, page: list[float], place: list[float], *_: object) -> None:
        if text.strip():
            heights[text.strip()] = place[4] * page[1] + place[5] * page[3] + page[5]

    page.extract_text(visitor_text=keep)
    assert max(heights.values()) < float(page.mediabox.height) - 20
    assert heights["Participant"] > heights["Date of the assessment"]


def test_a_rating_from_0_to_10_is_a_row_of_numbers_to_circle(trial: OpenedTrial) -> None:
    codebook = describe(trial.protocol, trial.schemas)
    pain = next(page for page in codebook.pages if page.id == "pain")
    item = Item(id="nrs", label="Pain", type=ItemType.INTEGER, range=Range(low=0, high=10))
    form = trial.schemas.form("pain")
    schemas = replace(trial.schemas, forms=(replace(form, items=(item,)),))
    (page,) = describe(trial.protocol, schemas).pages
    (asked,) = page.questions
    assert (asked.space, asked.lowest, asked.highest) == (PaperSpace.CIRCLE, 0, 10)
    assert question(trial, "vas_mm").space is PaperSpace.BOXES
    made = render_crf(describe(trial.protocol, schemas), find_form_templates())
    text = PdfReader(BytesIO(made)).pages[0].extract_text()
    assert "Circle one number" in text
    assert " ".join(map(str, range(11))) in " ".join(text.split())
    assert pain.questions


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_loads_nothing_runs_nothing_and_its_links_lead_somewhere(
    trial: OpenedTrial,
) -> None:
    page = Page(render_codebook(describe(trial.protocol, trial.schemas), find_form_templates()))
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    targets = {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    anchors = [f"#{attrs['id']}" for _, attrs in page.tags if attrs.get("id")]
    assert targets <= set(anchors)
    assert len(anchors) == len(set(anchors))
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_the_command_writes_a_row_an_item_that_no_spreadsheet_runs(
    trial: OpenedTrial, tmp_path: Path
) -> None:
    assert main(["codebook", str(trial.folder), "--out", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "book.pdf", "codebook.csv", "codebook.html", "crf.pdf",
    ]  # fmt: skip
    rows = list(csv.DictReader(StringIO((tmp_path / "out" / "codebook.csv").read_text())))
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == sum(len(form.items) for form in trial.schemas.forms)
    why = next(row for row in rows if row["item"] == "why")
    assert why["label"] == "'=Why"
    assert why["choices"] == "a = One | b = Two"
    assert (why["missing_codes"], why["identifier"]) == ("ND", "yes")
    vas = next(row for row in rows if row["item"] == "vas_mm")
    assert (vas["hard_range"], vas["unit"], vas["visits"]) == ("0 to 100", "mm", "BL W6")
    assert "PAIN" in vas["rules"] or vas["rules"] == ""


def test_a_scale_that_no_paper_holds_is_refused(trial: OpenedTrial) -> None:
    codebook = describe(trial.protocol, trial.schemas)
    pain = next(page for page in codebook.pages if page.id == "pain")
    long = {name: getattr(pain.questions[4], name) for name in pain.questions[4].__slots__}
    bad = type(pain.questions[4])(**(long | {"length_mm": 300.0}))
    page = type(pain)(**({n: getattr(pain, n) for n in pain.__slots__} | {"questions": (bad,)}))
    book = type(codebook)(
        **({n: getattr(codebook, n) for n in codebook.__slots__} | {"pages": (page,)})
    )
    with pytest.raises(ReportError, match="300 mm does not fit"):
        render_crf(book, find_form_templates())


def test_every_column_of_the_codebook_is_documented() -> None:
    text = (EXAMPLE.parent / "docs" / "codebook.md").read_text(encoding="utf-8")
    assert ", ".join(COLUMNS) in " ".join(text.split())
