"""One report of a serious adverse event as a page to sign and send: what was entered, and no arm."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trialkit.pages.setting import set_as_pdf
from trialkit.printable import fit_for_xml
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.reading.without_arms import holds_arm

TEMPLATE = "sae.typ"
NOTHING = "–"
SIGNED = ("Reported by", "Investigator")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """A row of the form of serious adverse events, as it was entered."""

    form: Form
    cells: Mapping[str, str]
    """By column of the form, its keys among them."""
    site: str = ""


def render_report(
    report: EventReport, protocol: Protocol, data: DataFormat, templates: Path
) -> bytes:
    """The report as a PDF on A4, on one page where its texts have room there; the same bytes each time.

    What names a person, and what holds an arm, is left out. Raises :class:`ReportError` when
    ``templates`` has no usable ``sae.typ``.
    """
    document = _document(report, protocol, data)
    return set_as_pdf(document, TEMPLATE, templates, what="the report")


def _document(report: EventReport, protocol: Protocol, data: DataFormat) -> dict[str, object]:
    trial, cells = protocol.trial, report.cells
    version = protocol.documents.version
    about = {
        "Trial": trial.id,
        "Protocol": version or NOTHING,
        "Participant": cells["subject_id"],
        "Site": report.site or NOTHING,
        "Number of the report": cells.get("repeat", "").strip() or NOTHING,
    }
    return {
        "title": fit_for_xml(report.form.title),
        "trial": fit_for_xml(trial.name),
        "synthetic": fit_for_xml(trial.synthetic),
        "source": fit_for_xml(f"From data/{report.form.id}.csv, as it was entered"),
        "about": _printable(tuple(about.items())),
        "answers": _printable(answers(report.form, cells, data)),
        "signed": list(SIGNED),
    }


def _printable(
    pairs: Iterator[tuple[str, str]] | Sequence[tuple[str, str]],
) -> list[dict[str, str]]:
    return [{"label": fit_for_xml(label), "answer": fit_for_xml(answer)} for label, answer in pairs]


def answers(form: Form, cells: Mapping[str, str], data: DataFormat) -> Iterator[tuple[str, str]]:
    """Each item that is asked, and what was entered for it, in words."""
    codes = {code.code: code.label for code in data.all_missing_codes}
    for item in form.asked:
        if not (item.identifier or holds_arm(item)):
            text = cells.get(item.id, "").strip()
            said = f"no value: {codes[text]}" if text in codes else _in_words(item, text)
            yield item.label, f"{said} {item.unit}".strip() if said else NOTHING


def _in_words(item: Item, text: str) -> str:
    """The labels of choices; anything else as it was entered."""
    labels = {choice.code.casefold(): choice.label for choice in item.offered}
    parts = text.split() if item.kind.nature is Nature.CODES else [text]
    return "; ".join(labels.get(part.casefold(), part) for part in parts)
