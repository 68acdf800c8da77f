"""A report is checked against the trial's folder: inputs, files, results and printed numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from trialkit import __version__
from trialkit.errors import DataFileError, TrialkitError
from trialkit.files.whole_files import read_whole
from trialkit.outputs.findings_files import findings_files
from trialkit.outputs.report_files import files_of
from trialkit.protocol.loading import FILE
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.content.manifest import current_versions, sha256
from trialkit.report.writers.editions import FILES, Edition
from trialkit.steps.analysing import analyse
from trialkit.steps.data_door import DataDoor
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import publish
from trialkit.steps.stages import OpenedTrial, Published
from trialkit.steps.validating import validate
from trialkit.verifying.anchor import Anchored, anchored, not_anchored
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.folder import absent_results, different_files, unlisted
from trialkit.verifying.inputs import (
    changed_definitions,
    different_inputs,
    different_log,
    different_software,
)
from trialkit.verifying.page import printed_numbers
from trialkit.verifying.recomputed import (
    PAGE,
    WORD,
    different_listing,
    different_manifest,
    different_others,
    different_printed,
    different_results,
    different_words,
    listed_on,
)
from trialkit.verifying.recorded import Recorded, read_recorded, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was compared, and what differs."""

    differences: tuple[Difference, ...]
    notices: tuple[Difference, ...]
    """What is worth knowing and changes nothing that the report says."""
    anchored: Anchored | None
    """What the anchor vouches for; None without one, or where it is that of another manifest."""
    same_software: bool
    """Whether the report was made with the very software that is here."""
    inputs: int
    files: int
    results: int
    numbers: int

    @property
    def holds(self) -> bool:
        """Whether the report still says what the data say."""
        return not self.differences


NOT_HASHED = (
    "tells arms, so the manifest of a pooled report has no hash of it; it was compared by the "
    "results alone"
)


def find_trial(out: Path) -> Path:
    """The trial whose output a folder is: the nearest folder above it that has a protocol.

    Raises :class:`DataFileError` when there is none.
    """
    for folder in out.resolve().parents:
        if (folder / FILE).is_file():
            return folder
    raise DataFileError(f"{out}: lies in no trial's folder; name the trial by --trial")


def verify(
    out: Path,
    *,
    trial: Path | None = None,
    anchor: str | None = None,
    reference: Path | None = None,
    store: str = "",
) -> Verification:
    """An output folder against its trial, analysed again, and against a hash that was kept apart.

    ``reference`` is the Word file that the run took its looks from, ``store`` the evidence store that it
    took its data from, where the protocol does not name it. What depends on the software to
    the byte is a difference where the software is the same, and a notice where it is not.

    Raises :class:`DataFileError` where the folder has no manifest that can be read, and what
    loading or analysing raises where the trial cannot be analysed any more.
    """
    recorded = read_recorded(out)
    vouched = None if anchor is None else anchored(anchor, recorded)
    software = tuple(different_software(recorded.versions, _versions_here()))
    fresh = _made_again(
        trial or find_trial(out),
        out,
        recorded,
        reference=reference,
        same_software=not software,
        store=store,
    )
    files = files_of(fresh)
    listing = {} if recorded.pooled else findings_files(fresh.analysed.validated)
    taken, further = unlisted(out, {*recorded.outputs, *listing})
    numbers = (*different_results(out, files), *different_printed(out, files))
    differences = (
        *(() if anchor is None or vouched else (not_anchored(recorded),)),
        *different_inputs(recorded, fresh.manifest),
        *different_log(recorded, fresh.manifest),
        *different_files(out, recorded),
        *taken,
        *numbers,
    )
    to_the_byte = (
        *(() if _of_the_page(numbers) else different_words(out, files)),
        *different_others(out, files, recorded),
        *different_listing(out, listing),
    )
    of_software = to_the_byte if software else ()
    differences += () if software else to_the_byte
    if not software and not differences:
        differences = tuple(different_manifest(files, recorded, fresh.manifest))
    return Verification(
        differences=tuple(dict.fromkeys(differences)),
        notices=(
            *software,
            *of_software,
            *_not_compared(out, recorded, reference),
            *(_notice(file, NOT_HASHED) for file in fresh.manifest.not_hashed),
            *further,
        ),
        anchored=vouched,
        same_software=not software,
        inputs=len(recorded.inputs),
        files=len(recorded.outputs),
        results=len(fresh.analysed.results.rows),
        numbers=len(printed_numbers(files[PAGE].decode())),
    )


def _of_the_page(differences: tuple[Difference, ...]) -> bool:
    return any(each.file == PAGE for each in differences)


def _made_again(
    trial: Path,
    out: Path,
    recorded: Recorded,
    *,
    reference: Path | None,
    same_software: bool,
    store: str,
) -> Published:
    """The report, as the trial's folder gives it now, at the recorded data cut."""
    if reference is not None and sha256(read_whole(reference) or b"") != recorded.reference:
        raise DataFileError(f"{reference}: is not the Word file that the run took its looks from")
    edition = Edition(
        formats=tuple(each for each in FILES if each in _comparable(recorded, reference)),
        draft=recorded.draft,
        style=recorded.style,
        reference=reference,
        pictures=any(name.endswith(".png") for name in recorded.outputs),
    )
    try:
        opened = _opened(trial, recorded, store)
        today = recorded.last_day
        if today is not None and today == opened.schemas.data.cut:
            today = max(today, listed_on(out) or today)  # its queries are of the day of the run
        validated = validate(opened, cut=recorded.data_cut, today=today)
        analysed = analyse(validated, allow_hard=True, only=recorded.only, pooled=recorded.pooled)
        return publish(analysed, edition=edition)
    except TrialkitError as error:
        if same_software:
            raise
        made_by = shown(recorded.versions.get("trialkit", "another version"))
        raise DataFileError(
            f"the report was made with trialkit {made_by}, and this is {__version__}, which cannot "
            f"make it again; verify with that version (pip install trialkit=={made_by}), or mend "
            f"what this one says:\n{error}"
        ) from error


def _opened(trial: Path, recorded: Recorded, store: str) -> OpenedTrial:
    """The trial by the door of the run, at the event of the log that it recorded.

    A run went by the folder's definitions, which need not be in the log; where they have changed since,
    it is made again by those that were in force at the event, if these are what it was made from, or
    if the forms are others by which the data cannot be read.
    """
    if recorded.log is None:
        return open_trial(trial)
    door = DataDoor(store=store, as_of=recorded.log[0])
    by_the_folder = replace(door, by_own_definitions=True)
    changed = changed_definitions(trial, recorded)
    if not changed:
        return open_trial(trial, door=by_the_folder)
    then = open_trial(trial, door=door)
    was_it = then.protocol.source_sha256 == recorded.inputs.get(f"protocol: {FILE}")
    return then if was_it or changed != {FILE} else open_trial(trial, door=by_the_folder)


def _comparable(recorded: Recorded, reference: Path | None) -> Iterator[ReportFormat]:
    """The page, whose numbers are compared; of the others those that the run wrote.

    A Word file takes its looks from one that the trial's folder need not have.
    """
    for each, file in FILES.items():
        has_looks = each is not ReportFormat.WORD or not recorded.reference or reference is not None
        if each is ReportFormat.HTML or (file in recorded.outputs and has_looks):
            yield each


def _not_compared(out: Path, recorded: Recorded, reference: Path | None) -> Iterator[Difference]:
    """What was taken on the word of the manifest alone, or could not be compared at all."""
    for name in absent_results(out):
        yield _notice(name, "is not in the folder, and was not compared")
    if PAGE not in recorded.outputs:
        yield _notice(
            PAGE, "was not made by the run; printed numbers could not be compared one by one"
        )
    if WORD in recorded.outputs and recorded.reference and reference is None:
        yield _notice(
            WORD,
            "was compared with its hash alone; name the Word file that it took its looks from: "
            "--reference FILE",
        )


def _notice(file: str, text: str) -> Difference:
    return Difference(kind=DifferenceKind.FILE, file=file, text=text)


def _versions_here() -> dict[str, str]:
    return {each.name: each.version for each in current_versions()}
