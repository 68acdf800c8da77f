"""A 2 x 2 trial of exercise and education, whose numbers are those of the reference data."""

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import ROOT
from tests.line import Line, line_of
from tests.report.falls_trial import rename_age
from tests.report.kinds_of_trial import Kind, Tables, write_trial

DATA = ROOT / "tests" / "reference" / "factorial" / "factorial_simulated.csv"
CELLS = {
    "CARE": ("no", "no"), "TALK": ("no", "yes"), "TRAIN": ("yes", "no"), "BOTH": ("yes", "yes"),
}  # fmt: skip
BELOW = 30
"""Who has less pain than this at the end is much better."""
PRIMARY = 'method = "factorial"\ncovariates = ["baseline"]'
SECONDARY = 'method = "factorial_risks"\ncovariates = ["demographics.age"]'
FACTORS = """
[[factors]]
code = "exercise"
label = "Exercise"
levels = [{ code = "no", label = "no training" }, { code = "yes", label = "training" }]

[[factors]]
code = "education"
label = "Education"
levels = [{ code = "no", label = "no education" }, { code = "yes", label = "education" }]

"""
KIND = Kind(arms=tuple(CELLS), per_arm=(40,), sites=1, text="Asked of everybody by the same nurses")


def write_factorial(
    folder: Path,
    *,
    kind: Kind = KIND,
    primary: str = PRIMARY,
    secondary: str = SECONDARY,
    age: str = "age",
) -> Path:
    """The folder of the trial; three of its 160 participants have no outcome."""
    write_trial(folder, _with(kind))
    rename_age(folder, age)
    path = folder / "protocol.toml"
    text = path.read_text("utf-8")
    for code, (exercise, education) in CELLS.items():
        levels = f'levels = {{ exercise = "{exercise}", education = "{education}" }}\n'
        text = text.replace(f'[[arms]]\ncode = "{code}"\n', f'[[arms]]\ncode = "{code}"\n{levels}')
    text = text.replace(kind.primary, primary, 1)
    secondary = secondary.replace("demographics.age", f"demographics.{age}")
    text = text.replace('method = "risk_difference"\ninterval = "newcombe"', secondary, 1)
    text = text.replace("[[visits]]", f"{FACTORS}[[visits]]", 1)
    path.write_text(text, "utf-8", newline="\n")
    return folder


@cache
def factorial_line() -> Line:
    """The trial at every stage, whose files are gone; none of it is changed by a test."""
    with TemporaryDirectory() as folder:
        return line_of(write_factorial(Path(folder) / "trial"))


def _with(kind: Kind) -> Kind:
    def change(tables: Tables) -> None:
        as_in_the_reference(tables)
        kind.change(tables)

    return replace(kind, change=change)


def as_in_the_reference(tables: Tables) -> None:
    """Everybody has the arm and the values of one row of the reference data."""
    with DATA.open(encoding="utf-8", newline="") as file:
        known = {int(row["id"]): row for row in csv.DictReader(file)}
    arms = {cell: arm for arm, cell in CELLS.items()}
    order = tuple(CELLS.values())
    assessed = {(row["subject_id"], row["visit"]): row for row in tables["assessment"]}
    ends = {row["subject_id"]: row for row in tables["end_of_study"]}
    for number, person in enumerate(tables["randomisation"], start=1):
        row = known.get(number)
        cell = (row["exercise"], row["education"]) if row else order[(number - 1) % len(order)]
        who = person["subject_id"]
        person["arm"] = ends[who]["arm_received"] = arms[cell]
        first, last = assessed[who, "V0"], assessed[who, "V1"]
        first["better"] = "no"
        if row is None:
            last["pain_mm"] = last["better"] = ""
        else:
            first["pain_mm"], last["pain_mm"] = float(row["base"]), float(row["y"])
            last["better"] = "yes" if float(row["y"]) < BELOW else "no"
