"""What an import of an XLSForm carries over: the shares by form, and in all.

``python -m benchmarks.import_coverage`` prints them below those of REDCap, ``python -m
benchmarks.xlsform_coverage [FORM.xlsx ...] [--lost]`` alone: without files for the made-up forms of
:mod:`benchmarks.xlsform_idioms`. Carried over is an expression of a row that a form of
the trial says. Behind it stands the share of those that the file tells: without what rests on a question
or a choice that it lacks, a file that is not beside it, chance, the device or its language, and that
nobody could carry over. A form that ODK itself refuses is named and not counted.
"""

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from benchmarks.xlsform_idioms import IDIOMS, as_csv
from trialkit.errors import TrialkitError
from trialkit.imports.xlsform.drafting import DraftedForms, draft_forms
from trialkit.imports.xlsform.logic import Carried
from trialkit.imports.xlsform.odk_reading import read_survey
from trialkit.protocol.trial.data_format import DataFormat

COLUMNS = ("relevant", "calculation", "constraint", "choice_filter")
GOALS = {"relevant": 0.95, "calculation": 0.9, "constraint": 0.9}
"""The least share of each that is to be reached, of what the files tell."""


def drafted(path: Path) -> DraftedForms:
    """The forms of an XLSForm."""
    return draft_forms(read_survey(path), stem=path.stem, subject="", data=DataFormat())


Counts: TypeAlias = Counter[tuple[str, Carried]]


def counts(found: DraftedForms) -> Counts:
    """By column how many expressions are carried over, are lost, or rest on what is not in the file."""
    return Counter((column, carried) for (column, _), carried in found.tally.items())


def share(counted: Counts, column: str) -> float:
    """The share of what the file tells in a column that is carried over; of nothing it is whole."""
    said, lost = counted[column, Carried.SAID], counted[column, Carried.LOST]
    return said / (said + lost) if said + lost else 1.0


def made_up(folder: Path) -> list[Path]:
    """The made-up forms as files."""
    paths = []
    for name in IDIOMS:
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(as_csv(name))
        paths.append(path)
    return paths


def measure(paths: Sequence[Path], *, lost: bool = False) -> Counts:
    """Print the shares of each form and of all, and return the counts."""
    every: Counts = Counter()
    for path in paths:
        try:
            found = drafted(path)
        except TrialkitError as error:
            print(f"{path.name[:34]:36}{str(error)[:90]}")
            continue
        counted = counts(found)
        every += counted
        print(_line(path.stem, counted))
        for each in found.left_out if lost else ():
            print(f"    {each.place.partition(', ')[2]}: {each.found[:110]}: {each.why[:110]}")
    print(_line("all", every))
    return every


def _line(name: str, counted: Counts) -> str:
    cells = []
    for column in COLUMNS:
        said, every = counted[column, Carried.SAID], sum(counted[column, each] for each in Carried)
        shown = f"{100 * said / every:.1f} %" if every else "–"
        if counted[column, Carried.BEYOND]:
            shown += f", of what the file tells {100 * share(counted, column):.1f} %"
        cells.append(f"{column} {said}/{every} {shown}".ljust(28) + " ")
    return f"{name[:22]:24}{''.join(cells)}".rstrip()


def main(given: Sequence[str]) -> int:
    """Measure, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("forms", nargs="*", type=Path)
    parser.add_argument("--lost", action="store_true", help="list what is not carried over")
    arguments = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as folder:
        counted = measure(arguments.forms or made_up(Path(folder)), lost=arguments.lost)
    return int(any(share(counted, column) < goal for column, goal in GOALS.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
