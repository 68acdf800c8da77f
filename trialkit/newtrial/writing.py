"""A trial in a folder that does not exist yet: the small one that travels with the package, or none of it."""

from importlib.resources import as_file, files
from pathlib import Path

from trialkit.files.whole_files import write_whole
from trialkit.files.whole_folders import copy_files, new_folder
from trialkit.imports.taking_in.protocol_skeleton import BASELINE, protocol_skeleton

CONTENT = ("protocol.toml", "forms", "data", "statements", "README.md")
FIRST_FORM = "forms/screening.toml"


def write_new_trial(folder: Path) -> tuple[Path, ...]:
    """Write the trial to ``folder``, whole or not at all, and return its files.

    Raises :class:`DataFileError` when something is there already, or it cannot be written.
    """
    with new_folder(folder) as target, as_file(files("trialkit.newtrial")) as source:
        for name in CONTENT:
            copy_files(source / name, target / name)
    return _written(folder)


def write_empty_trial(folder: Path) -> tuple[Path, ...]:
    """Write a trial that data can be entered into and checked by, and nothing more.

    It has a baseline visit, the form that says who was screened, and no row. Raises as
    :func:`write_new_trial` does.
    """
    protocol = protocol_skeleton(
        origin="Written by trialkit new --empty.", trial=folder.resolve().name, visits=(BASELINE,)
    )
    with new_folder(folder) as target, as_file(files("trialkit.newtrial")) as source:
        copy_files(source / FIRST_FORM, target / FIRST_FORM)
        write_whole(target / CONTENT[0], protocol.encode())
        copy_files(source / "empty" / "screening.csv", target / "data" / "screening.csv")
    return _written(folder)


def _written(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
