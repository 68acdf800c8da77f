"""Fixtures shared by all tests: the two trials, and one fixture for each noun of the line."""

import gc
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.pipeline import run_trial
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Results
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
from trialkit.store.sources.folder_source import FolderSource

# the suite says the same every time it is run, however busy the machine: "quick" is for whoever
# waits, "whole" for .ci/run; `nox -s explore` looks for new examples
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
SHARES = {"quick": 0.2, "whole": 1.0, "explore": 3.0}
"""Of the examples that a property needs, how many a profile tries."""


def examples(needed: int) -> int:
    """How many examples a property tries that needs ``needed``; in any profile at least two."""
    return max(2, round(needed * SHARES[PROFILE]))


settings.register_profile("explore", deadline=None, max_examples=examples(100))
settings.register_profile("whole", settings.get_profile("explore"), derandomize=True, database=None)
settings.register_profile("quick", settings.get_profile("whole"))
settings.load_profile(PROFILE)


def few_at_once(cases: Iterable[Any], count: int) -> list[Any]:
    """The cases of a costly table: ``count``, spread over it, run at once, the others are
    ``further``. A tuple is a case of several arguments."""
    every = [_case(case) for case in cases]
    at_once = {round(number * (len(every) - 1) / max(1, count - 1)) for number in range(count)}
    return [
        each if number in at_once else each._replace(marks=[*each.marks, pytest.mark.further])
        for number, each in enumerate(every)
    ]


def _case(case: Any) -> Any:
    if hasattr(case, "marks"):  # as pytest.param makes it
        return case
    return pytest.param(*case) if isinstance(case, tuple) else pytest.param(case)


ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "example_trial"
THREE_ARMS = ROOT / "tests" / "trials" / "three_arms"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The browser's tests are not even read unless they are asked for: they need its libraries."""
    wanted = config.option.markexpr
    asked = "browser" in wanted and "not browser" not in wanted
    return True if collection_path == ROOT / "tests" / "browser" and not asked else None


gc.disable()  # while modules are imported and tests collected, which all stay


def pytest_collection_finish() -> None:
    """Tests and modules stay to the end: the search for garbage need not walk them again and again."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 20, 100)


def pytest_unconfigure() -> None:
    """At the end everything goes, so that no library misses what it lent."""
    gc.unfreeze()


SHARED_BY_A_FOLDER = ("tests/report/printed", "tests/planned/equal", "tests/verifying")
"""Folders whose tests read the same costly trials."""
READS_THE_SAME = {"tests/test_pipeline.py": "tests/report/printed"}
"""Modules elsewhere that read them too."""


def home_of(nodeid: str) -> str:
    """The module of a test, or such a folder."""
    module = nodeid.partition("::")[0]
    folder = module.rpartition("/")[0]
    return READS_THE_SAME.get(module, folder if folder in SHARED_BY_A_FOLDER else module)


class ByHome(LoadScopeScheduling):
    """One worker has all tests of a home: what they share is made once.

    pytest 9.2 keeps the name of a test where the ``--dist loadgroup`` of xdist 3.8 does not look for
    it, so that groups are handed out test by test, without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        return home_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByHome:
    """However ``--dist`` was given."""
    return ByHome(config, log)


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A trial at every stage of the line; none of it is changed by a test."""

    folder: Path
    protocol: Protocol
    schemas: Schemas
    snapshot: Snapshot
    datasets: Datasets
    results: Results


def line_of(folder: Path) -> Line:
    """The straight line, step by step."""
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    datasets = build_datasets(snapshot, schemas, protocol)
    return Line(
        folder=folder,
        protocol=protocol,
        schemas=schemas,
        snapshot=snapshot,
        datasets=datasets,
        results=carry_out(protocol, datasets),
    )


@pytest.fixture(scope="session")
def example() -> Line:
    """The example trial: two arms, two visits, synthetic."""
    return line_of(EXAMPLE)


@pytest.fixture(scope="session")
def three_arms() -> Line:
    """The second trial: three unequal arms, four visits, dropouts, a binary outcome."""
    return line_of(THREE_ARMS)


@pytest.fixture(scope="session")
def run_of_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that a run of the example trial writes, which no test changes."""
    out = tmp_path_factory.mktemp("run_of_example")
    run_trial(EXAMPLE, out=out)
    return out
