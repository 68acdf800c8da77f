"""A whole trial of recurrences of back pain, each with its day in a log, as a folder of files."""

from csv import DictReader
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.report.kinds_of_trial import Kind, write_trial
from tests.report.return_to_sport import rename_age

OUTCOMES = """
[[outcomes]]
code = "pain_again"
label = "Recurrences of back pain"
type = "recurrent_events"
role = "primary"
form = "log"
item = "happened"
where = {{ what = ["pain"] }}
time_point = "V3"
metric = "recurrences"
aggregation = "rate"
direction = "lower"
digits = 2
{rate}

[outcomes.at_risk]
unit = "weeks"
{horizon}
{competing}

[[outcomes]]
code = "better"
"""
COMPETING = 'competing = [{ date = "surgery.operated", code = "surgery", label = "Operation" }]'
LOG = """
[form]
id = "log"
title = "Log of pain and medicines"
kind = "other"
expected = "as_needed"
repeating = true

[[items]]
id = "happened"
label = "Day"
type = "date"

[[items]]
id = "what"
label = "What happened"
type = "choice"
required = true
choices = [{ code = "pain", label = "Back pain came back" }, { code = "medicine", label = "Took medicine" }]
"""
SURGERY = """
[form]
id = "surgery"
title = "Operation"
kind = "other"
expected = "as_needed"

[[items]]
id = "operated"
label = "Operated on"
type = "date"
"""


def write_recurrences(
    folder: Path,
    *,
    method: str = 'method = "negative_binomial"',
    more: str = "",
    competing: bool = False,
    per_arm: int | tuple[int, ...] = 40,
    cut: str = "2025-06-30",
    rate: str = "per = 52.1775\nper_unit = 'person-year'",
    horizon: str = "horizon = 12",
    weekly: tuple[float, float] = (0.14, 0.08),
    age: str = "age",
) -> Path:
    """The trial, whose trained participants have fewer recurrences; some leave, some are operated on.

    ``weekly`` are the rates of the arms in recurrences a week; people differ in theirs.
    """
    sizes = per_arm if isinstance(per_arm, tuple) else (per_arm,)
    kind = Kind(
        visits=4, per_arm=sizes, primary=method, measured_at=("V0", "V3"), cut=cut, more=more
    )
    write_trial(folder, kind)
    file = folder / "protocol.toml"
    text = file.read_text("utf-8")
    begin, end = text.index('[[outcomes]]\ncode = "pain"'), text.index('code = "better"')
    said = OUTCOMES.format(competing=COMPETING if competing else "", rate=rate, horizon=horizon)
    text = text[:begin] + said.strip().removesuffix('code = "better"') + text[end:]
    text = text.replace('outcomes = ["pain"]', 'outcomes = ["pain_again"]')
    file.write_text(text, "utf-8")
    (folder / "forms" / "log.toml").write_text(LOG, "utf-8")
    if competing:
        (folder / "forms" / "surgery.toml").write_text(SURGERY, "utf-8")
    _write_days(folder, competing=competing, weekly=weekly)
    rename_age(folder, age)
    return folder


def _write_days(folder: Path, *, competing: bool, weekly: tuple[float, float]) -> None:
    ends = _ends(folder / "data" / "end_of_study.csv")
    rng = np.random.default_rng(11)
    rows = (folder / "data" / "randomisation.csv").read_text("utf-8").split()[1:]
    lines, operations, left = ["subject_id,repeat,happened,what"], ["subject_id,operated"], {}
    for row in rows:
        who, day, arm = row.split(",")
        start = date.fromisoformat(day)
        operated = float(rng.exponential(500)) if competing else np.inf
        gone = float(rng.exponential(400))
        own = rng.gamma(0.8, 1 / 0.8) * weekly[arm == "TRAIN"] / 7
        last = int(min(operated, gone, 100))
        happened = sorted(rng.integers(1, 101, size=int(rng.poisson(own * 100))))
        told = [("pain", int(each)) for each in happened if each <= last]
        told += [("medicine", int(each)) for each in rng.integers(1, last + 2, size=1)]
        told = [each for each in told if start + timedelta(days=each[1]) <= ends[who]]
        for number, (what, after) in enumerate(sorted(told, key=lambda each: each[1]), start=1):
            lines.append(f"{who},{number},{start + timedelta(days=after)},{what}")
        if operated < min(gone, 100):
            operations.append(f"{who},{start + timedelta(days=int(operated))}")
        elif gone < 100:
            left[who] = start + timedelta(days=int(gone))
    (folder / "data" / "log.csv").write_text("\n".join(lines) + "\n", "utf-8")
    if competing:
        (folder / "data" / "surgery.csv").write_text("\n".join(operations) + "\n", "utf-8")
    _end_early(folder / "data" / "end_of_study.csv", left)


def _ends(file: Path) -> dict[str, date]:
    """The last day of each participant, before anybody left early."""
    with file.open(encoding="utf-8") as rows:
        return {
            each["subject_id"]: date.fromisoformat(each["end_date"]) for each in DictReader(rows)
        }


def _end_early(file: Path, left: dict[str, date]) -> None:
    head, *ended = file.read_text("utf-8").splitlines()
    names = head.split(",")
    cells = [dict(zip(names, each.split(","), strict=True)) for each in ended]
    for each in cells:
        if each["subject_id"] in left:
            each |= {"completed": "no", "end_date": str(left[each["subject_id"]])}
            each |= {"end_reason": "Moved away"}
    again = [",".join(each[name] for name in names) for each in cells]
    file.write_text("\n".join([head, *again]) + "\n", "utf-8")
