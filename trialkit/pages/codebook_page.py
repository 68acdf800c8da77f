"""What is asked in a trial, as people read it: the codebook as a page and as rows of a table.

The nouns here are filled by whoever knows the forms; this module only places them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateError

from trialkit.errors import ReportError
from trialkit.report.writers.render import page_environment
from trialkit.report.writers.template_folder import find_templates
from trialkit.schemas.forms.forms import FormKind
from trialkit.schemas.items.kind import PaperSpace

PAGE = "codebook.html.j2"
COLUMNS = (
    "form", "form_title", "visits", "repeating", "item", "section", "label", "note", "type", "example", "unit",
    "hard_range", "expected_range", "choices", "required", "shown_when", "calculation",
    "missing_codes", "identifier", "purpose", "rules",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookChoice:
    """A code and what it means."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An item, all of it in words."""

    id: str
    label: str
    type: str
    example: str
    """A text that has the form that is asked for."""
    section: str
    note: str
    unit: str
    hard_range: str
    expected_range: str
    choices: tuple[CodebookChoice, ...]
    required: str
    """``always``, a condition, or nothing."""
    shown_when: str
    only_if: str
    """The condition under which it is asked, in words where they could be found."""
    calculation: str
    missing_codes: tuple[str, ...]
    identifier: bool
    purpose: str
    rules: tuple[str, ...]
    """The ids of the rules that are about it."""
    space: PaperSpace
    lowest: int = 0
    highest: int = 0
    """The ends of a row of numbers to circle."""
    boxes: int = 0
    """How many digits it has, where a printed form gives each a box."""
    anchors: tuple[str, ...] = ()
    length_mm: float = 0.0
    """How long the line of a visual analogue scale is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookCondition:
    """A rule: what must hold of every row, and what is said where it does not."""

    id: str
    expression: str
    severity: str
    message: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A form, all of it in words."""

    id: str
    title: str
    kind: FormKind
    expected: str
    visits: tuple[CodebookChoice, ...]
    repeating: bool
    one_row_for: tuple[str, ...]
    """The labels of what tells the rows apart."""
    arms: tuple[str, ...]
    key: tuple[str, ...]
    questions: tuple[Question, ...]
    rules: tuple[CodebookCondition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """Everything that a trial asks, of whom and when."""

    title: str
    short_title: str
    trial: str
    synthetic: str
    version: str
    """The protocol's version and date, where it says so."""
    written: str
    """How the data files are written, in words."""
    date_boxes: tuple[str, ...]
    """What the boxes of a date are for, in the order of the protocol: ``D``, ``M``, ``Y``."""
    visits: tuple[CodebookChoice, ...]
    baseline: tuple[str, ...]
    """The codes of the visits before the intervention."""
    missing_codes: tuple[CodebookChoice, ...]
    pages: tuple[Page, ...]


def find_form_templates() -> Path:
    """The folder of the templates for forms, beside that of the report's."""
    return find_templates().parent / "forms"


def render_codebook(codebook: Codebook, templates: Path) -> str:
    """The codebook as one HTML file that loads nothing and runs nothing.

    Raises :class:`ReportError` when ``templates`` has no usable page.
    """
    try:
        page = page_environment(templates).get_template(PAGE)
        return page.render(codebook=codebook)
    except TemplateError as error:
        raise ReportError(
            f"the codebook cannot be rendered with the templates in {templates}: "
            f"{type(error).__name__}: {error}"
        ) from error


def codebook_rows(codebook: Codebook) -> Iterator[tuple[str, ...]]:
    """One row an item, in the order of :data:`COLUMNS`."""
    for page in codebook.pages:
        rules = {rule.id: rule for rule in page.rules}
        for each in page.questions:
            yield (
                page.id,
                page.title,
                " ".join(visit.code for visit in page.visits),
                _yes_no(page.repeating),
                each.id,
                each.section,
                each.label,
                each.note,
                each.type,
                each.example,
                each.unit,
                each.hard_range,
                each.expected_range,
                " | ".join(f"{choice.code} = {choice.label}" for choice in each.choices),
                each.required,
                each.shown_when,
                each.calculation,
                " ".join(each.missing_codes),
                _yes_no(each.identifier),
                each.purpose,
                " | ".join(_said(rules[name]) for name in each.rules),
            )


def _said(rule: CodebookCondition) -> str:
    return f"{rule.id} ({rule.severity}): {rule.expression}: {rule.message}"


def _yes_no(truth: bool) -> str:  # noqa: FBT001 - one value, of which this is the word
    return "yes" if truth else "no"
