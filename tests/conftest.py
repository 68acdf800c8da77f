"""Fixtures shared by all tests: the two trials, and a run of one.

Who hands tests out to workers reads this module too and runs no test: what needs trialkit is
imported by the fixture that uses it.
"""

import gc
import os
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from tests.line import Line

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


def modules_asked_for(config: pytest.Config) -> list[Path]:
    """The modules of tests that the call asks for, in the order in which they are collected."""
    asked = [config.rootpath / each.partition("::")[0] for each in config.args]
    found = [
        each for path in asked for each in ([path] if path.suffix else path.rglob("test_*.py"))
    ]
    wanted = {each for each in found if not pytest_ignore_collect(each.parent, config)}
    return sorted(each for each in wanted if each.is_file() and each.is_relative_to(ROOT))


def pytest_collection(session: pytest.Session) -> None:
    """Every second worker imports the modules from the last to the first, then collects.

    pytest rewrites the assertions of a module that it meets for the first time, and keeps what it
    made. Workers that go through the modules of a fresh copy side by side all rewrite all of them;
    so they meet in the middle. Whatever is wrong with a module is told when it is collected.
    """
    worker = getattr(session.config, "workerinput", {}).get("workerid", "gw0")
    if int(worker.removeprefix("gw")) % 2:
        for path in reversed(modules_asked_for(session.config)):
            with suppress(Exception, pytest.skip.Exception):
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


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


@pytest.fixture(scope="session")
def example() -> "Line":
    """The example trial: two arms, two visits, synthetic."""
    from tests.line import line_of

    return line_of(EXAMPLE)


@pytest.fixture(scope="session")
def three_arms() -> "Line":
    """The second trial: three unequal arms, four visits, dropouts, a binary outcome."""
    from tests.line import line_of

    return line_of(THREE_ARMS)


@pytest.fixture(scope="session")
def run_of_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that a run of the example trial writes, which no test changes."""
    from trialkit.pipeline import run_trial

    out = tmp_path_factory.mktemp("run_of_example")
    run_trial(EXAMPLE, out=out)
    return out
