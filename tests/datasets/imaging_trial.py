"""The three-arm trial with imaging: 3 levels, 2 sides and 2 methods at each visit, a row each."""

import shutil
from itertools import product
from pathlib import Path

from tests.datasets.edited import THREE_ARMS


def imaging_form(
    title: str, visits: str, item: tuple[str, str, str], *, sides=("left", "right"), us="ultrasound"
) -> str:
    """Levels, sides and methods told apart, of the ``visits``, and the number that is measured."""
    id_, label, more = item
    choices = {
        "level": ("Level", {each: each for each in ("L3", "L4", "L5")}),
        "side": ("Side", dict(zip(sides, ("Left", "Right"), strict=True))),
        "method": ("Method", {us: "Ultrasound", "mri": "MRI"}),
    }
    asked = [
        f'[[items]]\nid = "{name}"\nlabel = "{head}"\ntype = "choice"\nrequired = true\nchoices = ['
        + ", ".join(f'{{ code = "{code}", label = "{said}" }}' for code, said in codes.items())
        + "]\n"
        for name, (head, codes) in choices.items()
    ]
    heading = (
        f'[form]\nid = "imaging"\ntitle = "{title}"\nkind = "assessment"\nexpected = "as_needed"\n'
        f'visits = {visits}\nrepeating = true\none_row_for = ["level", "side", "method"]\n'
    )
    number = f'[[items]]\nid = "{id_}"\nlabel = "{label}"\ntype = "decimal"\nunit = "mm"\n{more}'
    return "\n".join([heading, *asked, number])


FORM = imaging_form(
    "Imaging of the multifidus",
    '["BL", "W12"]',
    ("thickness_mm", "Thickness of the multifidus", "range = { low = 0, high = 80 }\n"),
)
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
