"""A small trial that was run once, and copies of it to forge."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import trialkit.verifying.verify as verifying
from trialkit.newtrial.writing import write_new_trial
from trialkit.pipeline import run_trial
from trialkit.steps.publishing import PAGE_ALONE
from trialkit.steps.stages import Published
from trialkit.verifying.recomputed import listed_on
from trialkit.verifying.recorded import Recorded


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


_MADE_AGAIN: dict[tuple[object, ...], Published] = {}


@pytest.fixture(autouse=True)
def made_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is forged is the output: a folder that says the same is carried out once for all forgeries.

    That the same inputs give the same bytes, wherever they are, is shown by ``tests/test_pipeline.py``.
    """
    make_again: Callable[..., Published] = verifying._made_again

    def once(
        trial: Path,
        out: Path,
        recorded: Recorded,
        *,
        reference: Path | None,
        same_software: bool,
        store: str,
    ) -> Published:
        stated = (
            *_contents(trial, but=out),
            *(recorded.data_cut, recorded.last_day, listed_on(out), recorded.draft),
            *(recorded.style, recorded.reference, recorded.only, recorded.pooled),
            *(tuple(recorded.outputs), reference, same_software, store),
        )
        if stated not in _MADE_AGAIN:
            _MADE_AGAIN[stated] = make_again(
                trial, out, recorded, reference=reference, same_software=same_software, store=store
            )
        return _MADE_AGAIN[stated]

    monkeypatch.setattr(verifying, "_made_again", once)


def _contents(trial: Path, *, but: Path) -> list[tuple[str, str]]:
    return [
        (path.relative_to(trial).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(trial.rglob("*"))
        if path.is_file() and not path.is_relative_to(but)
    ]
