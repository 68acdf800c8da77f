"""A trial whose primary outcome is how often people fall: a monthly diary, with the days observed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.report.kinds_of_trial import Kind, Row, Tables, tables_of, write_trial

MONTHS, DAYS = 6, 30
DIARY = """
[form]
id = "diary"
title = "Diary of falls"
kind = "other"
expected = "randomised"
repeating = true

[[items]]
id = "days"
label = "Days observed"
type = "integer"
unit = "days"
range = { low = 0, high = 31 }
required = true

[[items]]
id = "falls"
label = "Falls"
type = "integer"
range = { low = 0 }
required = true
"""
OUTCOME = """
[[outcomes]]
code = "falls"
label = "Falls"
type = "count"
role = "primary"
form = "diary"
item = "falls"
combine = "sum"
time_point = "V1"
exposure = "diary.days"
exposure_unit = "days"
per = 365.25
per_unit = "person-year"
metric = "number of falls over six months"
aggregation = "rate"
direction = "lower"
digits = 2

"""
PRIMARY = 'method = "negative_binomial"\ncovariates = ["demographics.age"]\nlimits = "profile"'
OTHERS = """
[[analyses]]
id = "robust"
role = "sensitivity"
outcomes = ["falls"]
population = "itt"
estimand = "E1"
method = "poisson"

[[analyses]]
id = "crude"
role = "exploratory"
outcomes = ["falls"]
population = "itt"
estimand = "E1"
method = "exact_rate_ratio"

[[analyses]]
id = "pain_after"
role = "secondary"
outcomes = ["pain"]
population = "itt"
estimand = "E1"
method = "ancova"
"""


def write_falls(
    folder: Path,
    *,
    kind: Kind | None = None,
    primary: str = PRIMARY,
    age: str = "age",
    change: Callable[[list[Row]], object] = lambda _: None,
) -> Path:
    """The folder of the trial; ``change`` what else is unlike in its diary."""
    kind = kind or Kind(per_arm=(40,))
    write_trial(folder, kind)
    rename_age(folder, age)
    path = folder / "protocol.toml"
    text = path.read_text("utf-8").replace('role = "primary"\nform', 'role = "secondary"\nform')
    text = text.replace('outcomes = ["pain"]', 'outcomes = ["falls"]', 1)
    text = text.replace(kind.primary, primary.replace("demographics.age", f"demographics.{age}"), 1)
    text = text.replace("[[populations]]", f"{OUTCOME}[[populations]]", 1)
    text = text.replace("[sample_size]", f"{OTHERS}\n[sample_size]", 1)
    path.write_text(text, "utf-8", newline="\n")
    (folder / "forms" / "diary.toml").write_text(DIARY, "utf-8", newline="\n")
    rows = diary(tables_of(kind), kind)
    change(rows)
    lines = ["subject_id,repeat,days,falls"]
    lines += [",".join(str(row[name]) for name in lines[0].split(",")) for row in rows]
    (folder / "data" / "diary.csv").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    return folder


def rename_age(folder: Path, name: str) -> None:
    """The item that holds the age goes by another name."""
    for file in ("protocol.toml", "forms/demographics.toml", "data/demographics.csv"):
        text = (folder / file).read_text("utf-8").replace('"age"', f'"{name}"')
        text = text.replace("subject_id,age,", f"subject_id,{name},")
        (folder / file).write_text(text, "utf-8", newline="\n")


def diary(tables: Tables, kind: Kind) -> list[Row]:
    """Falls by month: people differ by a gamma variable, and some stop early."""
    rng = np.random.default_rng(7)
    rows: list[Row] = []
    for person in tables["randomisation"]:
        rate = 1.6 * rng.gamma(1.0, 1.0) * (0.55 if person["arm"] != kind.arms[0] else 1.0)
        months = MONTHS if rng.random() < 0.8 else int(rng.integers(1, MONTHS))
        for month in range(1, months + 1):
            falls = int(rng.poisson(rate * DAYS / 182.5))
            rows.append(
                {"subject_id": person["subject_id"], "repeat": month, "days": DAYS, "falls": falls}
            )
    return rows
