"""A report is checked against the trial's folder: inputs, files, results and printed numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.outputs.names import MANIFEST, RESULTS
from trialkit.outputs.report_files import files_of
from trialkit.protocol.loading import FILE
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.content.manifest import HashedFile, Manifest, sha256
from trialkit.report.writers.editions import FILES, Edition
from trialkit.results.results import COLUMNS
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import publish
from trialkit.steps.stages import Published
from trialkit.steps.validating import validate
from trialkit.verifying.page import different_numbers, printed_numbers
from trialkit.verifying.recorded import Recorded, read_inside, read_recorded, shown
from trialkit.verifying.rows import DRAWN_COLUMNS, different_rows

PAGE = FILES[ReportFormat.HTML]
_TABLES = {RESULTS[0]: COLUMNS, RESULTS[2]: DRAWN_COLUMNS}
"""The files that are compared row by row."""
_NOT_OF_THE_REPORT = frozenset(RESULTS)
"""Files that ``trialkit report`` alone does not write."""
_DRAWN_ELSEWHERE = (".png",)
"""Pictures, which are compared with the manifest alone."""


class DifferenceKind(StrEnum):
    """What is not as it was."""

    SOFTWARE = "software"
    INPUT = "input"
    FILE = "file"
    RESULT = "result"
    NUMBER = "number"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was."""

    kind: DifferenceKind
    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was compared, and what differs."""

    differences: tuple[Difference, ...]
    notices: tuple[Difference, ...]
    """What is worth knowing and changes nothing that the report says."""
    inputs: int
    files: int
    results: int
    numbers: int

    @property
    def holds(self) -> bool:
        """Whether the report still says what the data say."""
        return not self.differences


def find_trial(out: Path) -> Path:
    """The trial whose output a folder is: the nearest folder above it that has a protocol.

    Raises :class:`DataFileError` when there is none.
    """
    for folder in out.resolve().parents:
        if (folder / FILE).is_file():
            return folder
    raise DataFileError(f"{out}: lies in no trial's folder; name the trial by --trial")


def verify(out: Path, *, trial: Path | None = None) -> Verification:
    """An output folder against its trial, analysed again.

    Raises :class:`DataFileError` where the folder has no manifest that can be read, and what
    loading or analysing raises where the trial cannot be analysed any more.
    """
    recorded = read_recorded(out)
    fresh = _made_again(trial or find_trial(out), recorded)
    files = files_of(fresh)
    same_software = recorded.versions == _versions(fresh.manifest)
    differences = (
        *_inputs(recorded, fresh.manifest),
        *_outputs(out, recorded),
        *_results(out, files),
        *_page(out, files, recorded, same_software=same_software),
        *(_other_files(out, files, recorded) if same_software else ()),
    )
    return Verification(
        differences=tuple(dict.fromkeys(differences)),
        notices=(*_software(recorded, fresh.manifest), *_absent(out, files)),
        inputs=len(recorded.inputs),
        files=len(recorded.outputs),
        results=len(fresh.analysed.results.rows),
        numbers=len(printed_numbers(files[PAGE].decode())),
    )


def _made_again(trial: Path, recorded: Recorded) -> Published:
    """The report, as the trial's folder gives it now, at the recorded data cut."""
    formats = tuple(
        each
        for each, file in FILES.items()
        if each is ReportFormat.HTML
        or (file in recorded.outputs and not (each is ReportFormat.WORD and recorded.has_reference))
    )
    validated = validate(open_trial(trial), cut=recorded.data_cut)
    analysed = analyse(validated, allow_hard=True, only=recorded.only, pooled=recorded.pooled)
    edition = Edition(formats=formats, draft=recorded.draft, style=recorded.style)
    return publish(analysed, edition=edition)


def _software(recorded: Recorded, manifest: Manifest) -> Iterator[Difference]:
    now = _versions(manifest)
    for name in dict.fromkeys((*recorded.versions, *now)):
        then, here = recorded.versions.get(name), now.get(name)
        if then != here:
            was = "without it" if then is None else f"with {shown(then)}"
            yield Difference(
                kind=DifferenceKind.SOFTWARE,
                file=MANIFEST,
                text=f"{shown(name)}: the report was made {was}; here is {here or 'none'}",
            )


def _versions(manifest: Manifest) -> dict[str, str]:
    return {each.name: each.version for each in manifest.versions}


def _inputs(recorded: Recorded, manifest: Manifest) -> Iterator[Difference]:
    now = {f"protocol: {manifest.protocol.file}": manifest.protocol.sha256}
    groups: dict[str, tuple[HashedFile, ...]] = {
        "forms": manifest.forms,
        "data": manifest.data,
        "statements": manifest.statements,
        "templates": manifest.templates,
    }
    for group, hashed in groups.items():
        now |= {f"{group}: {each.file}": each.sha256 for each in hashed}
    for name in dict.fromkeys((*recorded.inputs, *now)):
        _, _, file = name.partition(": ")
        if name not in now:
            text = "was among the inputs of the report, and is gone"
        elif name not in recorded.inputs:
            text = "was not among the inputs of the report, and is there now"
        elif now[name] != recorded.inputs[name]:
            text = "is not the file that the report was made from: its SHA-256 has changed"
        else:
            continue
        yield Difference(kind=DifferenceKind.INPUT, file=shown(file), text=text)


def _outputs(out: Path, recorded: Recorded) -> Iterator[Difference]:
    """The files of the run against the hashes that it wrote down."""
    for name, sha in recorded.outputs.items():
        content = read_inside(out, name)
        if content is None:
            if name not in _NOT_OF_THE_REPORT:
                yield Difference(kind=DifferenceKind.FILE, file=shown(name), text="is missing")
        elif sha256(content) != sha:
            yield Difference(
                kind=DifferenceKind.FILE,
                file=shown(name),
                text="was changed after it was written: its SHA-256 is not the manifest's",
            )


def _absent(out: Path, files: dict[str, bytes]) -> Iterator[Difference]:
    for name in RESULTS:
        if name in files and read_inside(out, name) is None:
            yield Difference(
                kind=DifferenceKind.FILE,
                file=name,
                text="is not in the folder, and was not compared",
            )


def _results(out: Path, files: dict[str, bytes]) -> Iterator[Difference]:
    for name, columns in _TABLES.items():
        content = read_inside(out, name)
        if content is not None:
            for text in different_rows(content, files[name], columns):
                yield Difference(kind=DifferenceKind.RESULT, file=name, text=text)


def _page(
    out: Path, files: dict[str, bytes], recorded: Recorded, *, same_software: bool
) -> Iterator[Difference]:
    """Every number of the page; with the same software also every other character."""
    content = read_inside(out, PAGE)
    if content is None:
        if PAGE in recorded.outputs:
            return
        yield Difference(kind=DifferenceKind.FILE, file=PAGE, text="the run made no page to check")
        return
    page, true = content.decode("utf-8", errors="replace"), files[PAGE].decode()
    wrong = list(different_numbers(page, true))
    for results, here, there in wrong:
        yield Difference(
            kind=DifferenceKind.NUMBER, file=PAGE, text=_otherwise(results, here, there)
        )
    if same_software and not wrong and content != files[PAGE]:
        yield Difference(kind=DifferenceKind.WORDS, file=PAGE, text=_first_line(page, true))


def _otherwise(results: str, here: str, there: str) -> str:
    rows = shown(results)
    if not here:
        return f"{rows}: the results give {shown(there)!r}, which the page does not print"
    if not there:
        return f"{rows}: the page prints {shown(here)!r}, which no results give"
    return f"{rows}: the page prints {shown(here)!r}, the results give {shown(there)!r}"


def _first_line(page: str, true: str) -> str:
    own, right = page.splitlines(), true.splitlines()
    for number, (here, there) in enumerate(zip(own, right, strict=False), start=1):
        if here != there:
            start = next(
                (at for at, (a, b) in enumerate(zip(here, there, strict=False)) if a != b),
                min(len(here), len(there)),
            )
            since = max(start - 20, 0)
            return (
                f"line {number} has {shown(here[since : since + 60])!r}, the trial's folder gives "
                f"{shown(there[since : since + 60])!r}"
            )
    return f"has {len(own)} lines, the trial's folder gives {len(right)}"


def _other_files(out: Path, files: dict[str, bytes], recorded: Recorded) -> Iterator[Difference]:
    """Every other file against what the folder gives, in case the manifest was changed with it."""
    for name, true in files.items():
        if name in {PAGE, *_TABLES} or name not in recorded.outputs:
            continue
        if name.endswith(_DRAWN_ELSEWHERE):
            continue
        content = read_inside(out, name)
        if content is not None and content != true:
            yield Difference(
                kind=DifferenceKind.FILE, file=name, text="is not what the trial's folder gives"
            )
