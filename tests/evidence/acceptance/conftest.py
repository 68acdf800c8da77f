"""A trial whose data are in its store, with a person in each role; made once, and copied for each test."""

import shutil
from pathlib import Path

import pytest

from tests.evidence.acceptance.team import Team, rewrite

SEEN_BY = 'arms_seen_by = ["coordinator", "data manager"]'
"""An open trial, but for who assesses and who analyses."""
ROLES = (
    ("ben", "coordinator"),
    ("ivy", "investigator"),
    ("mona", "monitor"),
    ("dora", "data manager"),
    ("eve", "blinded statistician"),
    ("dan", "unblinded statistician"),
)


@pytest.fixture(scope="session")
def made_with_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        team = Team(patch=patch)
        team.does("ann", "new", "trial")
        rewrite(Path("trial/protocol.toml"), 'dates = "ymd"', f'dates = "ymd"\n{SEEN_BY}')
        team.does("ann", "store", "init", "trial")
        team.does("ann", "store", "import", "folder", "trial", "--write")
        for person, role in ROLES:
            team.does("ann", "store", "grant", "trial", person, role, "--begin-roles")
    return folder / "trial"


@pytest.fixture
def team(
    made_with_people: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Team:
    """The people, with the trial in the current folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made_with_people, "trial")
    return Team(patch=monkeypatch, capsys=capsys)
