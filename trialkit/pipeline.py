"""The straight line, from a trial's folder to its published report.

The only module that knows the whole line; the command line and the web are doors to it.
"""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from trialkit.errors import TrialkitError
from trialkit.files.whole_files import output_folder
from trialkit.halfway import analyse_trial
from trialkit.outputs.findings_files import findings_files
from trialkit.outputs.removing import NO_FINDINGS, remove_earlier
from trialkit.outputs.report_files import write_report
from trialkit.outputs.results_files import results_files
from trialkit.report.writers.editions import Edition
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import publish
from trialkit.steps.stages import Published
from trialkit.steps.validating import validate
from trialkit.steps.watching import NOBODY, Watcher

EVERYTHING = Edition()


def run_trial(
    folder: Path,
    *,
    cut: date | None = None,
    allow_hard: bool = False,
    only: Collection[str] = (),
    pooled: bool = False,
    out: Path | None = None,
    edition: Edition = EVERYTHING,
    watcher: Watcher = NOBODY,
) -> Published:
    """The whole line, from the trial's folder to its files in ``out`` (``folder/output``).

    Raises :class:`FindingsError` as :func:`analyse_trial` does.
    """
    analysed = analyse_trial(
        folder,
        cut=cut,
        allow_hard=allow_hard,
        only=only,
        pooled=pooled,
        out=out,
        watcher=watcher,
    )
    with watcher.working("Reporting") as progress:
        published = publish(analysed, edition=edition, progress=progress)
        written = write_report(published, output_folder(folder, out, pooled=pooled))
    watcher.has_published(published, written)
    return published


def report_trial(
    folder: Path,
    *,
    cut: date | None = None,
    allow_hard: bool = False,
    only: Collection[str] = (),
    pooled: bool = False,
    out: Path | None = None,
    edition: Edition = EVERYTHING,
    watcher: Watcher = NOBODY,
) -> Published:
    """The report alone, written to ``out`` (``folder/output``, ``folder/pooled``).

    Findings and results that stand there stay only if they are those of this report.
    """
    target = output_folder(folder, out, pooled=pooled)
    with watcher.working("Validating"):
        trial = open_trial(folder)
        trial.protocol.plan.refuse_unknown(only)
        validated = validate(trial, cut=cut)
    watcher.has_validated(validated, [])
    findings = NO_FINDINGS if pooled else findings_files(validated)
    with watcher.working("Reporting") as progress:
        try:
            analysed = analyse(
                validated, allow_hard=allow_hard, only=only, pooled=pooled, progress=progress
            )
            published = publish(analysed, edition=edition, progress=progress)
        except TrialkitError:
            remove_earlier(target, current=findings)
            raise
        remove_earlier(target, current=findings | results_files(published.analysed))
        written = write_report(published, target)
    watcher.has_published(published, written)
    return published
