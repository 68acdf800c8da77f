"""The recipes of CONTRIBUTING, each carried out in a copy of the package by the recipe alone."""

import csv
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import load_workbook

PACKAGE = Path(__file__).parents[1] / "trialkit"
CONTRIBUTING = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
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


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table that a run wrote."""
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


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
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            self.touched.add(name)

    def add(self, name: str, after: str, lines: str) -> None:
        """Lines of a module, after the first line that begins with ``after``."""
        path = self.package / name
        old = path.read_text("utf-8").splitlines(keepends=True)
        at = next(number for number, line in enumerate(old, 1) if line.startswith(after))
        path.write_text("".join([*old[:at], lines, *old[at:]]), "utf-8")
        self.touched.add(name)

    def put(self, name: str, old: str, new: str) -> None:
        """Words of a module in the place of others that it has once."""
        path = self.package / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
        self.touched.add(name)


def assert_by_the_recipe(name: str, project: Project) -> None:
    """The modules that CONTRIBUTING names under a recipe are those that were touched."""
    recipes = CONTRIBUTING.split("\n## Recipes\n")[1].split("\n## ")[0]
    told = recipes.split(f"\n- **{name}**")[1].split("\n- **")[0]
    named = set(re.findall(r"`([\w/<>]+\.py)`", told))
    exact = {each for each in named if "<" not in each}
    assert exact <= project.touched
    chosen = project.touched - exact
    for shape in named - exact:
        found = [each for each in chosen if re.fullmatch(re.sub(r"<\w+>", r"\\w+", shape), each)]
        assert len(found) == 1, shape
    assert len(chosen) == len(named - exact)


@pytest.mark.slow
def test_a_language_by_the_recipe(tmp_path: Path) -> None:
    project = Project(package=copied(tmp_path))
    words, list_of = "report/words/fr", "report/words/languages.py"
    project.write(
        {
            f"{words}/__init__.py": '"""French."""\n',
            f"{words}/methods/__init__.py": '"""The methods of a plan in French."""\n',
            f"{words}/methods/every_method.py": ALL_BUT_ONE,
        }
    )
    english = "from trialkit.report.words.en.methods import every_method as english"
    project.add(list_of, english, f"{english.replace('.en.', '.fr.').replace('english', 'fr')}\n")
    entered = 'Language(code="en", methods=english.METHODS),'
    project.put(list_of, entered, f'{entered} Language(code="fr", methods=fr.METHODS),')
    assert_by_the_recipe("A language", project)

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
    words = "report/words/en/methods/every_method.py"
    project.add(words, "    bootstrap,", "    brunner_munzel,\n")
    project.add(words, "_OWN", "    brunner_munzel.WORDS,\n")
    assert len(project.touched) == 7
    assert_by_the_recipe("A method", project)

    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    with (trial / "protocol.toml").open("a", encoding="utf-8") as plan:
        plan.write(IN_THE_PLAN)
    done = run(tmp_path, "run", "trial", "--formats", "md")
    assert done.returncode == 0, done.stdout + done.stderr

    results = rows_of(trial / "output" / "results.csv")
    rows = [row for row in results if row["analysis_id"] == "ranks"]
    stated = {row["stat_name"]: row["stat"] for row in rows if row["term"] == "NEW - USUAL"}
    assert 0 < float(stated["estimate"]) < 1
    assert 0 <= float(stated["p_value"]) <= 1
    report = (trial / "output" / "report.md").read_text(encoding="utf-8")
    assert "Brunner-Munzel test of the change from baseline" in report
    assert any(
        line.startswith("|") and "Brunner-Munzel test" in line for line in report.splitlines()
    )


DURATION = '''"""How long something takes, as hours and minutes, read as minutes."""

import polars as pl

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import (
    Chance,
    Describes,
    ItemKind,
    Nature,
    PaperSpace,
    Particulars,
    Reading,
    TypingCheck,
)
from trialkit.schemas.items.numbers import any_number


def _read(text: pl.Expr, _: Reading) -> pl.Expr:
    """``1:05`` or ``01:05`` is 65 minutes."""
    parts = text.str.extract_groups("^([0-9]{1,3}):([0-5][0-9])$").struct
    return parts.field("1").cast(pl.Int64) * 60 + parts.field("2").cast(pl.Int64)


def _said(_: DataFormat) -> str:
    return "hours and minutes such as 01:05"


def _fit(limits: Range, value: float, _: int) -> str:
    hours, minutes = divmod(round(limits.nearest(value)), 60)
    return f"{hours:02d}:{minutes:02d}"


def _draw(item: Particulars, chance: Chance) -> str:
    return _fit(item.range, any_number(item, chance), 0)


DURATION = ItemKind(
    name="duration",
    nature=Nature.WHOLE,
    read=_read,
    said=_said,
    to_enter="hours and minutes as 01:05",
    has_range=True,
    outcome=Values.NUMBER,
    describes=Describes.BY_NUMBERS,
    typing=TypingCheck.TIME,
    space=PaperSpace.TIME,
    draw=_draw,
    fit=_fit,
)
'''
TRAVEL = """
[[items]]
id = "travel"
label = "Travel to the department"
type = "duration"
unit = "min"
range = { low = 0, high = 300 }
required = true
missing_codes = ["ND"]

[[rules]]
id = "DEM01"
expression = "travel < 120"
severity = "soft"
message = "A way of {travel} minutes is long; check it."
items = ["travel"]
"""
DESCRIBED = """
[[characteristics]]
form = "demographics"
item = "travel"
label = "Travel, minutes"
"""


def with_durations(trial: Path, *cells: str) -> Path:
    """The trial with a new item, whose first cells are these and the others 00:40 and 00:50."""
    data = trial / "data" / "demographics.csv"
    with data.open(encoding="utf-8", newline="") as table:
        head, *rows = csv.reader(table)
    others = ["00:40", "00:50"] * len(rows)
    with data.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table)
        writer.writerow([*head, "travel"])
        writer.writerows([*row, cell] for row, cell in zip(rows, [*cells, *others], strict=False))
    for name, more in (("forms/demographics.toml", TRAVEL), ("protocol.toml", DESCRIBED)):
        with (trial / name).open("a", encoding="utf-8") as file:
            file.write(more)
    return data


@pytest.mark.slow
def test_an_item_type_by_the_recipe(tmp_path: Path) -> None:
    project = Project(package=copied(tmp_path))
    items = "schemas/items"
    project.write({f"{items}/duration.py": DURATION})
    project.add(f"{items}/item_types.py", "    decimal,", "    duration,\n")
    project.add(f"{items}/item_types.py", "    TIME", "    DURATION = duration.DURATION\n")
    assert len(project.touched) == 2
    assert_by_the_recipe("An item type", project)

    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    data = with_durations(trial, "0:75", "ND", "02:05", "05:01")
    done = run(tmp_path, "validate", "trial", "--out", "found")
    assert done.returncode == 1, done.stdout + done.stderr
    found = {
        row["subject_id"]: (row["value"], row["rule_id"])
        for row in rows_of(tmp_path / "found" / "findings.csv")
        if row["item"] == "travel"
    }
    assert found == {
        "001": ("0:75", "unreadable"),
        "004": ("02:05", "DEM01"),
        "005": ("05:01", "out_of_range"),
    }

    text = data.read_text("utf-8").replace("0:75", "01:15").replace("05:01", "05:00")
    data.write_text(text, "utf-8")
    done = run(tmp_path, "run", "trial", "--formats", "md")
    assert done.returncode == 0, done.stdout + done.stderr
    output = trial / "output"
    means = {
        row["arm"]: float(row["stat"])
        for row in rows_of(output / "results.csv")
        if row["outcome"] == "demographics.travel" and row["stat_name"] == "mean"
    }
    assert means == {"NEW": 116.25, "USUAL": pytest.approx(215 / 3)}
    lines = (output / "report.md").read_text("utf-8").splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("| **Travel, minutes**"))
    assert lines[at + 1] == "| &emsp;Mean (SD) | 116.3 (123.4) | 71.7 (46.5) |"

    done = run(tmp_path, "codebook", "trial")
    assert done.returncode == 0, done.stdout + done.stderr
    asked = {row["item"]: row for row in rows_of(output / "codebook.csv")}["travel"]
    assert (asked["type"], asked["unit"]) == ("duration", "min")
    done = run(tmp_path, "workbook", "trial", "entry.xlsx")
    assert done.returncode == 0, done.stdout + done.stderr
    sheet = load_workbook(tmp_path / "entry.xlsx")["demographics"]
    assert "travel" in {cell.value for row in sheet.iter_rows() for cell in row}
    done = run(tmp_path, "simulate", "trial", "--write", "rehearsal", "--participants", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    drawn = rows_of(tmp_path / "rehearsal" / "data" / "demographics.csv")
    assert len(drawn) == 20
    assert all(re.fullmatch("0[0-5]:[0-5][0-9]|ND", row["travel"]) for row in drawn)


KIND = """            OutcomeKind(
                type=OutcomeType.DISTANCE,
                summary=Summary.MEAN,
                values=Values.NUMBER,
                scale=Scale.DIFFERENCE,
            ),
"""
OF_THAT_KIND = """
[[outcomes]]
code = "metres"
label = "Metres counted"
type = "distance"
role = "exploratory"
form = "assessment"
item = "walk_m"
time_point = "W6"
metric = "final value"
aggregation = "mean"
direction = "higher"
unit = "m"
digits = 0

[[analyses]]
id = "counted"
role = "exploratory"
outcomes = ["metres"]
population = "itt"
estimand = "E2"
method = "METHOD"
"""


@pytest.mark.slow
def test_an_outcome_kind_by_the_recipe(tmp_path: Path) -> None:
    project = Project(package=copied(tmp_path))
    methods = "protocol/methods"
    project.add(f"{methods}/outcome_types.py", "    BINARY", '    DISTANCE = "distance"\n')
    project.add(f"{methods}/outcome_kinds.py", "        for kind in (", KIND)
    assert len(project.touched) == 2
    assert_by_the_recipe("A kind of outcome", project)

    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    plan = trial / "protocol.toml"
    original = plan.read_text("utf-8") + OF_THAT_KIND
    plan.write_text(original.replace("METHOD", "risk_difference"), "utf-8")
    refused = run(tmp_path, "run", "trial", "--formats", "md")
    assert refused.returncode == 2
    assert "'risk_difference' for the distance outcome 'metres'" in refused.stderr

    plan.write_text(original.replace("METHOD", "ancova"), "utf-8")
    done = run(tmp_path, "run", "trial", "--formats", "md")
    assert done.returncode == 0, done.stdout + done.stderr
    stated = {
        row["stat_name"]: row
        for row in rows_of(trial / "output" / "results.csv")
        if row["analysis_id"] == "counted" and row["term"] == "NEW - USUAL"
    }
    assert float(stated["conf_low"]["stat"]) < float(stated["estimate"]["stat"])
    assert (stated["estimate"]["scale"], stated["estimate"]["unit"]) == ("difference", "m")
    report = (trial / "output" / "report.md").read_text("utf-8")
    assert "| **Metres counted, m – analysis of covariance" in report


ENTRY = """        case ReportFormat.TEXT:
            return Document(file=file, data=writer_of("plain_text").render_text(content).encode())
"""
WRITER = '''"""The report as plain text, without its tables and figures."""

from collections.abc import Iterator

from trialkit.report.content.content import Content
from trialkit.report.content.text import CrossReference, Paragraph, PrintedNumber, Run, WebAddress


def render_text(content: Content) -> str:
    """Its title, then each section's heading and paragraphs."""
    return "\\n\\n".join(_parts(content)) + "\\n"


def _parts(content: Content) -> Iterator[str]:
    yield content.title.upper()
    for top in content.sections:
        for section in top.all_sections():
            yield section.title
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    yield "".join(_said(each) for each in block.runs)


def _said(run: Run) -> str:
    match run:
        case PrintedNumber():
            return run.text
        case CrossReference():
            return run.label
        case WebAddress():
            return run.url
        case _:
            return run
'''


@pytest.mark.slow
def test_an_output_format_by_the_recipe(tmp_path: Path) -> None:
    project = Project(package=copied(tmp_path))
    project.write({"report/writers/plain_text.py": WRITER})
    project.add("protocol/trial/reporting.py", "    MARKDOWN", '    TEXT = "txt"\n')
    project.add(
        "report/writers/documents.py",
        '            return Document(file=file, data=writer_of("markdown',
        ENTRY,
    )
    assert len(project.touched) == 3
    assert_by_the_recipe("A format of the report", project)

    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    done = run(tmp_path, "run", "trial", "--formats", "html,txt")
    assert done.returncode == 0, done.stdout + done.stderr
    output = trial / "output"
    text = (output / "report.txt").read_text("utf-8")
    assert text.startswith("NEW CARE COMPARED WITH USUAL CARE IN AN ILLNESS")
    assert "\n\nParticipant flow\n\nOf 10 people assessed for eligibility, 8 were" in text
    made = {path.name for path in output.glob("report.*")}
    assert made == {"report.html", "report.txt"}
    verified = run(tmp_path, "verify", "trial/output")
    assert verified.returncode == 0, verified.stdout + verified.stderr


SOURCE = '''"""A database of SQLite as a source: a table for each form, ``trial.sqlite`` in the trial's folder."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.store.sources.memory_source import MemorySource


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSource:
    """The tables of ``trial.sqlite``."""

    folder: Path

    def refuse_strangers(self, schemas: Schemas) -> None:
        """Raise DataFileError for a table of no form."""
        self._tables().refuse_strangers(schemas)

    def table(self, form: Form, data: DataFormat) -> RawTable:
        """The table of a form."""
        return self._tables().table(form, data)

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        """The marks, where there are any."""
        return self._tables().marks(form, data)

    def attached(self, schemas: Schemas) -> frozenset[str]:
        """None."""
        return frozenset()

    def _tables(self) -> MemorySource:
        with closing(sqlite3.connect(self.folder / "trial.sqlite")) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {name: _table(database, name) for (name,) in names.fetchall()}
        return MemorySource(tables=tables)


def _table(database: sqlite3.Connection, name: str) -> pl.DataFrame:
    found = database.execute(f'SELECT * FROM "{name}"')
    columns = [column for column, *_ in found.description]
    return pl.DataFrame(found.fetchall(), schema=dict.fromkeys(columns, pl.String), orient="row")
'''


@pytest.mark.slow
def test_a_source_of_data_by_the_recipe(tmp_path: Path) -> None:
    project = Project(package=copied(tmp_path))
    project.write({"store/sources/database_source.py": SOURCE})
    door = "steps/data_door.py"
    project.put(
        door,
        "from trialkit.store.sources.folder_source import FolderSource",
        "from trialkit.store.sources.database_source import DatabaseSource",
    )
    project.put(door, "source=FolderSource(", "source=DatabaseSource(")
    assert len(project.touched) == 2
    assert_by_the_recipe("A source of data", project)

    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    with closing(sqlite3.connect(trial / "trial.sqlite")) as database, database:
        for path in (trial / "data").glob("*.csv"):
            rows = rows_of(path)
            columns = ", ".join(f'"{name}" TEXT' for name in rows[0])
            database.execute(f'CREATE TABLE "{path.stem}" ({columns})')
            places = ", ".join("?" * len(rows[0]))
            database.executemany(
                f'INSERT INTO "{path.stem}" VALUES ({places})', [[*row.values()] for row in rows]
            )
    shutil.rmtree(trial / "data")
    done = run(tmp_path, "run", "trial", "--formats", "md")
    assert done.returncode == 0, done.stdout + done.stderr
    text = (trial / "output" / "report.md").read_text("utf-8")
    assert "Of 10 people assessed for eligibility, 8 were randomised" in text


SAID = """    spread = {Stat.RESIDUAL_SD: float(np.std(fit.model.fit.residuals))}
    yield from statement.about(visit=visit, term="residuals").state_all(spread)
"""


@pytest.mark.slow
def test_a_statistic_by_the_recipe(tmp_path: Path) -> None:
    project = Project(package=copied(tmp_path))
    project.add("results/vocabulary.py", "    MARGIN", '    RESIDUAL_SD = "residual_sd"\n')
    card = "planned/methods/ancova.py"
    project.add(card, "    yield from state_diagnostics", SAID)
    assert len(project.touched) == 2
    assert_by_the_recipe("A statistic", project)

    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    done = run(tmp_path, "run", "trial", "--formats", "md")
    assert done.returncode == 0, done.stdout + done.stderr
    stated = {
        row["result_id"]: float(row["stat"])
        for row in rows_of(trial / "output" / "results.csv")
        if row["stat_name"] == "residual_sd"
    }
    assert stated.keys() == {
        "primary/symptoms/ancova/W6/residuals/-/residual_sd",
        "secondary/walk/ancova/W6/residuals/-/residual_sd",
    }
    assert all(spread > 0 for spread in stated.values())
