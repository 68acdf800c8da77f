"""The same on disks that are truly full or can only be read, where the tests may mount one."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from tests.cli.ends.table import ENDS, NOT_MET, REFUSALS
from tests.cli.ends.test_ends import files
from tests.cli.ends.world import COMMANDS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

pytestmark = pytest.mark.slow
WRITING = [name for name in COMMANDS if ENDS[name, "full"] != NOT_MET]


def mount(folder: Path, *options: str) -> bool:
    call = ["mount", "-t", "tmpfs", "-o", ",".join(options), "disk", str(folder)]
    return subprocess.run(call, stderr=subprocess.DEVNULL, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    # a file of a statistics program is read in a process of its own, whose watchman, once there, stays
    resource_tracker.ensure_running()
    if shutil.which("mount") is None or not mount(folder, "size=64m"):
        pytest.skip("no disk can be mounted here")
    yield folder
    os.chdir(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        # the spreadsheet library's writer ends its file, which is full, when it is collected
        patch.setattr(sys, "unraisablehook", lambda _: None)
        gc.collect()
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, *, room: int) -> None:
    """Leave room for so many pages of 4096 bytes."""
    now = os.statvfs(disk)
    used = (now.f_blocks - now.f_bfree) * now.f_bsize
    assert mount(disk, "remount", f"size={used + room * 4096}")


@pytest.mark.parametrize("room", [0, 1, 5])
@pytest.mark.parametrize("command", WRITING)
def test_a_full_disk_is_told_and_changes_nothing(
    command: str, room: int, disk: Path, made_world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made_world, disk / "world")
    os.chdir(disk / "world")
    before = files(disk)
    fill(disk, room=room)
    code = main(COMMANDS[command])
    if code != ExitCode.CANNOT:  # a line of a trail fits into what is left of its page
        assert room or command.startswith("randomise ")
        assert code in {ExitCode.FINE, ExitCode.FINDINGS}
        return
    said = capsys.readouterr().err
    assert REFUSALS["ENOSPC"] in said
    assert said.count("\n") == 1
    assert files(disk) == before


@pytest.mark.parametrize("command", WRITING)
def test_a_disk_that_can_only_be_read_is_told(
    command: str, disk: Path, made_world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made_world, disk / "world")
    os.chdir(disk / "world")
    before = files(disk)
    assert mount(disk, "remount", "ro")
    if command == "randomise unblind":
        return  # an emergency is answered: tests/design/randomisation/
    assert main(COMMANDS[command]) == ExitCode.CANNOT
    said = capsys.readouterr().err
    assert REFUSALS["EROFS"] in said
    assert said.count("\n") == 1
    assert files(disk) == before


TEMPORARY = [name for name in COMMANDS if ENDS[name, "temporary"] != NOT_MET]


@pytest.mark.parametrize(
    ("command", "pages"), [(name, pages) for name in TEMPORARY for pages in (1, 30, 300)]
)
def test_a_full_folder_for_temporary_files_is_told_and_changes_nothing(
    command: str,
    pages: int,
    *,
    disk: Path,
    world: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = files(world)
    fill(disk, room=pages)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    if main(COMMANDS[command]) != ExitCode.CANNOT:
        assert pages > 1
        return
    said = capsys.readouterr().err
    assert f"{disk}, the folder for temporary files" in said
    assert REFUSALS["ENOSPC"] in said
    assert said.count("\n") == 1
    assert files(world) == before
