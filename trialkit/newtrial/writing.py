"""Copy the small trial that travels with the package into a folder that does not exist yet."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from trialkit.errors import DataFileError
from trialkit.files.whole_files import why

CONTENT = ("protocol.toml", "forms", "data", "statements", "README.md")


def write_new_trial(folder: Path) -> tuple[Path, ...]:
    """Write the trial to ``folder``, whole or not at all, and return its files.

    Raises :class:`DataFileError` when something is there already, or it cannot be written.
    """
    try:
        if folder.exists():
            raise DataFileError(
                f"{folder}: is there already; name a folder that does not exist yet"
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (
            as_file(files("trialkit.newtrial")) as source,
            TemporaryDirectory(dir=folder.parent, prefix=".trialkit-") as temporary,
        ):
            target = Path(temporary) / "trial"
            target.mkdir()
            for name in CONTENT:
                _copy(source / name, target / name)
            target.rename(folder)
    except OSError as error:
        raise DataFileError(f"{folder}: cannot be written: {why(error)}") from None
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.is_file():
        shutil.copyfile(source, target)
