"""The three-arm trial with imaging: 3 levels, 2 sides and 2 methods at each visit, a row each."""

import shutil
from itertools import product
from pathlib import Path

from tests.datasets.edited import THREE_ARMS

FORM = """[form]
id = "imaging"
title = "Imaging of the multifidus"
kind = "assessment"
expected = "as_needed"
visits = ["BL", "W12"]
repeating = true
one_row_for = ["level", "side", "method"]

[[items]]
id = "level"
label = "Level"
type = "choice"
required = true
choices = [{ code = "L3", label = "L3" }, { code = "L4", label = "L4" }, { code = "L5", label = "L5" }]

[[items]]
id = "side"
label = "Side"
type = "choice"
required = true
choices = [{ code = "left", label = "Left" }, { code = "right", label = "Right" }]

[[items]]
id = "method"
label = "Method"
type = "choice"
required = true
choices = [{ code = "ultrasound", label = "Ultrasound" }, { code = "mri", label = "MRI" }]

[[items]]
id = "thickness_mm"
label = "Thickness of the multifidus"
type = "decimal"
unit = "mm"
range = { low = 0, high = 80 }
"""
OUTCOME = """
[[outcomes]]
code = "{code}"
label = "{label}"
type = "continuous"
role = "exploratory"
form = "imaging"
item = "thickness_mm"
time_point = "W12"
metric = "change from baseline"
aggregation = "mean"
direction = "higher"
unit = "mm"
digits = 1
{picks}
"""
OUTCOMES = {
    "l5_left": (
        "Multifidus at L5, left",
        'where = { level = "L5", side = "left", method = "ultrasound" }',
    ),
    "l5_mean": (
        "Multifidus at L5",
        'where = { level = "L5", method = "ultrasound" }\ncombine = "mean"',
    ),
    "thinnest": (
        "Thinnest multifidus",
        'where = { method = ["ultrasound"] }\ncombine = "worst"\nat_least = 5',
    ),
}
ANALYSIS = """
[[analyses]]
id = "{code}"
role = "exploratory"
outcomes = ["{code}"]
population = "itt"
estimand = "E1"
method = "ancova"
covariates = ["baseline"]
response = "final"
"""
CELLS = list(product(("L3", "L4", "L5"), ("left", "right"), ("ultrasound", "mri")))


def thickness(subject: str, visit: str, number: int) -> float:
    """What was measured in a row: nothing random, and another number in each."""
    return (
        20 + (int(subject) % 7) * 1.5 + number * 0.5 + (3.5 + int(subject) % 3) * (visit == "W12")
    )


def imaging_trial(folder: Path) -> Path:
    """The trial, written into a folder; of one participant the right side of L5 is missing."""
    copy = folder / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("__pycache__", "output"))
    lines = (copy / "data" / "randomisation.csv").read_text("utf-8-sig").splitlines()[1:]
    subjects = [line.split(";")[0] for line in lines]
    rows = ["subject_id;visit;repeat;level;side;method;thickness_mm"]
    for subject, visit in product(subjects, ("BL", "W12")):
        for number, (level, side, method) in enumerate(CELLS, start=1):
            value = f"{thickness(subject, visit, number):g}".replace(".", ",")
            if (subject, visit, level, side) == (subjects[0], "W12", "L5", "right"):
                value = "ND"
            rows.append(f"{subject};{visit};{number};{level};{side};{method};{value}")
    (copy / "data" / "imaging.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (copy / "forms" / "imaging.toml").write_text(FORM, "utf-8")
    text = (copy / "protocol.toml").read_text("utf-8")
    outcomes = "".join(
        OUTCOME.format(code=code, label=label, picks=picks)
        for code, (label, picks) in OUTCOMES.items()
    )
    analyses = "".join(ANALYSIS.format(code=code) for code in OUTCOMES)
    text = text.replace("[[populations]]", f"{outcomes}\n[[populations]]", 1)
    text = text.replace("[[characteristics]]", f"{analyses}\n[[characteristics]]", 1)
    (copy / "protocol.toml").write_text(text, "utf-8")
    return copy
