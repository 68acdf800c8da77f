"""Fixtures shared by all tests: the two trials, and one fixture for each noun of the line."""

import gc
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Results
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
from trialkit.store.sources.folder_source import FolderSource

# the suite says the same every time it is run, however busy the machine; `nox -s explore` looks for
# new examples
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", max_examples=300, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "example_trial"
THREE_ARMS = ROOT / "tests" / "trials" / "three_arms"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The browser's tests are not even read unless they are asked for: they need its libraries."""
    wanted = config.option.markexpr
    asked = "browser" in wanted and "not browser" not in wanted
    return True if collection_path == ROOT / "tests" / "browser" and not asked else None


def pytest_collection_finish() -> None:
    """Tests and modules stay to the end: the search for garbage need not walk them again and again."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_unconfigure() -> None:
    """At the end everything goes, so that no library misses what it lent."""
    gc.unfreeze()


SHARED_BY_A_FOLDER = ("report/printed", "planned/equal")
"""Folders whose tests read the same costly trials."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has all tests of a module, or of such a folder: what they share is made once."""
    for item in items:
        home = item.path.relative_to(ROOT / "tests")
        folder = home.parent.as_posix()
        group = folder if folder in SHARED_BY_A_FOLDER else home.as_posix()
        item.add_marker(pytest.mark.xdist_group(group))


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
