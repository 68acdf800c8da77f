"""A trial with other data than those of its folder, as a folder for a while.

What reads a folder and knows how rows from elsewhere fit into it serves data that stand in a store.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trialkit.disk.reading import read_file
from trialkit.disk.temporary import temporary_folder
from trialkit.errors import TrialkitError
from trialkit.steps.stages import OpenedTrial
from trialkit.store.sources.folder_source import FOLDER

_NO_ROOM = "cannot be written"
_TEMPORARY = "the folder for temporary files (TMPDIR names another)"


@contextmanager
def staged(trial: OpenedTrial, data: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder with the definitions of the trial and these files as its data.

    Forms without a file have their header. Messages of what is done there name the trial's own folder.
    """
    schemas, name = trial.schemas, trial.folder.resolve().name
    definitions = {
        path.relative_to(trial.folder).as_posix(): read_file(path)
        for path in (*trial.folder.glob("*.toml"), *trial.folder.glob("forms/**/*"))
        if path.is_file()
    }
    delimiter, encoding = schemas.data.delimiter, schemas.data.encoding
    heads = {
        f"{form.id}.csv": f"{delimiter.join(form.entered)}\n".encode(encoding)
        for form in schemas.forms
    }
    tables = {f"{FOLDER}/{file}": content for file, content in (heads | dict(data)).items()}
    with temporary_folder() as place:
        folder = place.path / name
        place.write_all({f"{name}/{file}": each for file, each in (definitions | tables).items()})
        try:
            yield folder
        except TrialkitError as error:
            raise type(error)(_told(str(error), folder, trial.folder)) from None


def _told(said: str, folder: Path, trial: Path) -> str:
    """A message that names the trial's own folder, but where there was no room for this one."""
    if _NO_ROOM in said:
        return said.replace(str(folder), f"{folder.parent.parent}, {_TEMPORARY}")
    return said.replace(str(folder), str(trial))
