"""Answers of a REDCap project that are spelled as a missing code of the trial."""

from collections.abc import Iterator, Sequence

from trialkit.grammar import by_number
from trialkit.imports.redcap.choices import read_choices
from trialkit.imports.redcap.decisions import ImportDecisions
from trialkit.imports.redcap.dictionary import Dictionary, Field, FieldType
from trialkit.imports.redcap.drafting import said_to_be_missing
from trialkit.imports.redcap.export import Export
from trialkit.imports.taking_in.taken_codes import Spelled, TakenCode, taken_codes
from trialkit.protocol.trial.data_format import DataFormat

_CHOSEN = frozenset({FieldType.RADIO, FieldType.DROPDOWN, FieldType.CHECKBOX})


def codes_of_answers(
    dictionary: Dictionary,
    exports: Sequence[Export],
    decisions: ImportDecisions,
    data: DataFormat,
) -> tuple[TakenCode, ...]:
    """The missing codes of the trial that are choices, or typed words, and not said to be missing."""
    said = said_to_be_missing(decisions, data)
    open_codes = [each.code for each in data.all_missing_codes if each.code not in said]
    chosen = [each for field in dictionary.fields for each in _choices(field, decisions)]
    typed = [each for export in exports for each in _typed(export, dictionary, open_codes)]
    answers = (each for each in (*chosen, *typed) if each.code not in said)
    return taken_codes(answers, data)


def _choices(field: Field, decisions: ImportDecisions) -> Iterator[Spelled]:
    if field.kind not in _CHOSEN:
        return
    becomes = decisions.new_codes(field.name)
    for choice in read_choices(field.choices).all:
        what = f"{choice.label!r} of {field.name}"
        yield Spelled(code=becomes.get(choice.code, choice.code), what=what)


def _typed(export: Export, dictionary: Dictionary, codes: Sequence[str]) -> Iterator[Spelled]:
    """What was typed into fields that hold any text."""
    fields = [field for field in dictionary.fields[1:] if _is_any_text(field)]
    for field in fields:
        if not export.has(field.name):
            continue
        cells = export.cells.select(export.system(field.name))[field.name]
        for code, count in cells.filter(cells.is_in(codes)).value_counts(sort=True).rows():
            noun = by_number(count, "answer", "answers")
            yield Spelled(code=code, what=f"{count} {noun} typed into {field.name}")


def _is_any_text(field: Field) -> bool:
    return field.kind == FieldType.NOTES or (field.kind == FieldType.TEXT and not field.validation)
