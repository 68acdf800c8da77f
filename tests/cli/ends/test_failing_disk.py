"""A disk that fails in the middle of a file, and one from which a file vanishes, are told with its name."""

import shutil
from pathlib import Path

import pytest

from tests.cli.ends.device import FailingDisk
from tests.cli.ends.table import REFUSALS
from tests.cli.ends.test_ends import files
from tests.cli.ends.world import COMMANDS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

ENDS_ALL_THE_SAME = {"randomise verify", "randomise unblind", "store unblind"}
"""What one looks at to find faults tells them as its findings; an emergency is answered."""
MADE_FROM_THE_KEYS = ("vault/commitment.txt", "own vault/commitment.txt")
"""What is known without this file too, from the keys."""
REPORTING = {"run", "run --pooled", "report", "report --package", "protocol"}
WRITTEN_BEFORE = {
    ("run", "trial/output/manifest.json"),
    ("run --pooled", "trial/pooled/manifest.json"),
    ("report", "trial/output/manifest.json"),
}
"""What was written is read again, for the hash of what is truly there."""
VALIDATED_BEFORE = "validate --strict"
"""The findings are whole and in their place before the report is looked at."""


def is_of_the_authors(name: str) -> bool:
    """What an earlier step looks through for works that nobody has, and can do without."""
    return name.partition("/")[2].startswith(("statements/", "references"))


def one_of_each_folder(names: list[str]) -> list[str]:
    """The last file that is read of each folder and kind."""
    last = {(Path(name).parent, Path(name).suffix): name for name in names if name[0] != "."}
    return sorted(last.values())


@pytest.mark.parametrize(
    "command",
    [
        name if name == "import csv" else pytest.param(name, marks=pytest.mark.slow)
        for name in COMMANDS
    ],
)
def test_a_disk_that_fails_in_the_middle_of_a_file_is_told_with_its_name(
    command: str,
    made_world: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def ended(fails_at: str = "") -> tuple[int, FailingDisk]:
        folder = tmp_path / "world"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made_world, folder)
        disk = FailingDisk(folder, fails_at)
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            disk.put_under(patch)
            return main(COMMANDS[command]), disk

    _, disk = ended()
    for name in one_of_each_folder(disk.read):
        capsys.readouterr()
        code, disk = ended(fails_at=name)
        said = capsys.readouterr().err
        ends_all_the_same = (
            command in ENDS_ALL_THE_SAME
            or name in MADE_FROM_THE_KEYS
            or (is_of_the_authors(name) and command not in REPORTING)
        )
        if ends_all_the_same and code != ExitCode.CANNOT:
            assert code != ExitCode.FAULT
            continue
        assert code == ExitCode.CANNOT, name
        assert Path(name).name in said
        assert REFUSALS["EIO"] in said
        assert said.count("\n") == 1
        of_the_report = command == VALIDATED_BEFORE and is_of_the_authors(name)
        if (command, name) not in WRITTEN_BEFORE and not of_the_report:
            assert files(disk.folder) == files(made_world), name
