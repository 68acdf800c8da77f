"""The files in a trial's folder that describe the works it cites."""

from pathlib import Path

BIBTEX, CSL_JSON = "references.bib", "references.json"
FILES = (BIBTEX, CSL_JSON)


def reference_files(folder: Path) -> tuple[Path, ...]:
    """The files of references that the trial's folder has."""
    return tuple(folder / name for name in FILES if (folder / name).exists())
