"""What an import of REDCap carries over: the shares by file, and in all.

Run ``python -m benchmarks.import_coverage [DICTIONARY.csv ...] [--lost]``: without files it measures the
made-up dictionaries of :mod:`benchmarks.redcap_idioms`, each of which imitates the habits of a kind of
public project. Carried over is what a rule, a range, a pattern or a type of the trial says, and what
needs none (a tag of display, a limit of a text without validation, which REDCap itself passes over).
Logic that rests on ``today`` counts as carried over: the form says it, as ``entry_day``, though it finds
nothing until a field is named that holds the day.
Where logic names a field that the file lacks, or what the server alone knows, nobody could carry it over:
the last line gives the shares without these, by which the goals are judged.
``--lost`` lists what is not carried over, and why.
"""

import argparse
import csv
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import xlsform_coverage
from benchmarks.redcap_idioms import IDIOMS, rows
from trialkit.errors import TrialkitError
from trialkit.imports.redcap.annotations import action_tags
from trialkit.imports.redcap.decisions import ImportDecisions
from trialkit.imports.redcap.dictionary import Dictionary, FieldType, read_dictionary
from trialkit.imports.redcap.drafting import Project, draft_project
from trialkit.imports.redcap.items import DraftedItem, Trouble
from trialkit.imports.redcap.layout import lay_out
from trialkit.imports.redcap.system_fields import Extras
from trialkit.protocol.trial.data_format import DataFormat

KINDS = ("branching", "calculations", "min/max", "validations", "text functions", "annotations")
GOALS = {"branching": 0.995, "calculations": 0.99, "min/max": 1.0, "validations": 0.98}
"""The least share of each kind that is to be reached."""
_TEXT_FUNCTION = re.compile(
    r"\b(?:contains|not_contain|starts_with|ends_with|concat|concat_ws|upper|lower|trim|left|right|"
    r"mid|length|find|replace_text|isnumber|isinteger)\s*\(",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something that a dictionary says, and why it is not carried over, if it is not."""

    kind: str
    field: str
    said: str
    lost: str = ""
    beyond: bool = False
    """Whether it rests on a field that the file lacks, or on what the server alone knows."""


def project_of(dictionary: Dictionary) -> Project:
    """The forms of a dictionary of which no events are known."""
    decisions = ImportDecisions()
    layout = lay_out(dictionary.forms, designated=(), found=(), decisions=decisions)
    return draft_project(dictionary, layout, decisions, data=DataFormat(), extras=Extras())


def asked_of(project: Project) -> Iterator[Asked]:
    """Everything that the dictionary of a project says of its data, one after the other."""
    known = {field.name for field in project.dictionary.fields}
    for form in project.forms:
        for draft in form.items:
            if draft.field.name in known:
                yield from _of_field(draft)


def _of_field(draft: DraftedItem) -> Iterator[Asked]:
    field = draft.field
    said: list[tuple[str, str, str]] = []
    if field.branching:
        said.append(("branching", field.branching, "the branching logic"))
    if field.kind == FieldType.CALC:
        said.append(("calculations", field.choices, "the calculation"))
    for which, end in (("minimum", field.low), ("maximum", field.high)):
        if end and (field.validation or field.kind == FieldType.SLIDER):
            said.append(("min/max", end, f"the {which}"))
    if field.kind == FieldType.TEXT and field.validation:
        said.append(("validations", field.validation, "the validation"))
    said += [
        ("annotations", f"{tag.name}({tag.value})", tag.name)
        for tag in action_tags(field.annotation)
    ]
    for kind, text, begins in said:
        trouble = next((each for each in draft.troubles if _is_about(each, begins)), None)
        lost, beyond = (trouble.why, trouble.beyond) if trouble else ("", False)
        yield Asked(kind=kind, field=field.name, said=text, lost=lost, beyond=beyond)
        if kind != "min/max" and _TEXT_FUNCTION.search(text):
            yield Asked(
                kind="text functions", field=field.name, said=text, lost=lost, beyond=beyond
            )


def _is_about(trouble: Trouble, begins: str) -> bool:
    return trouble.found.startswith(begins) and not trouble.why.startswith("it is carried over")


def made_up(folder: Path) -> Iterator[tuple[str, Path]]:
    """The made-up dictionaries as files."""
    for name in IDIOMS:
        path = folder / f"{name.replace(' ', '_')}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(name))
        yield name, path


def shares(asked: Sequence[Asked]) -> str:
    """The share of each kind, in a line of a table."""
    cells = []
    for kind in KINDS:
        of = [each for each in asked if each.kind == kind]
        carried = sum(not each.lost for each in of)
        share = f"{100 * carried / len(of):5.1f} %" if of else "      -"
        cells.append(f"{share} {carried:>5}/{len(of):<5}")
    return " ".join(cells)


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument(
        "--lost", action="store_true", help="list what is not carried over, and why"
    )
    given = parser.parse_args(arguments)
    everything: list[Asked] = []
    print(f"{'':32}{' '.join(f'{kind:19}' for kind in KINDS)}")
    with tempfile.TemporaryDirectory() as folder:
        files = [(p.name, p) for p in given.files] or list(made_up(Path(folder)))
        for name, path in files:
            try:
                asked = list(asked_of(project_of(read_dictionary(path))))
            except TrialkitError as error:
                print(f"{name[-30:]:32}{str(error)[:140]}")
                continue
            everything += asked
            print(f"{name[-30:]:32}{shares(asked)}")
            for each in asked if given.lost else ():
                if each.lost:
                    print(f"    {each.field}: {each.kind}: {each.said[:90]}: {each.lost[:160]}")
    print(f"{'in all':32}{shares(everything)}")
    told = [each for each in everything if not each.beyond]
    if len(told) < len(everything):
        print(f"{'of what the files tell':32}{shares(told)}")
    if given.files:
        return 1 if missed(everything) else 0
    print("\nXLSForms")
    surveys = xlsform_coverage.main(["--lost"] if given.lost else [])
    return 1 if missed(everything) else surveys


def missed(asked: Sequence[Asked]) -> dict[str, float]:
    """The kinds whose share is below the goal, with their shares."""
    asked = [each for each in asked if not each.beyond]
    counts = Counter(each.kind for each in asked)
    carried = Counter(each.kind for each in asked if not each.lost)
    found = {kind: carried[kind] / counts[kind] for kind in GOALS if counts[kind]}
    return {kind: share for kind, share in found.items() if share < GOALS[kind]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
