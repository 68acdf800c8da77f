"""Files are written whole or not at all, and only where a trial's outputs belong."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import mkstemp

from trialkit.errors import DataFileError

INPUTS = ("data", "forms", "statements", "queries")
"""The folders of a trial that hold what people wrote; no output goes into them."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody meets half of it.

    Raises :class:`DataFileError` where the place cannot be written to.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError
        path.parent.mkdir(parents=True, exist_ok=True)
        _by_way_of_a_temporary(path, content)
    except OSError as error:
        raise DataFileError(f"{path}: cannot be written: {why(error)}") from None


def _by_way_of_a_temporary(path: Path, content: bytes) -> None:
    number, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_files(files: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write each file into a folder, and tell where they are."""
    for name, content in files.items():
        write_whole(out / name, content)
    return [out / name for name in files]


def read_whole(path: Path) -> bytes | None:
    """The content of a file; None where there is none.

    Raises :class:`DataFileError` for what is there and cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read: {why(error)}") from None


def remove_files(paths: Iterable[Path]) -> None:
    """Remove those of the files that are there, and nothing that is not a file.

    Raises :class:`DataFileError` for a file that cannot be removed.
    """
    for path in paths:
        try:
            if path.is_file():
                path.unlink()
        except OSError as error:
            raise DataFileError(f"{path}: cannot be removed: {why(error)}") from None


def why(error: OSError) -> str:
    """What stands in the way, and what to do about it."""
    match error:
        case IsADirectoryError():
            return "it is a folder; move the folder away, or name another place by --out"
        case FileExistsError() | NotADirectoryError():
            return "a folder is needed where a file is; move the file away, or name another place"
        case PermissionError():
            return (
                "permission denied; check that you may write to the folder, and close the file if "
                "a program has it open"
            )
        case _:
            return error.strerror or type(error).__name__


def output_folder(trial: Path, out: Path | None, *, pooled: bool = False) -> Path:
    """Where the outputs go: ``out``, else ``output`` in the trial's folder and nowhere outside it.

    What is ``pooled`` goes to a folder ``pooled``, which can be given away without any arm in it.

    Raises :class:`DataFileError` for a place among the trial's own inputs.
    """
    folder = trial / ("pooled" if pooled else "output") if out is None else out
    try:
        home, place = trial.resolve(), folder.resolve()
    except (OSError, RuntimeError):  # Python before 3.13 has a RuntimeError for a circle of links
        raise DataFileError(
            f"{folder}: cannot be followed, since its links lead in a circle or its name is too "
            "long; remove the link, or name another folder by --out"
        ) from None
    if not place.is_relative_to(home):
        if out is None:
            raise DataFileError(
                f"{folder}: leads out of the trial's folder; remove the link, or name a folder by "
                "--out"
            )
        return folder
    inside = place.relative_to(home).parts
    # Folders whose names differ in case only are one folder on some computers.
    if not inside or inside[0].casefold() in INPUTS:
        what = f"the trial's own {inside[0]}/" if inside else "the trial's own folder"
        raise DataFileError(
            f"{folder}: is {what}, which holds what people wrote; name a folder of its own for the "
            f"outputs, such as {trial / 'output'}"
        )
    return folder
