"""Trials before they are full: copies of a trial's folder, their files emptied to the header line."""

from collections.abc import Collection, Iterable
from pathlib import Path
from shutil import copytree, ignore_patterns

from tests.conftest import ROOT, THREE_ARMS

TEMPLATE = ROOT / "trialkit" / "newtrial"
FORMS = tuple(sorted(file.stem for file in (TEMPLATE / "data").glob("*.csv")))
"""The forms of the trial that ``trialkit new`` writes."""


def template(folder: Path) -> Path:
    """The trial that ``trialkit new`` writes."""
    return copytree(TEMPLATE, folder, ignore=ignore_patterns("__pycache__", "*.py"))


def three_arms(folder: Path) -> Path:
    """The trial of three arms, its registry not called by a word that looks like a slip."""
    copytree(THREE_ARMS, folder, ignore=ignore_patterns("__pycache__", "*.py"))
    protocol = folder / "protocol.toml"
    text = protocol.read_text("utf-8").replace('"None', '"Nowhere')
    protocol.write_text(text, "utf-8", newline="\n")
    return folder


def emptied(folder: Path, forms: Iterable[str]) -> Path:
    """The trial with nothing but the header line in the files of these forms."""
    for form in forms:
        _keep(folder / "data" / f"{form}.csv", ())
    return folder


def only(folder: Path, subjects: Collection[str]) -> Path:
    """The trial with the rows of these people alone."""
    for file in (folder / "data").glob("*.csv"):
        _keep(file, subjects)
    return folder


def subjects_of(folder: Path, form: str) -> tuple[str, ...]:
    """Who has a row on the form, in the order of its file."""
    rows = (folder / "data" / f"{form}.csv").read_text("utf-8-sig").splitlines()[1:]
    return tuple(dict.fromkeys(_subject(row) for row in rows))


def _keep(file: Path, subjects: Collection[str]) -> None:
    header, *rows = file.read_bytes().splitlines(keepends=True)
    kept = [row for row in rows if _subject(row.decode("utf-8")) in subjects]
    file.write_bytes(header + b"".join(kept))


def _subject(row: str) -> str:
    return row.replace(";", ",").split(",", maxsplit=1)[0].strip('"')
