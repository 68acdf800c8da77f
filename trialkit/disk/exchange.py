"""Files that change places: all new ones are whole on the disk before the first one comes.

What was there is kept under a name of its own until all have come, so that an exchange that fails
at any step leaves what it found. One that is ended by force leaves such names behind, which the
next one in the folder removes.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from tempfile import mkstemp

from trialkit.disk.content import Content, pieces_of
from trialkit.disk.turns import PREFIX, Turn, turn_in


class Exchange:
    """Earlier files for new ones, in steps: begin, stage each, swap all, then settle or undo."""

    def __init__(self, *, is_private: bool = False) -> None:
        self.at = Path()
        """The place that the step under way is about."""
        self._modes = (0o600, 0o700) if is_private else (0o644, 0o777)
        self._staged: dict[Path, Path] = {}
        self._kept: dict[Path, Path] = {}
        self._come: set[Path] = set()
        self._made: list[Path] = []
        self._turns: list[Turn] = []

    def begin(self, paths: Iterable[Path]) -> None:
        """Make the folders, and have each to oneself: who writes there at once comes after."""
        folders = set()
        for path in paths:
            self.at = path
            self._make(path.parent)
            folders.add(path.parent.resolve())
        for folder in sorted(folders):  # in one order, so that no two wait for each other
            turn = turn_in(folder)
            if turn is not None:
                self._turns.append(turn)

    def stage(self, path: Path, content: Content) -> None:
        """Write a file whole beside its place, and wait until it is on the disk."""
        self.at = path
        if path.is_dir():
            raise IsADirectoryError
        self._make(path.parent)
        number, name = mkstemp(dir=path.parent, prefix=f"{PREFIX}{path.name}.")
        self._staged[path] = Path(name)
        with os.fdopen(number, "wb") as file:
            file.writelines(pieces_of(content))
            file.flush()
            os.fsync(file.fileno())
        self._staged[path].chmod(self._modes[0])

    def swap(self, leaving: Iterable[Path]) -> None:
        """Put every staged file into its place, then take away those that are ``leaving``."""
        going = [path for path in leaving if path not in self._staged and path.is_file()]
        for path in (*self._staged, *going):
            self.at = path
            if os.path.lexists(path):
                self._keep(path)
        for path, staged in self._staged.items():
            self.at = path
            staged.replace(path)
            self._come.add(path)
        for path in going:
            self.at = path
            path.unlink(missing_ok=True)

    def settle(self) -> None:
        """The new files stay, and nothing is left beside them."""
        for kept in self._kept.values():
            _remove(kept)
        for turn in self._turns:
            turn.sweep()
        self._end_turns()

    def undo(self) -> list[Path]:
        """Everything as it was found; gives where an earlier file stands that could not go back."""
        stuck = [kept for path, kept in self._kept.items() if not self._has_put_back(path, kept)]
        for path in self._come - self._kept.keys():
            _remove(path)
        for staged in self._staged.values():
            _remove(staged)
        for folder in reversed(self._made):
            try:
                folder.rmdir()
            except OSError:
                break  # somebody else has put something there
        self._end_turns()
        return stuck

    def _has_put_back(self, path: Path, kept: Path) -> bool:
        """Whether what was kept is in its place; a second name of what never left it goes."""
        try:
            if path in self._come or not os.path.lexists(path):
                kept.replace(path)
            else:
                _remove(kept)
        except OSError:
            return False
        return True

    def _end_turns(self) -> None:
        while self._turns:
            self._turns.pop().end()

    def _make(self, folder: Path) -> None:
        """A folder and those above it, remembering which were not there."""
        new = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(new):
            each.mkdir(mode=self._modes[1], exist_ok=True)
            self._made.append(each)
        if not folder.is_dir():
            raise NotADirectoryError

    def _keep(self, path: Path) -> None:
        """A second name for what is there, or a copy of it on a disk that knows no second names."""
        kept = path.with_name(f"{PREFIX}{path.name}.{token_hex(4)}")
        try:
            _second_name(path, kept)
        except BaseException:
            _remove(kept)
            raise
        self._kept[path] = kept


def _second_name(path: Path, name: Path) -> None:
    try:
        os.link(path, name, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, name, follow_symlinks=False)


def _remove(path: Path) -> None:
    """Remove a file of ours; one that the disk does not let go of stays under its own name."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
