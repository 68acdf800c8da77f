"""The recipes of CONTRIBUTING, each carried out in a copy of the package by the recipe alone."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "trialkit"
ALL_BUT_ONE = '''"""The methods of a plan in French, as far as they are translated."""

from dataclasses import replace
from types import MappingProxyType

from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.methods import every_method as english

METHODS = MappingProxyType(
    {
        **english.METHODS,
        Method.ANCOVA: replace(
            english.METHODS[Method.ANCOVA], names={Method.ANCOVA: "analyse de covariance"}
        ),
    }
)
'''
RUN = "import sys; from trialkit.cli.main import main; sys.exit(main())"


def copied(folder: Path) -> Path:
    """A copy of the package, with its templates beside it, to change."""
    shutil.copytree(PACKAGE.parent / "templates", folder / "templates")
    return Path(
        shutil.copytree(
            PACKAGE, folder / "trialkit", ignore=shutil.ignore_patterns("__pycache__", "output")
        )
    )


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line of the copy."""
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_language_by_the_recipe(tmp_path: Path) -> None:
    words = copied(tmp_path) / "report" / "words"
    (words / "fr" / "methods").mkdir(parents=True)
    for each in ("fr", "fr/methods"):
        (words / each / "__init__.py").write_text('"""French."""\n', "utf-8")
    (words / "fr" / "methods" / "every_method.py").write_text(ALL_BUT_ONE, "utf-8")
    list_of = words / "languages.py"
    text = list_of.read_text("utf-8")
    imported = "from trialkit.report.words.en.methods import every_method as english\n"
    entered = 'Language(code="en", methods=english.METHODS),'
    assert imported in text
    assert entered in text
    list_of.write_text(
        text.replace(
            imported, imported + imported.replace(".en.", ".fr.").replace("english", "fr")
        ).replace(entered, f'{entered} Language(code="fr", methods=fr.METHODS),'),
        "utf-8",
    )
    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    protocol = trial / "protocol.toml"
    original = protocol.read_text("utf-8")

    protocol.write_text(original + '\n[report]\nlanguage = "fr"\n', "utf-8")
    done = run(tmp_path, "protocol", "trial", "--out", "out", "--formats", "md")
    assert done.returncode == 0, done.stderr
    (written,) = (tmp_path / "out").glob("*.md")
    assert "Symptoms: analyse de covariance, final value" in written.read_text("utf-8")

    protocol.write_text(original + '\n[report]\nlanguage = "de"\n', "utf-8")
    refused = run(tmp_path, "protocol", "trial", "--out", "out", "--formats", "md")
    assert refused.returncode == 2
    assert "found 'de'; known are en, fr" in refused.stdout + refused.stderr


STATISTIC = '''"""The Brunner-Munzel test of two arms, by ranks."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import brunnermunzel


@dataclass(frozen=True, slots=True, kw_only=True)
class BrunnerMunzel:
    """The chance that a participant of the other arm has the higher value, and its test."""

    estimate: float
    statistic: float
    p_value: float


def brunner_munzel(reference: np.ndarray, other: np.ndarray) -> BrunnerMunzel:
    """Whether values of one arm tend to be higher than those of the reference."""
    tested = brunnermunzel(reference, other)
    higher = other[:, None] > reference[None, :]
    ties = other[:, None] == reference[None, :]
    return BrunnerMunzel(
        estimate=float((higher + ties / 2).mean()),
        statistic=float(tested.statistic),
        p_value=float(tested.pvalue),
    )
'''
SPECIFICATION = '''"""The Brunner-Munzel test, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class BrunnerMunzel(Specification):
    """Whether values of one arm tend to be higher."""

    method: Method = Method.BRUNNER_MUNZEL
    response: Response = Response.CHANGE

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The chance of the higher value."""
        return Effect(scale=Scale.PROBABILITY, interval=None)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)
'''
CARD = '''"""A planned Brunner-Munzel test."""

from collections.abc import Iterator

from trialkit.analysis.means.brunner_munzel import brunner_munzel
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import contrast_statement, state_numbers_analysed
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.brunner_munzel import BrunnerMunzel
from trialkit.protocol.methods.method import Response
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_brunner_munzel(task: Task, specification: BrunnerMunzel) -> Iterator[Result]:
    """The chance of the higher value and its p value, of each arm against the reference."""
    yield from state_numbers_analysed(task)
    column = "change" if specification.response is Response.CHANGE else "value"
    rows = task.at_time_point()
    values = {arm: rows.loc[rows["arm"] == arm, column].to_numpy(float) for arm in task.arms}
    for arm in task.arms[1:]:
        found = brunner_munzel(values[task.reference], values[arm])
        about = contrast_statement(task).about(
            visit=task.outcome.time_point, term=f"{arm} - {task.reference}"
        )
        yield from about.state_all(
            {
                Stat.ESTIMATE: found.estimate,
                Stat.STATISTIC: found.statistic,
                Stat.P_VALUE: found.p_value,
            }
        )


BRUNNER_MUNZEL = MethodCard(specification=BrunnerMunzel, carry_out=state_brunner_munzel)
'''
WORDS = '''"""The Brunner-Munzel test in English."""

from trialkit.protocol.methods.brunner_munzel import BrunnerMunzel
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.terms import time_points, value_of
from trialkit.report.words.language.method_words import MethodWords, Telling


def _describe(specification: BrunnerMunzel, told: Telling) -> str:
    value = value_of(specification.response, time_points(told.outcomes, told.protocol))
    return f"Brunner-Munzel test of the {value}, which compares the chances of the higher value"


WORDS: MethodWords[BrunnerMunzel] = MethodWords(
    names={Method.BRUNNER_MUNZEL: "Brunner-Munzel test"},
    describe=_describe,
    response=lambda own: own.response,
)
'''
IN_THE_PLAN = """
[[analyses]]
id = "ranks"
role = "sensitivity"
outcomes = ["symptoms"]
population = "itt"
estimand = "E1"
method = "brunner_munzel"
"""


@dataclass(frozen=True, kw_only=True)
class Project:
    """A copy of the package, and which of its files a recipe has touched."""

    package: Path
    touched: set[str] = field(default_factory=set)

    def write(self, files: Mapping[str, str]) -> None:
        """New modules."""
        for name, text in files.items():
            path = self.package / name
            assert not path.exists()
            path.write_text(text, "utf-8")
            self.touched.add(name)

    def add(self, name: str, after: str, lines: str) -> None:
        """Lines of a module, after the first line that begins with ``after``."""
        path = self.package / name
        old = path.read_text("utf-8").splitlines(keepends=True)
        at = next(number for number, line in enumerate(old, 1) if line.startswith(after))
        path.write_text("".join([*old[:at], lines, *old[at:]]), "utf-8")
        self.touched.add(name)


@pytest.mark.slow
def test_a_method_by_the_recipe(tmp_path: Path) -> None:
    project = Project(package=copied(tmp_path))
    project.write(
        {
            "analysis/means/brunner_munzel.py": STATISTIC,
            "protocol/methods/brunner_munzel.py": SPECIFICATION,
            "planned/methods/brunner_munzel.py": CARD,
            "report/words/en/methods/brunner_munzel.py": WORDS,
        }
    )
    methods = "protocol/methods"
    project.add(f"{methods}/method.py", "    BOOTSTRAP", '    BRUNNER_MUNZEL = "brunner_munzel"\n')
    project.add(
        f"{methods}/specifications.py",
        "from trialkit.protocol.methods.bootstrap",
        "from trialkit.protocol.methods.brunner_munzel import BrunnerMunzel\n",
    )
    project.add(
        f"{methods}/specifications.py",
        "SPECIFICATIONS",
        "    Method.BRUNNER_MUNZEL: BrunnerMunzel,\n",
    )
    project.add(
        "planned/methods/methods.py",
        "from trialkit.planned.methods.ancova",
        "from trialkit.planned.methods.brunner_munzel import BRUNNER_MUNZEL\n",
    )
    project.add("planned/methods/methods.py", "METHODS", "    BRUNNER_MUNZEL,\n")
    words = "report/words/en/methods/every_method.py"
    project.add(words, "    bootstrap,", "    brunner_munzel,\n")
    project.add(words, "_ALL", "    brunner_munzel.WORDS,\n")
    assert len(project.touched) == 8

    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    with (trial / "protocol.toml").open("a", encoding="utf-8") as plan:
        plan.write(IN_THE_PLAN)
    done = run(tmp_path, "run", "trial", "--formats", "md")
    assert done.returncode == 0, done.stdout + done.stderr

    with (trial / "output" / "results.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["analysis_id"] == "ranks"]
    stated = {row["stat_name"]: row["stat"] for row in rows if row["term"] == "NEW - USUAL"}
    assert 0 < float(stated["estimate"]) < 1
    assert 0 <= float(stated["p_value"]) <= 1
    report = (trial / "output" / "report.md").read_text(encoding="utf-8")
    assert "Brunner-Munzel test of the change from baseline" in report
    assert any(
        line.startswith("|") and "Brunner-Munzel test" in line for line in report.splitlines()
    )
