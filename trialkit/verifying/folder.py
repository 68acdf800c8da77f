"""What lies in an output folder, against what its manifest lists."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from trialkit.disk.reading import reading
from trialkit.outputs.names import FIGURES, FINDINGS, MANIFEST, REPORT, RESULTS
from trialkit.report.content.manifest import sha256
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.recorded import Recorded, read_inside, shown

_OUR_NAMES = frozenset((*REPORT, *RESULTS, *FINDINGS))


def different_files(out: Path, recorded: Recorded) -> Iterator[Difference]:
    """The files that the manifest lists and that are not there, or not as they were written.

    The results may all be absent, since ``trialkit report`` alone does not write them.
    """
    absent = set(absent_results(out))
    for name, sha in recorded.outputs.items():
        content = read_inside(out, name)
        if content is None:
            if name not in absent:
                is_folder = (out / name).is_dir()
                yield _file(name, "is a folder where a file was" if is_folder else "is missing")
        elif sha256(content) != sha:
            yield _file(name, "was changed after it was written: its SHA-256 is not the manifest's")
        elif _is_linked(out, name):
            yield _file(name, "is a link, or lies in one; trialkit writes none")


def absent_results(out: Path) -> tuple[str, ...]:
    """The files of the results, where none of them is there: they came of no run in this folder."""
    return () if any(os.path.lexists(out / name) for name in RESULTS) else RESULTS


def unlisted(out: Path, listed: Collection[str]) -> tuple[list[Difference], list[Difference]]:
    """What lies in the folder and no manifest lists.

    First what has a name that trialkit itself writes, and would be taken for a file of the run;
    then all else.
    """
    taken: list[Difference] = []
    other: list[Difference] = []
    for name, what in _unlisted_entries(out, {*listed, MANIFEST}):
        found = _file(name, f"is {what} that no manifest lists{_but_for_capitals(name, listed)}")
        would_be_taken = name in _OUR_NAMES or name.startswith(f"{FIGURES}/")
        (taken if would_be_taken else other).append(found)
    return taken, other


def _unlisted_entries(out: Path, listed: Collection[str]) -> Iterator[tuple[str, str]]:
    """Name and kind of each entry; a folder that holds no listed file is one entry."""
    holding = {str(each) for name in listed for each in PurePosixPath(name).parents}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with reading(out / folder):
            entries = sorted(os.scandir(out / folder), key=lambda entry: entry.name)
        for entry in entries:
            name = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False) and name in holding:
                waiting.append(f"{name}/")
            elif name not in listed and not (entry.is_symlink() and name in holding):
                yield name, _kind(entry)


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "a link"
    return "a folder" if entry.is_dir(follow_symlinks=False) else "a file"


def _but_for_capitals(name: str, listed: Collection[str]) -> str:
    """Which listed file a name could be mistaken for."""
    alike = next((each for each in listed if _folded(each) == _folded(name)), None)
    return "" if alike is None else f"; it lists {shown(alike)}, written otherwise"


def _folded(name: str) -> str:
    return normalize("NFKC", name).casefold()


def _is_linked(out: Path, name: str) -> bool:
    path = out / name
    inside = (each for each in path.parents if each != out and each.is_relative_to(out))
    return path.is_symlink() or any(each.is_symlink() for each in inside)


def _file(name: str, text: str) -> Difference:
    return Difference(kind=DifferenceKind.FILE, file=shown(name), text=text)
