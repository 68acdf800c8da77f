"""The straight line, from a trial's folder to its published report.

The only module that knows the whole line; the command line and the web are doors to it.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from trialkit.disk.content import whole
from trialkit.files.whole_files import output_folder
from trialkit.halfway import files_to_results, lead_to_results
from trialkit.outputs.findings_files import findings_files
from trialkit.outputs.names import RESULTS
from trialkit.outputs.package_files import package_files, refuse_folder_of_outputs, replace_package
from trialkit.outputs.replacing import Files, leaving_at_least, replace_outputs
from trialkit.outputs.report_files import report_files
from trialkit.outputs.results_files import results_files
from trialkit.report.writers.editions import Edition
from trialkit.steps.analysing import analyse
from trialkit.steps.data_door import OWN_DOOR, DataDoor
from trialkit.steps.opening import open_trial
from trialkit.steps.packaging import package
from trialkit.steps.publishing import publish
from trialkit.steps.stages import Packaged, Published
from trialkit.steps.validating import validate
from trialkit.steps.watching import NOBODY, Watcher

EVERYTHING = Edition()


def run_trial(
    folder: Path,
    *,
    cut: date | None = None,
    today: date | None = None,
    allow_hard: bool = False,
    only: Collection[str] = (),
    pooled: bool = False,
    out: Path | None = None,
    edition: Edition = EVERYTHING,
    watcher: Watcher = NOBODY,
    door: DataDoor = OWN_DOOR,
) -> Published:
    """The whole line, from the trial's folder to its files in ``out`` (``folder/output``).

    All files of a run come together, in the place of those of an earlier one. Raises
    :class:`FindingsError` as :func:`analyse_trial` does.
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
    )
    watcher.has_analysed(analysed, [target / name for name in RESULTS])
    queries = analysed.validated.queries
    with (
        watcher.working("Reporting") as progress,
        leaving_at_least(target, lambda: files_to_results(analysed), queries=queries),
    ):
        led = files_to_results(analysed)
        analysed.validated.snapshot.let_go_of_frames()
        published = publish(analysed, edition=edition, progress=progress)
        files = report_files(published, {name: whole(led[name]) for name in RESULTS})
        replace_outputs(target, {**led, **files}, queries=queries)
    watcher.has_published(published, [target / name for name in files])
    return published


def package_trial(
    folder: Path,
    target: Path,
    *,
    cut: date | None = None,
    today: date | None = None,
    allow_hard: bool = False,
    only: Collection[str] = (),
    edition: Edition = EVERYTHING,
    watcher: Watcher = NOBODY,
    door: DataDoor = OWN_DOOR,
) -> Packaged:
    """What a journal takes of the trial, written to ``target``; its outputs stay as they are.

    The files take the place of those of an earlier package, unless somebody has changed one: then
    :class:`DataFileError`, and nothing is written.
    """
    out = output_folder(folder, target)
    refuse_folder_of_outputs(folder, out)
    with watcher.working("Validating"):
        trial = open_trial(folder, door=door)
        trial.protocol.plan.refuse_unknown(only)
        validated = validate(trial, cut=cut, today=today)
    watcher.has_validated(validated, [])
    with watcher.working("Reporting") as progress:
        analysed = analyse(validated, allow_hard=allow_hard, only=only, progress=progress)
        composed = publish(analysed, edition=replace(edition, formats=()), progress=progress)
        packaged = package(composed, edition=edition, progress=progress)
        written = replace_package(out, package_files(packaged))
    watcher.has_published(composed, written)
    return packaged


def report_trial(
    folder: Path,
    *,
    cut: date | None = None,
    today: date | None = None,
    allow_hard: bool = False,
    only: Collection[str] = (),
    pooled: bool = False,
    out: Path | None = None,
    edition: Edition = EVERYTHING,
    watcher: Watcher = NOBODY,
    door: DataDoor = OWN_DOOR,
) -> Published:
    """The report alone, written to ``out`` (``folder/output``, ``folder/pooled``).

    Findings and results that stand there stay only if they are those of this report.
    """
    target = output_folder(folder, out, pooled=pooled)
    with watcher.working("Validating"):
        trial = open_trial(folder, door=door)
        trial.protocol.plan.refuse_unknown(only)
        validated = validate(trial, cut=cut, today=today)
    watcher.has_validated(validated, [])
    findings: Files = {} if pooled else findings_files(validated)
    queries = validated.queries
    with watcher.working("Reporting") as progress:
        with leaving_at_least(target, dict, queries=queries, keeping=findings):
            analysed = analyse(
                validated, allow_hard=allow_hard, only=only, pooled=pooled, progress=progress
            )
            published = publish(analysed, edition=edition, progress=progress)
        results = results_files(published.analysed)
        files = report_files(published, results)
        kept = {**findings, **results}
        written = replace_outputs(target, files, queries=queries, keeping=kept)
    watcher.has_published(published, written)
    return published
