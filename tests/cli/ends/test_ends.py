"""Each command under each condition ends as ``docs/exit-codes.md`` says, and leaves what it found."""

import errno
import io
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.worksheet import _writer

import trialkit.disk.temporary
from tests.cli.ends.device import Device
from tests.cli.ends.table import CODES, ENDS, MEANINGS, NOT_MET, REFUSALS, SAID
from tests.cli.ends.world import COMMANDS, leaves
from tests.conftest import few_at_once
from trialkit.cli.ends import ENDS as ENDS_OF
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.options import build_parser
from trialkit.disk.refusals import REASONS

NOISE = b"\x00\xff\xfe = [[ \x1b nonsense"
INPUTS = {
    "import redcap": "dictionary.csv",
    "import workbook": "typed.xlsx",
    "import csv": "rows.csv",
    "import statfile": "rows.sav",
    "import xlsform": "survey.xlsx",
    "queries answer": "answered.xlsx",
    "statements import": "edited.docx",
    "verify --trial": "report.docx",
    "forms sae": "reporting/protocol.toml",
    "queries apply": "corrected/protocol.toml",
    "randomise commit": "other/protocol.toml",
    "store import redcap": "projected/protocol.toml",
    "store import xlsform": "surveyed/protocol.toml",
    "store revoke": "granted/protocol.toml",
    "store people": "stored/evidence.sqlite",
    "store place": "sited/protocol.toml",
    "store allocate": "randomised/evidence.sqlite",
    "store unblind": "randomised/evidence.sqlite",
    "store restore": "emptied/protocol.toml",
    "store migrate": "newer/protocol.toml",
    "store again": "second.csv",
    "store compare": "stored/protocol.toml",
    "store adjudicate": "twice/protocol.toml",
    **dict.fromkeys(
        (
            "store import workbook",
            "store import csv",
            "store import statfile",
            "store import folder",
            "store export",
            "store log",
            "store diff",
            "store verify",
            "store anchor",
            "store backup",
            "store redact",
            "store status",
            "store query",
            "store mark",
            "store freeze",
            "store lock",
            "store unlock",
            "store sign",
            "store passphrase",
            "store grant",
        ),
        "stored/protocol.toml",
    ),
}
"""The file that a command reads first of those that could be wrong; else the protocol."""
OF_INPUTS = {"gone", "damaged"}
BY_SQLITE = {name for name in COMMANDS if name.startswith("store ")}
"""Commands that wait for what SQLite writes, page by page: ``test_true_disk`` fills a disk under them."""
LATE = {"temporary", "output"}
"""Conditions that are met late, after all the work."""
UNSEEN = {"randomise allocate", "randomise unblind", "store allocate", "store unblind"}
"""Commands that say, where nobody can have read an arm, that it is recorded."""
HEAVY = {
    "verify",
    "verify --trial",
    "run",
    "run --pooled",
    "report",
    "analyse",
    "simulate",
    "forms check",
    "plan check",
    "protocol",
}
"""Commands that do much before they write, or write nothing."""


def files(folder: Path) -> dict[str, bytes]:
    """All files but the lock, which a disk that is full need not hold, and SQLite's own beside a store."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("audit.lock", "-shm", "-wal"))
    }


def named(command: str, condition: str) -> str:
    """What the line says by this condition: the file where it is about one."""
    if condition == "output" and command in UNSEEN:
        return (
            "but what was to be shown could not be written; see it by 'trialkit randomise unblind'"
        )
    if condition not in OF_INPUTS:
        return SAID[condition]
    if (command, condition) == ("verify", "gone"):
        return "trial/output: lies in no trial's folder"
    return Path(INPUTS.get(command, "protocol.toml")).name


def is_slow(command: str, condition: str) -> bool:
    return condition in LATE or (condition == "full" and command in HEAVY)


def full(_: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    Device(room=20).put_under(monkeypatch)


def temporary(_: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(trialkit.disk.temporary, "TemporaryDirectory", refuse)
    monkeypatch.setattr(_writer, "create_temporary_file", refuse)


def output(_: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())


def handles(_: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 5, hard))


def gone(world: Path, _: pytest.MonkeyPatch, command: str) -> None:
    (world / INPUTS.get(command, "trial/protocol.toml")).unlink()


def damaged(world: Path, _: pytest.MonkeyPatch, command: str) -> None:
    (world / INPUTS.get(command, "trial/protocol.toml")).write_bytes(NOISE)


CONDITIONS: dict[str, Callable[[Path, pytest.MonkeyPatch, str], None]] = {
    each.__name__: each for each in (full, temporary, output, handles, gone, damaged)
}


def test_every_command_and_condition_stands_in_the_table() -> None:
    """A new command fails here until it is called in the world and has its line in the docs."""
    assert set(ENDS) == {(command, each) for command in COMMANDS for each in CONDITIONS}
    assert set(SAID) == set(CONDITIONS)
    assert set(CODES) == set(ExitCode)
    assert set(leaves(build_parser())) == {name.partition(" --")[0] for name in COMMANDS}


def test_the_page_says_what_the_help_says() -> None:
    """The codes of each command have one home, :mod:`trialkit.cli.ends`."""
    assert {
        command: {int(code): said for code, said in ends.codes.items() if code != ExitCode.FAULT}
        for command, ends in ENDS_OF.items()
    } == MEANINGS


def test_every_refusal_stands_in_the_table() -> None:
    named = {errno.errorcode[number]: said for number, said in REASONS.items()}
    assert named.items() <= REFUSALS.items()


@pytest.fixture
def limits() -> object:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(
    ("command", "condition"),
    [
        *(pytest.param(*each, marks=pytest.mark.slow) for each in ENDS if is_slow(*each)),
        *few_at_once((each for each in ENDS if not is_slow(*each)), 18),
    ],
)
@pytest.mark.usefixtures("limits")
def test_a_command_ends_as_the_table_says(
    command: str,
    condition: str,
    world: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as patch:
        CONDITIONS[condition](world, patch, command)
        before = files(world)
        code = main(COMMANDS[command])
        assert str(code) == ENDS[command, condition].replace(NOT_MET, str(code))
        said = capsys.readouterr().err
    assert code in ENDS_OF[command.partition(" --")[0]].codes, "its help says so"
    if ENDS[command, condition] == NOT_MET:
        assert code in {ExitCode.FINE, ExitCode.FINDINGS}
        assert said == ""
        return
    assert said.startswith("trialkit: ")
    assert said.count("\n") == 1 or condition == "damaged"  # a protocol has a line for each fault
    assert named(command, condition) in said
    if condition != "output":
        assert files(world) == before
    assert not list(world.rglob(".*"))


@pytest.mark.parametrize("name", few_at_once(REFUSALS, 5))
def test_each_refusal_of_the_system_is_told_in_its_words(
    name: str, world: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(world)
    Device(room=5, number=getattr(errno, name)).put_under(monkeypatch)
    assert main(COMMANDS["import csv"]) == ExitCode.CANNOT
    assert capsys.readouterr().err == (
        f"trialkit: trial/data/demographics.csv: cannot be written: {REFUSALS[name]}\n"
    )
    assert files(world) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [name for name in COMMANDS if ENDS[name, "full"] != NOT_MET and name not in BY_SQLITE],
)
def test_a_disk_that_fills_up_at_any_byte_changes_nothing(
    command: str,
    made_world: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def ended(room: int) -> tuple[int, int, dict[str, bytes]]:
        folder = tmp_path / "world"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made_world, folder)
        device = Device(room)
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            device.put_under(patch)
            code = main(COMMANDS[command])
        return code, device.taken, files(folder)

    usual, written, _ = ended(1 << 40)
    assert usual in {ExitCode.FINE, ExitCode.FINDINGS}
    assert written
    for room in sorted({0, 1, written // 3, written // 2, written - 1}):
        capsys.readouterr()
        code, _, after = ended(room)
        assert code == ExitCode.CANNOT, room
        assert capsys.readouterr().err.count("\n") == 1, room
        assert after == files(made_world), room
    assert main_again(tmp_path / "world", command, monkeypatch) == usual


def main_again(folder: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How the command ends where it failed before and there is room now."""
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        return main(COMMANDS[command])


@pytest.mark.parametrize("command", ["randomise commit", "randomise allocate", "import redcap"])
def test_what_failed_for_lack_of_room_can_be_done_when_there_is_room(
    command: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        Device(room=20).put_under(patch)
        assert main(COMMANDS[command]) == ExitCode.CANNOT
    assert main_again(world, command, monkeypatch) == ExitCode.FINE
