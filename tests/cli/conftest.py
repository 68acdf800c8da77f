"""A trial whose data are in its store, made once and copied for each test."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.evidence.postgres_server import Server, server
from trialkit.cli.main import main


@pytest.fixture(scope="session")
def made_stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for words in (
            ("new", "trial"),
            ("store", "init", "trial", "--person", "Ann Miller", "--open"),
            ("store", "import", "folder", "trial", "--write", "--person", "Ann Miller"),
        ):
            assert main(words, moment=datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) == 0
    return folder / "trial"


@pytest.fixture
def stored(made_stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trial, in the current folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made_stored, "trial")
    return Path("trial")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Where ``-m postgres`` asks for it."""
    with server() as running:
        yield running
