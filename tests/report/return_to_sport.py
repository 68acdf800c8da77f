"""A whole trial of the return to sport, with operations that compete with it, as a folder of files."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.report.kinds_of_trial import Kind, write_trial

OUTCOMES = """
[[outcomes]]
code = "return"
label = "Return to sport"
type = "time_to_event"
role = "primary"
form = "sport"
item = "returned"
time_point = "V3"
metric = "time to event"
aggregation = "median"
direction = "{direction}"
digits = 1

[outcomes.at_risk]
unit = "weeks"
horizon = 12
{competing}

[[outcomes]]
code = "better"
"""
COMPETING = 'competing = [{ date = "sport.operated", code = "surgery", label = "Operation" }]'
SPORT = """
[form]
id = "sport"
title = "Return to sport"
kind = "other"
expected = "as_needed"

[[items]]
id = "returned"
label = "Returned to sport on"
type = "date"

[[items]]
id = "operated"
label = "Operated on"
type = "date"
"""


def write_return_to_sport(
    folder: Path,
    *,
    method: str = 'method = "cox"\ncovariates = ["demographics.age"]',
    more: str = "",
    competing: bool = True,
    per_arm: int = 40,
    cut: str = "2025-06-30",
    age: str = "age",
    direction: str = "lower",
) -> Path:
    """The trial, whose trained participants return sooner; some are operated on, some leave."""
    kind = Kind(
        visits=4, per_arm=(per_arm,), primary=method, measured_at=("V0", "V3"), cut=cut, more=more
    )
    write_trial(folder, kind)
    file = folder / "protocol.toml"
    text = file.read_text("utf-8")
    begin, end = text.index('[[outcomes]]\ncode = "pain"'), text.index('code = "better"')
    said = OUTCOMES.format(competing=COMPETING if competing else "", direction=direction)
    text = text[:begin] + said.strip().removesuffix('code = "better"') + text[end:]
    file.write_text(text.replace('outcomes = ["pain"]', 'outcomes = ["return"]'), "utf-8")
    (folder / "forms" / "sport.toml").write_text(SPORT, "utf-8")
    _write_days(folder, competing=competing)
    rename_age(folder, age)
    return folder


def rename_age(folder: Path, age: str) -> None:
    """The item of the age under another name, in protocol, form and data."""
    for each in (folder / "protocol.toml", folder / "forms" / "demographics.toml"):
        text = each.read_text("utf-8")
        text = text.replace('item = "age"', f'item = "{age}"').replace(
            'id = "age"', f'id = "{age}"'
        )
        each.write_text(text.replace('demographics.age"', f'demographics.{age}"'), "utf-8")
    ages = folder / "data" / "demographics.csv"
    ages.write_text(ages.read_text("utf-8").replace("age", age, 1), "utf-8")


def _write_days(folder: Path, *, competing: bool) -> None:
    rng = np.random.default_rng(7)
    rows = (folder / "data" / "randomisation.csv").read_text("utf-8").split()[1:]
    lines, left = ["subject_id,returned,operated"], {}
    for row in rows:
        who, day, arm = row.split(",")
        start = date.fromisoformat(day)
        returned = float(rng.exponential(60 if arm == "TRAIN" else 110))
        operated = float(rng.exponential(400)) if competing else np.inf
        gone = float(rng.exponential(500))
        first = min(returned, operated, gone, 100)
        if first == gone:
            left[who] = start + timedelta(days=int(gone))
        elif first < 100:
            said = str(start + timedelta(days=int(first)))
            lines.append(
                f"{who},{said if first == returned else ''},{said if first == operated else ''}"
            )
    (folder / "data" / "sport.csv").write_text("\n".join(lines) + "\n", "utf-8")
    file = folder / "data" / "end_of_study.csv"
    head, *ended = file.read_text("utf-8").splitlines()
    names = head.split(",")
    cells = [dict(zip(names, each.split(","), strict=True)) for each in ended]
    for each in cells:
        if each["subject_id"] in left:
            each |= {"completed": "no", "end_date": str(left[each["subject_id"]])}
            each |= {"end_reason": "Moved away"}
    again = [",".join(each[name] for name in names) for each in cells]
    file.write_text("\n".join([head, *again]) + "\n", "utf-8")
