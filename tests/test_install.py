"""What travels in the wheel is what the installed program needs, and nothing else."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.install


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT],
        check=True,
    )
    return next(folder.glob("trialkit-*.whl"))


def test_the_wheel_holds_templates_checklists_and_the_new_trial(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "trialkit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    templates = {
        f"trialkit/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    assert templates
    assert package | templates <= names
    assert not any(name.startswith(("tests/", "benchmarks/", "example_trial/")) for name in names)
    assert any(name.endswith("LICENSE") for name in names)


def test_the_installed_program_makes_a_trial_and_its_report(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel],
        check=True,
    )
    program = "import sys; from trialkit.cli.main import main; sys.exit(main(sys.argv[1:]))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "HOME": str(tmp_path)}
    for command in (["new", "mine"], ["run", "mine"]):
        ended = subprocess.run(
            [sys.executable, "-P", "-c", program, *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "mine" / "output" / "report.html").is_file()
