"""A new folder comes whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from trialkit.disk.refusals import why
from trialkit.errors import DataFileError
from trialkit.files.whole_files import read_whole, write_whole


@contextmanager
def new_folder(place: Path) -> Iterator[Path]:
    """A folder to be filled in the block, which comes to its place when the block has ended well.

    Raises :class:`DataFileError` when something is there already, or it cannot be written.
    """
    if os.path.exists(place):  # noqa: PTH110 - of a name too long the system says no more than that
        raise DataFileError(f"{place}: is there already; name a folder that does not exist yet")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place.parent, prefix=".trialkit-") as temporary:
            made = Path(temporary) / "trial"
            made.mkdir()
            yield made
            made.rename(place)
    except DataFileError as error:  # named by where the file would have come
        raise DataFileError(str(error).replace(f"{temporary}/trial", str(place))) from None
    except OSError as error:
        raise DataFileError(f"{place}: cannot be written: {why(error)}") from None


def copy_files(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all the files in it.

    Raises :class:`DataFileError` for a file that cannot be read or written.
    """
    files = [source] if source.is_file() else sorted(source.rglob("*"))
    for file in files:
        content = read_whole(file) if file.is_file() else None
        if content is not None:
            write_whole(target / file.relative_to(source), content)
