"""Copy the small trial that travels with the package into a folder that does not exist yet."""

from importlib.resources import as_file, files
from pathlib import Path

from trialkit.files.whole_folders import copy_files, new_folder

CONTENT = ("protocol.toml", "forms", "data", "statements", "README.md")


def write_new_trial(folder: Path) -> tuple[Path, ...]:
    """Write the trial to ``folder``, whole or not at all, and return its files.

    Raises :class:`DataFileError` when something is there already, or it cannot be written.
    """
    with new_folder(folder) as target, as_file(files("trialkit.newtrial")) as source:
        for name in CONTENT:
            copy_files(source / name, target / name)
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
