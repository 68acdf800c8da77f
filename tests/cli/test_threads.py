"""Linear algebra starts no threads of its own for a command, unless the environment asks for them."""

import os
import subprocess
import sys

import pytest

from trialkit.cli.threads import LINEAR_ALGEBRA, start_no_idle_threads


def test_a_command_starts_no_threads_for_linear_algebra() -> None:
    code = (
        "import sys\n"
        "from trialkit.cli.main import main\n"
        "sys.argv = ['trialkit', 'instruments', 'list']\n"
        "main()\n"
        "import numpy, scipy.linalg\n"
        "from threadpoolctl import threadpool_info\n"
        "print('threads:', {each['num_threads'] for each in threadpool_info()})\n"
    )
    plain = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, timeout=60, env=plain,
    )  # fmt: skip
    assert run.stdout.splitlines()[-1] == "threads: {1}"


def test_what_the_environment_says_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LINEAR_ALGEBRA, "3")
    start_no_idle_threads()
    assert os.environ[LINEAR_ALGEBRA] == "3"
