"""A small trial that was run once, and copies of it to forge."""

import shutil
from pathlib import Path

import pytest

from trialkit.newtrial.writing import write_new_trial
from trialkit.pipeline import run_trial
from trialkit.steps.publishing import PAGE_ALONE
from trialkit.steps.stages import Published


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("made") / "trial"
    write_new_trial(folder)
    return run_trial(folder, edition=PAGE_ALONE)


@pytest.fixture(scope="session")
def made(published: Published) -> Path:
    return published.analysed.validated.trial.folder


@pytest.fixture
def trial(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "trial"))
