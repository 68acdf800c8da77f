"""Files are written whole or not at all, and only where a trial's outputs belong."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trialkit.disk.content import Content, Pieces, pieces_of
from trialkit.disk.exchange import Exchange
from trialkit.disk.reading import bytes_within, reading
from trialkit.disk.refusals import why
from trialkit.errors import DataFileError
from trialkit.limits import LARGEST_CSV

INPUTS = ("data", "forms", "statements", "queries")
"""The folders of a trial that hold what people wrote; no output goes into them."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody meets half of it.

    Raises :class:`DataFileError` where the place cannot be written to.
    """
    write_together({path: content})


def write_files(files: Mapping[str, Content], out: Path) -> list[Path]:
    """Write all files into a folder, or none, and tell where they are."""
    return write_together(placed(files, out))


def placed(files: Mapping[str, Content], out: Path) -> dict[Path, Content]:
    """The files of a folder by their places."""
    return {out / name: content for name, content in files.items()}


def write_together(
    files: Mapping[Path, Content], *, leaving: Iterable[Path] = (), is_private: bool = False
) -> list[Path]:
    """Write all files, and remove those that are ``leaving``, or do nothing; tell where they are.

    Raises :class:`DataFileError`, and everything is as before, where that cannot be done.
    """
    with together(files, leaving=leaving, is_private=is_private):
        return list(files)


@contextmanager
def together(
    files: Mapping[Path, Content], *, leaving: Iterable[Path] = (), is_private: bool = False
) -> Iterator[None]:
    """All files in their places while the block runs; if it fails, all is as it was before.

    Private files and their folders can be read by their owner alone. What is no file does not
    leave; what leaves is asked when nobody else writes there.

    Raises :class:`DataFileError` where the files cannot be written.
    """
    exchange = Exchange(is_private=is_private)
    try:
        _carry_out(exchange, files, leaving)
        yield
    except BaseException as error:
        stuck = exchange.undo()
        if stuck:
            raise DataFileError(
                f"{error}. What was there could not be put back, and is now {_listed(stuck)}"
            ) from None
        raise
    exchange.settle()


def _carry_out(exchange: Exchange, files: Mapping[Path, Content], leaving: Iterable[Path]) -> None:
    try:
        exchange.begin(files)
        for path, content in files.items():
            exchange.stage(path, content)
        exchange.swap(leaving)
    except OSError as error:
        raise DataFileError(f"{exchange.at}: cannot be written: {why(error)}") from None


def _listed(paths: Iterable[Path]) -> str:
    return ", ".join(map(str, paths))


def read_whole(path: Path) -> bytes | None:
    """The content of a file; None where there is none.

    Raises :class:`DataFileError` for what is there and cannot be read.
    """
    with reading(path):
        try:
            return bytes_within(path, LARGEST_CSV)
        except FileNotFoundError:
            return None


def unless_moved(path: Path, content: Content, *, sha256: str, otherwise: str) -> Pieces:
    """Content for a file that nobody changed since it was read: asked when nobody else can write.

    ``sha256`` is of what was read, empty where there was no file. Writing it raises
    :class:`DataFileError`, which says ``otherwise``, where something else stands there by then.
    """

    def made() -> Iterator[bytes]:
        now = read_whole(path)
        if ("" if now is None else hashlib.sha256(now).hexdigest()) != sha256:
            raise DataFileError(otherwise)
        yield from pieces_of(content)

    return Pieces(made)


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
