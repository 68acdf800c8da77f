"""The line as far as the results; what comes after it loads the report."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from trialkit.files.whole_files import output_folder
from trialkit.outputs.findings_files import write_findings
from trialkit.outputs.removing import NO_FINDINGS, remove_earlier
from trialkit.outputs.results_files import write_results
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import Analysed
from trialkit.steps.validating import validate
from trialkit.steps.watching import NOBODY, Watcher


def analyse_trial(
    folder: Path,
    *,
    cut: date | None = None,
    allow_hard: bool = False,
    only: Collection[str] = (),
    pooled: bool = False,
    out: Path | None = None,
    watcher: Watcher = NOBODY,
) -> Analysed:
    """The line up to the results, from the trial's folder to ``out`` (``folder/output``).

    ``only`` are the ids of the analyses that are asked for, all where there is none. The findings
    are written, and earlier results and reports removed, before hard findings stop the analysis
    with :class:`FindingsError`. Of ``pooled`` results, which go to ``folder/pooled``, no findings
    are written, since they name participants and arms.
    """
    target = output_folder(folder, out, pooled=pooled)
    with watcher.working("Validating"):
        trial = open_trial(folder)
        trial.protocol.plan.refuse_unknown(only)
        validated = validate(trial, cut=cut)
        listed = [] if pooled else write_findings(validated, target)
    watcher.has_validated(validated, listed)
    with watcher.working("Analysing") as progress:
        remove_earlier(target, current=NO_FINDINGS if pooled else None)
        analysed = analyse(
            validated, allow_hard=allow_hard, only=only, pooled=pooled, progress=progress
        )
        written = write_results(analysed, target)
    watcher.has_analysed(analysed, written)
    return analysed
