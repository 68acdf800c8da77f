"""A folder for a while, in the computer's place for temporary files, which may be full too."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from trialkit.disk.reading import read_file
from trialkit.disk.refusals import refusal, why
from trialkit.errors import DataFileError, TrialkitError


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryFolder:
    """A folder that is gone with everything in it when its block ends."""

    path: Path

    def write(self, name: str, content: str) -> Path:
        """A file with this text."""
        place = self.path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(content, encoding="utf-8")
        return place

    def write_all(self, files: Mapping[str, bytes]) -> None:
        """Files with this content, in folders of their own where their names say so."""
        for name, content in files.items():
            place = self.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

    def copy(self, source: Path, name: str) -> Path:
        """A file with the content of another."""
        place = self.path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(read_file(source))
        return place


@contextmanager
def temporary_folder() -> Iterator[TemporaryFolder]:
    """A folder for a while.

    Raises :class:`DataFileError` where it has no room.
    """
    with (
        using_temporary_files(),
        TemporaryDirectory(prefix="trialkit-", ignore_cleanup_errors=True) as place,
    ):
        yield TemporaryFolder(path=Path(place))


@contextmanager
def using_temporary_files() -> Iterator[None]:
    """Work that writes temporary files, perhaps those of a library.

    Raises :class:`DataFileError` for what the system refuses of it.
    """
    try:
        yield
    except TrialkitError:
        raise
    except Exception as error:
        refused = refusal(error)
        if refused is None:
            raise
        raise DataFileError(f"{_place(refused)}: cannot be used: {why(refused)}") from None


def _place(error: OSError) -> str:
    """The folder for temporary files, unless the error names a file that lies elsewhere."""
    try:
        temporary = gettempdir()
    except OSError:
        return "the folder for temporary files, which TMPDIR names"
    named = str(error.filename or temporary)
    if Path(named).is_relative_to(temporary):
        return f"{temporary}, the folder for temporary files (TMPDIR names another)"
    return named
