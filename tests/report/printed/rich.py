"""A trial of four arms with a wide plan, made of the tests' trial of three arms.

Its first arm is split in two, so that the tables of four arms are printed; its plan has effects of
every kind that the tables know: differences, ratios, percentage points, margins, levels, responders.
Its first analysis is of another population than the one whose means the tables describe.
"""

import shutil
from pathlib import Path

from tests.conftest import THREE_ARMS

SPLIT = ("0202", "0106", "0217", "0120", "0130", "0137", "0139")
"""Who of the first arm, HIGH, is in the new one, MID."""

MID = """
[[arms]]
code = "MID"
label = "Two short sessions"
ratio = 2

[arms.intervention]
name = "Supervised exercise, two short sessions a week"
sessions = 12
minutes_per_session = 25

[[arms]]
code = "LOW"
"""

PLAN = """
[plan]
alpha = 0.05
confidence_level = 0.9

[[families]]
code = "pair"
label = "Walk and rating"
adjustment = "hochberg"

[[analyses]]
id = "walk_ratio"
role = "secondary"
outcomes = ["walk"]
population = "per_protocol"
estimand = "E2"
family = "pair"
method = "ancova"
scale = "log"
covariates = ["baseline"]
response = "final"

[[analyses]]
id = "primary"
role = "primary"
outcomes = ["function"]
population = "itt"
estimand = "E1"
method = "mmrm"
covariates = ["baseline"]
response = "change"

[[analyses]]
id = "walk_tied"
role = "secondary"
outcomes = ["walk"]
population = "itt"
estimand = "E2"
method = "ancova"
covariates = ["baseline"]
response = "change"
comparisons = "all_pairs"
adjustment = "tukey"

[[analyses]]
id = "rating"
role = "secondary"
outcomes = ["improved"]
population = "itt"
estimand = "E3"
family = "pair"
method = "risk_difference"
interval = "wald"
test = "chi_square"

[[analyses]]
id = "better"
role = "secondary"
outcomes = ["function"]
population = "itt"
estimand = "E1"
method = "responders"
missing = "non_responder"

[[analyses]]
id = "function_sexes"
role = "exploratory"
outcomes = ["function"]
population = "itt"
estimand = "E1"
method = "subgroups"
by = "demographics.sex"
covariates = ["baseline"]
response = "change"

[[analyses]]
id = "function_ages"
role = "exploratory"
outcomes = ["function"]
population = "itt"
estimand = "E1"
method = "subgroups"
by = "demographics.age_years"
cut_points = [53, 64.5]
covariates = ["baseline", "demographics.age_years"]

[[analyses]]
id = "function_margin"
role = "exploratory"
outcomes = ["function"]
population = "per_protocol"
estimand = "E1"
method = "non_inferiority"
margin = 6
response = "change"

[[analyses]]
id = "function_resampled"
role = "sensitivity"
outcomes = ["function"]
population = "itt"
estimand = "E1"
method = "bootstrap"
response = "change"
replicates = 999
seed = 7

[[analyses]]
id = "function_visits"
role = "sensitivity"
outcomes = ["function"]
population = "itt"
estimand = "E1"
method = "mixed_anova"

[[analyses]]
id = "rating_strata"
role = "sensitivity"
outcomes = ["improved"]
population = "itt"
estimand = "E3"
method = "cochran_mantel_haenszel"
strata = "demographics.sex"

[[analyses]]
id = "walk_ranks"
role = "post hoc"
reason = "Distances are skewed"
outcomes = ["walk"]
population = "itt"
estimand = "E2"
method = "mann_whitney"
response = "final"

[[characteristics]]
"""

REPORT = """
[report]
standardised_differences = true

[[report.rows]]
table = "baseline"
of = "demographics.bmi"
label = "BMI"
digits = 2
footnote = "Measured without shoes."

[[report.rows]]
table = "outcomes"
of = "function"
label = "Knee function score"
digits = 2
footnote = "From 0 to 100."

[[report.rows]]
table = "harms"
of = "Knee pain"
label = "Pain of the knee"
footnote = "Of either knee."

[interim]
"""


def write_rich_trial(folder: Path) -> Path:
    """The trial in a folder that does not exist yet."""
    ignored = shutil.ignore_patterns("output", "__pycache__")
    shutil.copytree(THREE_ARMS, folder, ignore=ignored)
    protocol = folder / "protocol.toml"
    text = protocol.read_text("utf-8")
    before, after = text.index("[plan]"), text.index("[[characteristics]]")
    text = text[:before] + PLAN.lstrip() + text[after + len("[[characteristics]]") :]
    text = _replaced(text, '\n[[arms]]\ncode = "LOW"\n', MID)
    text = _replaced(text, "ratio = 4", "ratio = 2")
    text = _replaced(text, "\n[interim]\n", REPORT)
    protocol.write_text(text, "utf-8")
    choice = '{ code = "HIGH", label = "Two sessions a week" },'
    for form in ("randomisation", "end_of_study"):
        path = folder / "forms" / f"{form}.toml"
        more = f'{choice}\n  {{ code = "MID", label = "Two short sessions" }},'
        path.write_text(_replaced(path.read_text("utf-8"), choice, more), "utf-8")
    for table in ("randomisation", "end_of_study"):
        path = folder / "data" / f"{table}.csv"
        lines = path.read_text("utf-8").splitlines()
        moved = [
            line.replace(";HIGH", ";MID") if line.startswith(SPLIT) else line for line in lines
        ]
        path.write_text("\n".join(moved) + "\n", "utf-8")
    return folder


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)
