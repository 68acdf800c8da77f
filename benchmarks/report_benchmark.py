"""The CPU time of the report of the example beyond the imports, every format included.

Run ``python benchmarks/report_benchmark.py [TRIAL]``. Each step is timed in one process, the first
time (nothing cached) and at best of five; wanted is the whole report in less than two seconds.
Nothing is asserted about time.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from trialkit.pipeline import EVERYTHING
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.writers.editions import Edition
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import publish
from trialkit.steps.stages import Analysed
from trialkit.steps.validating import validate

EXAMPLE = Path(__file__).parents[1] / "example_trial"
REPEATS = 5
WANTED = 2.0


def seconds(call: Callable[[], object]) -> float:
    """The CPU time of a call: wall time says what else the machine does."""
    start = time.process_time()
    call()
    return time.process_time() - start


def test_the_report_in_every_format() -> None:
    """For pytest on this folder: everything runs."""
    assert publish(analysed_trial(EXAMPLE), edition=EVERYTHING).documents


def analysed_trial(folder: Path) -> Analysed:
    """The trial, validated and analysed, which is not timed here."""
    return analyse(validate(open_trial(folder)), allow_hard=True)


def main(folder: Path) -> None:
    """Time the whole report, then each format with what is composed for it."""
    analysed = analysed_trial(folder)
    first = seconds(lambda: publish(analysed, edition=EVERYTHING))
    best = min(seconds(lambda: publish(analysed, edition=EVERYTHING)) for _ in range(REPEATS))
    print(f"whole report of {folder.name}: {first:.2f} s at first, {best:.2f} s at best")
    print(f"wanted: less than {WANTED:.0f} s")
    composed = best_of(analysed, Edition(formats=()))
    print(f"  composing, figures included: {composed:.2f} s")
    for kind in ReportFormat:
        alone = best_of(analysed, Edition(formats=(kind,))) - composed
        print(f"  {kind.value:5} alone: {max(alone, 0.0):.2f} s")
    print(f"  pictures of the figures: {best_of(analysed, PICTURES) - composed:.2f} s")


PICTURES = Edition(formats=(), pictures=True)


def best_of(analysed: Analysed, edition: Edition) -> float:
    """The shortest of some tries."""
    return min(seconds(lambda: publish(analysed, edition=edition)) for _ in range(REPEATS))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE)
