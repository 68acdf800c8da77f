"""Definitions that a store kept as texts, laid out as the folder in which they can be read."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from trialkit.disk.reading import read_file
from trialkit.disk.temporary import temporary_folder
from trialkit.errors import EvidenceError, TrialStep
from trialkit.protocol.loading import FILE, load_protocol
from trialkit.steps.data_door import DataDoor, definitions_then, store_of

_FORM_FILE = re.compile(r"forms/[A-Za-z0-9_-]{1,100}\.toml")


@contextmanager
def laid_out(files: Mapping[str, str]) -> Iterator[Path]:
    """A folder for a while, with protocol and forms in it.

    Raises :class:`EvidenceError` for a name that is no file of definitions.
    """
    for name in files:
        if name != FILE and not _FORM_FILE.fullmatch(name):
            raise EvidenceError(
                f"the definitions of the store hold the file {name[:80]!r}, which is none; 'trialkit store "
                "verify' tells whether somebody changed them"
            )
    with temporary_folder() as place:
        place.write_all({name: text.encode("utf-8") for name, text in files.items()})
        yield place.path


@contextmanager
def definitions_of(folder: Path, door: DataDoor) -> Iterator[tuple[Path, DataDoor]]:
    """Where protocol and forms of the door's moment are read from, and the door with its store named.

    They are the folder's, unless the door names a moment at which the log had others. The store is
    where the folder's protocol says today: data do not come from where they once were.
    """
    if door.as_of is None or door.by_own_definitions:
        yield folder, door
        return
    said = door.store or store_of(folder, load_protocol(folder, step=TrialStep.VALIDATE).data)
    named = replace(door, store=said)
    files = definitions_then(folder, named)
    if not files or are_in(folder, files):
        yield folder, named
        return
    with laid_out(files) as place:
        yield place, named


def names_in(folder: Path) -> frozenset[str]:
    """The names of the protocol, whether it is there or not, and of a folder's forms."""
    return frozenset({FILE, *(f"forms/{path.name}" for path in (folder / "forms").glob("*.toml"))})


def are_in(folder: Path, files: Mapping[str, str]) -> bool:
    """Whether these are protocol and forms of a folder, to the letter."""
    return names_in(folder) == set(files) and all(
        read_file(folder / name) == text.encode("utf-8") for name, text in files.items()
    )
