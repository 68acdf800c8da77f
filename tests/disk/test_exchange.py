"""An exchange that fails at any of its steps leaves what it found, and nothing beside it."""

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from trialkit.disk.exchange import Exchange

EARLIER = {"a.txt": b"old a", "b.txt": b"old b", "gone.txt": b"old"}
NEW = {"a.txt": b"new a", "b.txt": b"new b", "c/d/e.txt": b"new e"}


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file with its content, every folder without."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in EARLIER.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def exchanged(folder: Path, exchange: Exchange) -> None:
    for name, content in NEW.items():
        exchange.stage(folder / name, content)
    exchange.swap([folder / "gone.txt", folder / "a.txt", folder / "never.txt", folder])


def test_new_files_come_and_earlier_ones_go(folder: Path) -> None:
    exchange = Exchange()
    exchanged(folder, exchange)
    exchange.settle()
    assert tree(folder) == {**NEW, "c": None, "c/d": None}
    assert (folder / "a.txt").stat().st_mode & 0o777 == 0o644


def test_nobody_else_can_read_private_files(tmp_path: Path) -> None:
    exchange = Exchange(is_private=True)
    exchange.stage(tmp_path / "vault" / "key", b"x")
    exchange.swap([])
    exchange.settle()
    assert (tmp_path / "vault").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "vault" / "key").stat().st_mode & 0o777 == 0o600


class Failing:
    """Calls of the system of which the n-th fails."""

    def __init__(self, at: int) -> None:
        self.left = at

    def wrap(self, call: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **options: object) -> object:
            self.left -= 1
            if self.left == 0:
                raise OSError(errno.EIO, "Input/output error")
            return call(*arguments, **options)

        return called


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("at", range(1, 18))
def test_whichever_step_fails_all_is_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, at: int, links: bool
) -> None:
    failing = Failing(at)
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    for place, name in (
        (os, "fsync"),
        (shutil, "copy2"),
        (Path, "replace"),
        (Path, "unlink"),
        (Path, "mkdir"),
    ):
        monkeypatch.setattr(place, name, failing.wrap(getattr(place, name)))
    before, exchange = tree(folder), Exchange()
    try:
        exchanged(folder, exchange)
    except OSError:
        assert exchange.undo() == []
        assert tree(folder) == before
    else:
        monkeypatch.undo()
        exchange.settle()
        assert tree(folder) == {**NEW, "c": None, "c/d": None}


def test_an_exchange_can_be_undone_after_the_swap(folder: Path) -> None:
    before, exchange = tree(folder), Exchange()
    (folder / "link").symlink_to("a.txt")
    exchange.stage(folder / "link", b"x")
    exchanged(folder, exchange)
    assert not (folder / "link").is_symlink()
    exchange.undo()
    assert (folder / "link").readlink() == Path("a.txt")
    (folder / "link").unlink()
    assert tree(folder) == before


def test_what_cannot_go_back_stays_under_a_name_that_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = Exchange()
    exchanged(folder, exchange)
    monkeypatch.setattr(Path, "replace", Failing(1).wrap(Path.replace))
    (stuck,) = exchange.undo()
    assert stuck.read_bytes() == b"old a"
    assert (folder / "b.txt").read_bytes() == b"old b"


STEPS = ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "unlink"))


def killed_at(folder: Path, step: int) -> bool:
    """Whether an exchange, in a process of its own, was ended by force at one of its steps."""
    child = os.fork()
    if not child:
        with pytest.MonkeyPatch.context() as patch:
            left = iter(range(step, -1, -1))

            def wrap(call: Callable[..., object]) -> Callable[..., object]:
                def called(*arguments: object, **options: object) -> object:
                    if not next(left):
                        os.kill(os.getpid(), signal.SIGKILL)
                    return call(*arguments, **options)

                return called

            for place, name in STEPS:
                patch.setattr(place, name, wrap(getattr(place, name)))
            whole(folder)
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def whole(folder: Path) -> None:
    exchange = Exchange()
    exchange.begin(folder / name for name in NEW)
    exchanged(folder, exchange)
    exchange.settle()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be divided here")
def test_after_an_end_by_force_each_file_is_whole_and_the_next_exchange_leaves_nothing(
    tmp_path: Path,
) -> None:
    step, killed = 0, True
    while killed:
        step += 1
        folder = tmp_path / str(step)
        folder.mkdir()
        for name, content in EARLIER.items():
            (folder / name).write_bytes(content)
        killed = killed_at(folder, step - 1)
        for name, earlier in EARLIER.items():
            path = folder / name
            there = path.read_bytes() if path.exists() else None
            assert there in {earlier, NEW.get(name)}, step
        whole(folder)
        assert tree(folder) == {**NEW, "c": None, "c/d": None}, step
    assert step > 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be divided here")
def test_two_that_write_at_once_come_one_after_the_other(tmp_path: Path) -> None:
    """Never a file of one beside a file of the other, however often they meet."""
    children = []
    for mark in (b"one", b"two", b"three"):
        child = os.fork()
        if not child:
            for number in range(25):
                exchange = Exchange()
                places = [tmp_path / name for name in ("a", "b", "inside/c")]
                exchange.begin(places if number % 2 else reversed(places))
                for place in places:
                    exchange.stage(place, mark)
                exchange.swap([])
                if len({place.read_bytes() for place in places}) > 1:
                    os._exit(1)
                exchange.settle()
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert {path.name for path in tmp_path.rglob("*")} == {"a", "b", "inside", "c"}


def test_a_folder_that_is_removed_meanwhile_is_told(tmp_path: Path) -> None:
    exchange = Exchange()
    exchange.begin([tmp_path / "output" / "a"])
    exchange.stage(tmp_path / "output" / "a", b"new")
    shutil.rmtree(tmp_path / "output")
    with pytest.raises(FileNotFoundError):
        exchange.swap([])
    assert exchange.at == tmp_path / "output" / "a"
    assert exchange.undo() == []
    assert list(tmp_path.iterdir()) == []
