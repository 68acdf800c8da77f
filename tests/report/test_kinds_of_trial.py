"""Every kind of trial, read by somebody who reads sentences: in Markdown at once, in each format further."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.conftest import few_at_once
from tests.line import line_of
from tests.report.factory import content_of
from tests.report.kinds_of_trial import KINDS, Kind, Tables, write_trial
from trialkit.datasets.building import build_datasets
from trialkit.errors import ProtocolError
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.report.content.content import Content
from trialkit.report.writers.markdown import render_markdown
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.pictures import pictures
from trialkit.report.writers.render import render_html
from trialkit.report.writers.template_folder import find_templates
from trialkit.report.writers.word import render_word
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


class _Visible(HTMLParser):
    """What stands between the tags of a page, but for its styles."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def of_html(content: Content) -> str:
    page = _Visible()
    page.feed(render_html(content, find_templates()))
    return " ".join(page.parts)


def of_markdown(content: Content) -> str:
    text = re.sub(r"<[^>]+>|\*\*|&emsp;", " ", render_markdown(content))
    return re.sub(r"\\(.)", r"\1", text)


def of_word(content: Content) -> str:
    document = docx.Document(BytesIO(render_word(content, pictures(content.figures))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    beside = [each.get("descr", "") for each in document.element.body.iter(qn("wp:docPr"))]
    return " ".join([*(each.text for each in document.paragraphs), *cells, *beside])


def of_pdf(content: Content) -> str:
    made = render_pdf(content, find_templates())
    assert made.notice == ""
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(made.document)).pages)


FORMATS: dict[str, Callable[[Content], str]] = {
    "md": of_markdown, "html": of_html, "docx": of_word, "pdf": of_pdf,
}  # fmt: skip

SLIPS = {
    "a word that no reader should see": r"\b(?:nan|NaN|NaT|None|Traceback|(?<!= )inf)\b|<NA>|\(s\)",
    "a preposition twice": r"\b(in|of|to|at|from|by|with|for|on) \1\b",
    "one that is many": r"(?<![\d.,/:−] )(?<![\d.,/:−])\b1 (?:are|were|have|participants|people|"
    r"events|analyses|comparisons)\b",
    "a comparison that is one of several": r"the other one comparison",
    "advice to leave somebody out": r"[Ll]eave (?:it|the arm|an arm|\w+ arm) out|out of the model",
    "time without a record": r"\b(?:was|were) (?:pre-?specified|planned before|specified in advance)",
    "a standard deviation of nothing": r"SD \N{EM DASH}",
}
"""What no report says, whatever the trial."""
SAYS: dict[str, tuple[str, ...]] = {
    "classes": (
        "cluster randomised trial",
        "Group classes are allocated, with all participants in them",
        "T test of the means of group classes",
        "Group classes in the analyses that allow for them",
    ),
    "events in classes": (
        "Generalised estimating equations of who has the event (week 4), adjusted for age",
        "Student's t (group classes less coefficients as degrees of freedom)",
        "with a normal random intercept of each of the group classes",
        "The adjusted odds ratio",
        "6 (median size 8, range 5 to 10)",
    ),
    "classes in one arm": (
        "those of Training belong to group classes",
        "with a random intercept of each of the group classes of Training, and residual variances",
    ),
    # by the forest, which is a picture with its words beside it, or text of its own in a PDF
    "ordinal primary": ("Global perceived effect, odds ratio", "Global perceived effect, win odds"),
    "ordinal primary of three arms, lower is better": (
        "Above 1 is better, whichever values are, of Global perceived effect, win odds.",
    ),
    "no adverse event": ("Usual care 0/18 (0%)", "may still be up to"),
    "an arm without outcomes": ("nobody in Walking has what the analysis",),
    "the reference without outcomes": ("nobody in Usual care has what the analysis",),
    "relatedness never asked": ("Related not collected", "not collected: relation"),
    "nothing asked of events": (
        "Whether they were serious was not collected",
        "not collected: seriousness, relation, leading to withdrawal, severity and first day",
        "When the events began is not collected",
    ),
    "no form for harms": ("Harms were not collected: no form of the trial asks",),
    "care never asked": (
        "Received allocated intervention not collected",
        "the arm that participants were allocated to (which they received is not collected)",
    ),
    "no end of study": (
        "Received allocated intervention not collected",
        "Discontinued intervention not collected",
    ),
    "reasons never asked": ("reason not collected",),
    "blank days": ("form not completed", "none known"),
    "visits without days": ("Visit outside its window none known",),
    "unequal allocation": ("allocated 1:2 (Usual care and Training)",),
    "no ratio": ("two parallel groups (Usual care and Training)", "Still to be said: allocation ratio"),
    "all values equal": ("is the same in all rows used",),
    "one participant an arm": ("needs at least 4 rows, got 2",),
    "one participant in an arm": ("mean in Usual care 29.9 mm (n = 1)",),
    "an empty subgroup": ("not estimable",),
    "all texts TBD": ("Still to be said",),
    "models of risks": (
        "Standardised risks: a logistic model of who has the event (week 8), adjusted for age",
        "odds ratio for participants of the same covariates, with profile likelihood limits",
        "Odds ratio by logistic regression for participants of the same covariates",
        "Standardised risks at the time point of each outcome",
        "primary outcome, secondary analysis by modified Poisson regression",
        "Log-binomial regression (sensitivity), risk ratio",
    ),
}  # fmt: skip
NEVER: dict[str, tuple[str, ...]] = {
    "relatedness never asked": (r"Related 0",),
    "nothing asked of events": (r"(?:Serious|Related|Led to withdrawal|Severity) 0",),
    "no form for harms": (r"0 \(0%\)[^.]{0,40}adverse", r"Any adverse event 0"),
    "care never asked": (r"Received allocated intervention \(?n? ?=? ?\d", r"Received no arm's care 0"),
    "no end of study": (r"Discontinued intervention \(?n? ?=? ?0",),
    "blank days": (r"still to come", r"not yet due"),
    "visits without days": (r"Visit outside its window 0",),
    "no ratio": (r"allocated 1:1",),
}  # fmt: skip
P_BESIDE = re.compile(
    r"difference between arms[^.;]* was (?:[^;(]|\.)*\(95% CI (−?[\d.]+) to (−?[\d.]+)\)"
    r"(?:; Hedges' g [^;]*)?; p ([=<>]) (\d\.\d+)"
)
ONE_SIDED = {"equivalence", "non-inferiority", "non-inferiority in two populations"}


@cache
def content_of_kind(name: str) -> Content:
    with TemporaryDirectory() as place:
        return content_of(line_of(write_trial(Path(place) / "trial", KINDS[name])))


def sentences(text: str) -> str:
    """The text on one line, with ordinary blanks and without the marks of notes."""
    return " ".join(re.sub(r"[|\N{NO-BREAK SPACE}]", " ", text).split())


def complaints(name: str, text: str) -> Iterator[str]:
    """What a reader objects to."""
    for what, pattern in SLIPS.items():
        for found in re.finditer(pattern, text):
            yield f"{what}: {text[max(0, found.start() - 60) : found.end() + 40]!r}"
    for pattern in NEVER.get(name, ()):
        for found in re.finditer(pattern, text):
            yield f"never: {text[max(0, found.start() - 60) : found.end() + 40]!r}"
    squeezed = text.replace(" ", "")
    for words in SAYS.get(name, ()):
        if words.replace(" ", "") not in squeezed:
            yield f"not said: {words!r}"
    if "no dated record" not in text:
        yield "not said: that there is no dated record of the plan"
    if name not in ONE_SIDED:
        yield from _disagreements(text)


def _disagreements(text: str) -> Iterator[str]:
    """A p value beside an interval that says the contrary."""
    for found in P_BESIDE.finditer(text):
        low, high = (float(each.replace("−", "-")) for each in found.group(1, 2))
        excludes = low > 0 or high < 0
        sign, p = found[3], float(found[4])
        below = p <= 0.05 if sign == "<" else p < 0.05
        if excludes != below and not low == high == 0 and p != 0.05:
            yield f"p beside an interval: {found[0]!r}"


@pytest.mark.parametrize("name", few_at_once([each for each in KINDS if each != "one arm"], 2))
def test_a_reader_objects_to_nothing(name: str) -> None:
    content = content_of_kind(name)
    assert list(complaints(name, sentences(of_markdown(content)))) == []
    assert [each.found for each in content.lint if each.rule == "R27"] == [], "shown as it is told"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
@pytest.mark.parametrize("name", [each for each in KINDS if each != "one arm"])
def test_a_reader_of_any_format_objects_to_nothing(name: str, kind: str) -> None:
    assert list(complaints(name, sentences(FORMATS[kind](content_of_kind(name))))) == []


@pytest.mark.parametrize("slip", SLIPS)
def test_a_reader_would_object(slip: str) -> None:
    wrong = {
        "a word that no reader should see": "a mean of nan",
        "a preposition twice": "differences in in arms",
        "one that is many": "of which 1 are adjusted",
        "a comparison that is one of several": "the other one comparison was not",
        "advice to leave somebody out": "leave it out of the data",
        "time without a record": "they were prespecified",
        "a standard deviation of nothing": "29.9 mm (SD \N{EM DASH}, n = 1)",
    }
    assert re.search(SLIPS[slip], wrong[slip])


def test_a_reader_sees_a_p_value_that_its_interval_contradicts() -> None:
    wrong = "The difference between arms was −4.5 mm (95% CI −9.8 to 0.7); p = 0.031."
    assert list(_disagreements(wrong))
    assert not list(_disagreements(wrong.replace("0.031", "0.091")))


def test_all_texts_that_are_placeholders_answer_nothing() -> None:
    rows = content_of_kind("all texts TBD").checklist.rows
    told = {"3", "4", "5a", "7", "12a", "12b", "13", "15", "17a", "18", "19"}
    assert {row.number for row in rows if row.number in told and row.status.is_reported} == set()


def test_an_outcome_without_an_effect_is_named_by_the_checklist_beside_one_that_has_it() -> None:
    row = content_of_kind("an arm without outcomes").checklist.row("26")
    assert not row.status.is_reported
    for words in ("Pain, Training vs Usual care", "Pain, Walking", "Much better, Walking"):
        assert words in row.note
    assert "Much better, Training" not in row.note


def each_arm_at_one_level(tables: Tables) -> None:
    arms = {row["subject_id"]: row["arm"] for row in tables["randomisation"]}
    for row in tables["perceived_effect"]:
        row["effect"] = "MI" if arms[row["subject_id"]] == "TRAIN" else "U"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cut", "change", "cell", "why"),
    [
        (
            date(2024, 2, 20),
            lambda _: None,
            "not yet due",
            "not yet due at the data cut: Week 8 is still to come for 16 of 16 randomised",
        ),
        (
            None,
            each_arm_at_one_level,
            "not estimable",
            "not estimable: an arm or a covariate tells levels of the outcome apart",
        ),
    ],
    ids=["not yet due", "each arm at one level"],
)
def test_a_primary_odds_ratio_that_lacks_is_told_with_its_reason(
    cut: date | None, change: Callable[[Tables], object], cell: str, why: str, tmp_path: Path
) -> None:
    primary = 'method = "proportional_odds"'
    kind = Kind(ordinal=True, visits=3, per_arm=(8,), primary=primary, change=change)
    line = line_of(write_trial(tmp_path / "trial", kind))
    if cut is not None:
        snapshot = freeze(FolderSource(folder=line.folder), line.schemas, cut=cut)
        datasets = build_datasets(snapshot, line.schemas, line.protocol)
        results = carry_out(line.protocol, datasets)
        line = replace(line, snapshot=snapshot, datasets=datasets, results=results)
    content = content_of(line)
    text = sentences(of_markdown(content))
    # the abstract and the section of results
    assert text.count(f"Global perceived effect, week 8: {why}") == 2
    assert re.search(rf"Common odds ratio of a higher level \(95% CI\) reference {cell}", text)
    assert [each for each in content.lint if each.rule == "R27"] == []


@pytest.mark.slow
def test_a_framework_that_its_method_contradicts_is_an_error_of_the_lint() -> None:
    def rules(name: str) -> set[str]:
        return {each.rule for each in content_of_kind(name).lint if each.severity.value == "error"}

    assert rules("contradictory framework") - rules("two arms") == {"R22"}
    assert "R22" not in rules("non-inferiority") | rules("equivalence")


def test_one_arm_alone_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=r"found 1 arm; expected two or more"):
        load_protocol(write_trial(tmp_path / "trial", KINDS["one arm"]))
