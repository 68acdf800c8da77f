"""The documentation names everything that a user can write, and nothing that is not there."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from trialkit.checks.findings.findings import COLUMNS as FINDING_COLUMNS
from trialkit.design.sample_size.catalogue import SITUATIONS
from trialkit.protocol.consistency import RESERVED_ANALYSES
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.estimands import Estimand, IntercurrentEvent
from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import AnalysisHeading, AnalysisRole, Family
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.parts import PARTS
from trialkit.protocol.trial.data_format import DateOrder, MissingCode
from trialkit.protocol.trial.interventions import ExerciseProgramme, Intervention
from trialkit.protocol.trial.kinds import InterventionKind, Reporter, Side
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.people import Grouping
from trialkit.protocol.trial.report_contents import FigureKind, RowSetting, RowTable
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.protocol.trial.visits import Window
from trialkit.results.results import COLUMNS as RESULT_COLUMNS
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import FormKind, FormTest, Item, Purpose, Rule, Severity
from trialkit.schemas.items.answers import NONE_CHOSEN, ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.loading import Heading

DOCS = Path(__file__).parents[1] / "docs"
PROTOCOL = (DOCS / "protocol.md").read_text(encoding="utf-8")
NOUNS = [
    *(each.kind for each in PARTS if each.kind), Estimand, IntercurrentEvent, Family,
    ExerciseProgramme, Intervention, MissingCode, RowSetting, Window, AnalysisHeading,
    *dict.fromkeys(SPECIFICATIONS.values()),
]  # fmt: skip


@pytest.mark.parametrize("noun", list(dict.fromkeys(NOUNS)), ids=lambda each: each.__name__)
def test_every_key_of_the_protocol_is_documented(noun: type) -> None:
    words = set(re.findall(r"[a-z0-9_]+", PROTOCOL))
    assert {field.name for field in fields(noun)} <= words


def test_every_method_and_role_is_documented() -> None:
    for method in SPECIFICATIONS:
        assert f"`{method.value}`" in PROTOCOL
    for role in AnalysisRole:
        assert f"`{role.value}`" in PROTOCOL


@pytest.mark.parametrize(
    "enum",
    [
        Adjustment,
        OutcomeRole,
        OutcomeType,
        Grouping,
        DateOrder,
        ReportStyle,
        FigureKind,
        RowTable,
        InterventionKind,
        Reporter,
        Side,
    ],
)
def test_every_choice_is_documented_as_it_is_written(enum: type) -> None:
    words = re.sub(r"```.*?```", "", PROTOCOL, flags=re.DOTALL)  # an example is no list of choices
    assert {f"`{member.value}`" for member in enum} <= set(re.findall(r"`[^`]+`", words))


def test_every_reserved_name_is_documented() -> None:
    for name in RESERVED_ANALYSES:
        assert f"`{name}`" in PROTOCOL


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_links_lead_somewhere() -> None:
    readme = DOCS.parent / "README.md"
    text = readme.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (DOCS.parent / target).exists(), target


@pytest.mark.parametrize("enum", [BuiltIn, FormKind, ItemType, Purpose, Severity])
def test_everything_that_a_form_can_say_is_documented(enum: type) -> None:
    words = set(re.findall(r"[a-z_]+", (DOCS / "forms.md").read_text(encoding="utf-8")))
    assert {member.value for member in enum} <= words


@pytest.mark.parametrize(
    "noun", [Heading, Item, ItemChoice, Rule, FormTest], ids=lambda each: each.__name__
)
def test_every_key_of_a_form_is_documented(noun: type) -> None:
    page = (DOCS / "forms.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", page))
    assert {field.name for field in fields(noun)} | {NONE_CHOSEN} <= words


def test_every_column_of_the_listing_and_of_the_results_is_documented() -> None:
    forms = (DOCS / "forms.md").read_text(encoding="utf-8")
    results = (DOCS / "results.md").read_text(encoding="utf-8")
    assert ", ".join(FINDING_COLUMNS) in forms
    assert ", ".join(RESULT_COLUMNS) in results


def test_external_rows_may_be_on_the_scales_that_the_page_lists() -> None:
    text = (DOCS / "methods" / "external.md").read_text("utf-8")
    for outcome, summary in (
        ("continuous", Summary.MEAN),
        ("binary", Summary.PROPORTION),
        ("ordinal", Summary.LEVELS),
        ("count", Summary.RATE),
        ("time to an event", Summary.TIME),
        ("recurrent events", Summary.RECURRENCE),
    ):
        (row,) = re.findall(rf"^\| {outcome} \| (.*) \|$", text, re.MULTILINE)
        assert set(re.findall(r"`(\w+)`", row)) == {each.value for each in External.SCALES[summary]}


def test_what_can_be_sized_and_not_analysed_is_what_the_page_says() -> None:
    text = (DOCS / "methods" / "sample_size.md").read_text("utf-8")
    (sentence,) = re.findall(r"trialkit cannot yet analyse (.*?) size:", text)
    without = {method.value for method, each in SITUATIONS.items() if each.not_analysed}
    assert set(re.findall(r"`(\w+)`", sentence)) == without


@pytest.mark.parametrize("design", ["clusters", "factorial", "crossover"])
def test_the_readme_sends_to_each_design_and_calls_no_method_of_a_plan_pythons(design: str) -> None:
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    assert f"docs/methods/{design}.md" in readme
    assert "serves parallel-group trials" not in readme
    assert "Some serve Python alone" not in readme
