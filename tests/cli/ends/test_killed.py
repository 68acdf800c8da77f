"""A run that is ended by force while its files change places: it is told, and the next one mends it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.ends.test_ends import files
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

pytestmark = pytest.mark.slow
KILLED = """
import os, signal, sys
from pathlib import Path
from trialkit.cli.main import main
true, left = Path.replace, [int(sys.argv[1])]
def replace(path, target):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return true(path, target)
Path.replace = replace
main(["run", "trial", "--formats", "md"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed here by a signal")
@pytest.mark.parametrize("step", [1, 8])
def test_a_run_that_is_killed_is_told_and_mended_by_the_next(
    step: int, world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = world / "trial" / "output"
    before = files(out)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(step)], check=False)
    assert ended.returncode < 0
    left = {path.name for path in out.rglob(".*")}
    assert left
    visible = {name: content for name, content in files(out).items() if name not in left}
    assert visible.keys() >= before.keys()
    assert main(["verify", str(out)]) == ExitCode.FINDINGS
    told = capsys.readouterr().out
    assert any(name in told for name in left)
    if step > 1:
        assert "was changed after it was written" in told
    assert main(["run", "trial", "--formats", "md"]) == ExitCode.FINE
    assert not list(out.rglob(".*"))
    assert main(["verify", str(out)]) == ExitCode.FINE
