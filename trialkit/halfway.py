"""The line as far as the results; what comes after it loads the report."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from trialkit.errors import TrialStep
from trialkit.files.whole_files import output_folder
from trialkit.outputs.findings_files import findings_files
from trialkit.outputs.names import FINDINGS, RESULTS
from trialkit.outputs.replacing import Files, leaving_at_least, replace_outputs
from trialkit.outputs.results_files import results_files
from trialkit.steps.analysing import analyse
from trialkit.steps.data_door import OWN_DOOR, DataDoor
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import Analysed, Validated
from trialkit.steps.validating import validate
from trialkit.steps.watching import NOBODY, Watcher


def analyse_trial(
    folder: Path,
    *,
    cut: date | None = None,
    today: date | None = None,
    allow_hard: bool = False,
    only: Collection[str] = (),
    pooled: bool = False,
    out: Path | None = None,
    watcher: Watcher = NOBODY,
    door: DataDoor = OWN_DOOR,
) -> Analysed:
    """The line up to the results, from the trial's folder to ``out`` (``folder/output``).

    ``only`` are the ids of the analyses that are asked for, all where there is none. Findings and
    results take the place of what an earlier run left, all together. Hard findings stop the
    analysis with :class:`FindingsError`, and then the findings alone do so. Of ``pooled`` results,
    which go to ``folder/pooled``, no findings are written, since they name participants and arms.
    """
    target = output_folder(folder, out, pooled=pooled)
    analysed = lead_to_results(
        folder,
        target,
        cut=cut,
        today=today,
        allow_hard=allow_hard,
        only=only,
        pooled=pooled,
        watcher=watcher,
        door=door,
        step=TrialStep.ANALYSE,
    )
    queries = analysed.validated.queries
    replace_outputs(target, files_to_results(analysed), queries=queries)
    watcher.has_analysed(analysed, [target / name for name in RESULTS])
    return analysed


def lead_to_results(
    folder: Path,
    target: Path,
    *,
    cut: date | None,
    today: date | None,
    allow_hard: bool,
    only: Collection[str],
    pooled: bool,
    watcher: Watcher,
    door: DataDoor,
    step: TrialStep = TrialStep.REPORT,
) -> Analysed:
    """The line up to the results; nothing is written unless the trial itself stops it.

    The trial must be whole as far as ``step`` needs it.
    """
    with watcher.working("Validating"):
        trial = open_trial(folder, step=step, door=door)
        trial.protocol.plan.refuse_unknown(only)
        validated = validate(trial, cut=cut, today=today)
    watcher.has_validated(validated, [] if pooled else [target / name for name in FINDINGS])
    with (
        watcher.working("Analysing") as progress,
        leaving_at_least(
            target, lambda: _listing(validated, pooled=pooled), queries=validated.queries
        ),
    ):
        return analyse(
            validated, allow_hard=allow_hard, only=only, pooled=pooled, progress=progress
        )


def files_to_results(analysed: Analysed) -> Files:
    """The listing of findings, unless the results are pooled, and the results."""
    listing = _listing(analysed.validated, pooled=analysed.protocol.is_pooled)
    return {**listing, **results_files(analysed)}


def _listing(validated: Validated, *, pooled: bool) -> Files:
    return {} if pooled else findings_files(validated)
