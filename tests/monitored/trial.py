"""A physiotherapy trial for low back pain with three arms and three sites, made up and without a fault.

ODI, RMDQ, NRS, session log and ultrasound of the multifidus are the shipped instruments. Nobody took part:
all data are drawn from a seed.
"""

import csv
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np

from trialkit.schemas.instruments.form_file import form_text
from trialkit.schemas.instruments.registry import INSTRUMENTS

CUT = date(2025, 3, 31)
VISITS = {"BL": 0, "W6": 42, "W12": 84, "M6": 182}
ARMS = ("MOT", "GEN", "CTL")
SITES = {"N": "North", "S": "South", "W": "West"}
OF_EACH_SITE = 22
"""Screened participants; the last of each site is not enrolled."""
SESSIONS = 12
LEFT_EARLY = ("N-007", "W-011")
"""They leave after six weeks."""
CROSSED_OVER = "S-009"

Row = dict[str, str]
Tables = dict[str, list[Row]]

PROTOCOL = """
[trial]
id = "monitored"
title = "Motor control or general exercise for low back pain: a randomised trial with three arms (synthetic)"
short_title = "Exercise for low back pain"
framework = "superiority"
synthetic = "Synthetic data for testing"

[documents]

[funding]
source = "None"
role = "None"

[objectives]
benefits = ["Whether exercise of the deep muscles lessens disability after 12 weeks."]
harms = ["How many participants of each arm have an adverse event."]

[eligibility]
inclusion = ["Low back pain for three months or more"]

[[arms]]
code = "MOT"
label = "Motor control exercise"

[arms.intervention]
name = "Motor control exercise"
sessions = 12

[[arms]]
code = "GEN"
label = "General exercise"

[arms.intervention]
name = "General exercise"
sessions = 12

[[arms]]
code = "CTL"
label = "Education"
reference = true

[arms.intervention]
name = "Education"

[[outcomes]]
code = "disability"
label = "Disability"
type = "continuous"
role = "primary"
form = "odi"
item = "odi_score"
time_point = "W12"
metric = "change from baseline"
aggregation = "mean"
direction = "lower"
unit = "%"

[[populations]]
code = "itt"
label = "Intention to treat"
definition = "All randomised participants, in the arm they were allocated to."

[[estimands]]
code = "E1"
treatment = "Exercise of either kind, compared with education, whatever else is done"
population = "itt"
variable = "Change of disability from baseline to week 12"
intercurrent_events = [{ event = "Discontinuation", strategy = "treatment policy" }]
summary = "Difference in mean change"

[plan]
alpha = 0.05

[[analyses]]
id = "primary"
role = "primary"
outcomes = ["disability"]
population = "itt"
estimand = "E1"
method = "ancova"
covariates = ["baseline"]
response = "final"

[randomisation]
type = "permuted blocks"

[blinding]
participants = "no"
providers = "no"
assessors = "yes"
analysts = "no"

[harms]
definition = "Any unfavourable sign, symptom or illness."

[data]
missing_codes = [{ code = "NK", label = "not known" }]
"""

_DATE = """
[[items]]
id = "{id}"
label = "{label}"
type = "date"
required = {required}
purpose = "{purpose}"
"""
_CHOICE = """
[[items]]
id = "{id}"
label = "{label}"
type = "choice"
choices = [{choices}]
required = true
purpose = "{purpose}"
"""
_ARM_CHOICES = ", ".join(f'{{ code = "{code}", label = "Arm {code}" }}' for code in ARMS)
_SITE_CHOICES = ", ".join(
    f'{{ code = "{code}", label = "{label}" }}' for code, label in SITES.items()
)


def _form(form_id: str, title: str, kind: str, expected: str, *, repeating: bool = False) -> str:
    return (
        f'[form]\nid = "{form_id}"\ntitle = "{title}"\nkind = "{kind}"\n'
        f'expected = "{expected}"\n' + ("repeating = true\n" if repeating else "")
    )


def _date(id_: str, label: str, purpose: str, *, required: bool = True) -> str:
    return _DATE.format(id=id_, label=label, purpose=purpose, required=str(required).lower())


def _yes_no(id_: str, label: str, purpose: str = "") -> str:
    return f'\n[[items]]\nid = "{id_}"\nlabel = "{label}"\ntype = "yes_no"\nrequired = true\n' + (
        f'purpose = "{purpose}"\n' if purpose else ""
    )


def _number(id_: str, label: str, unit: str, low: int, high: int) -> str:
    return (
        f'\n[[items]]\nid = "{id_}"\nlabel = "{label}"\ntype = "decimal"\nunit = "{unit}"\n'
        f"range = {{ low = {low}, high = {high} }}\nrequired = true\n"
    )


def _text(id_: str, label: str, purpose: str, *, required: bool = False) -> str:
    return (
        f'\n[[items]]\nid = "{id_}"\nlabel = "{label}"\ntype = "text"\npurpose = "{purpose}"\n'
        + ("required = true\n" if required else "")
    )


def forms() -> dict[str, str]:
    """The text of each form; the instruments are the shipped ones."""
    visits = tuple(VISITS)
    severities = '{ code = "mild", label = "Mild" }, { code = "severe", label = "Severe" }, '
    severities += '{ code = "fatal", label = "Fatal" }'
    log = form_text(INSTRUMENTS["session_log"], visits=())
    return {
        "screening": _form("screening", "Screening", "screening", "everyone")
        + _date("screened", "Date of screening", "screening_date")
        + _date("consented", "Date of consent", "consent_date", required=False)
        + _CHOICE.format(id="site", label="Site", choices=_SITE_CHOICES, purpose="site")
        + _yes_no("eligible", "Eligible", "eligible"),
        "demographics": _form("demographics", "Demographics", "demographics", "randomised")
        + _number("age", "Age", "years", 18, 80)
        + _number("height", "Height", "cm", 50, 250)
        + _number("weight", "Weight", "kg", 30, 250),
        "randomisation": _form("randomisation", "Randomisation", "randomisation", "randomised")
        + _date("randomised", "Date of randomisation", "randomisation_date")
        + _CHOICE.format(id="arm", label="Arm", choices=_ARM_CHOICES, purpose="arm"),
        **{
            name: form_text(INSTRUMENTS[name], visits=visits)
            for name in ("odi", "rmdq", "nrs_pain", "muscle_area")
        },
        "session_log": log.replace("[form]\n", '[form]\narms = ["MOT", "GEN"]\n', 1),
        "adverse_events": _form(
            "adverse_events", "Adverse events", "adverse_events", "as_needed", repeating=True
        )
        + _text("term", "Event", "event_term", required=True)
        + _date("began", "First day of the event", "event_start")
        + _CHOICE.format(
            id="severity", label="Severity", choices=severities, purpose="event_severity"
        ),
        "end_of_study": _form("end_of_study", "End of study", "end_of_study", "randomised")
        + _CHOICE.format(
            id="received", label="Arm received", choices=_ARM_CHOICES, purpose="arm_received"
        )
        + _text("why_other", "Reason for another arm", "not_received_reason")
        + _yes_no("completed", "Study completed", "completed")
        + _date("ended", "Last day in the study", "end_date"),
    }


def protocol() -> str:
    """The text of the protocol."""
    sites = "".join(
        f'\n[[sites]]\ncode = "{code}"\nlabel = "{label}"\nsubject_pattern = "{code}-[0-9]{{3}}"\n'
        for code, label in SITES.items()
    )
    visits = "".join(
        f'\n[[visits]]\ncode = "{code}"\nlabel = "Visit {code}"\ntarget_day = {day}\n'
        f"window = {{ early = {7 if not day else 10}, late = {0 if not day else 10} }}\n"
        + ("baseline = true\n" if not day else "")
        for code, day in VISITS.items()
    )
    return PROTOCOL + sites + visits


class _Person:
    """Somebody made up: when, where, and how they are from visit to visit."""

    def __init__(self, number: int, site: str, subject: str, draw: np.random.Generator) -> None:
        self.draw, self.subject, self.site = draw, subject, site
        self.arm = ARMS[number % 3]
        self.randomised = date(2024, 2, 5) + timedelta(days=int(draw.integers(0, 140)))
        self.screened = self.randomised - timedelta(days=int(draw.integers(3, 9)))
        self.severity = float(draw.normal(2.2, 0.7))
        self.size = float(draw.normal(1.9, 0.15))
        self.slant = float(draw.normal(0, 0.12))
        self.level = str(draw.choice(["L4-L5", "L5-S1"]))
        self.gain = float(draw.normal(0.8 if self.arm != "CTL" else 0.3, 0.3))
        self.visits = {
            code: self.randomised + timedelta(days=day + (int(draw.integers(-6, 7)) if day else 0))
            for code, day in VISITS.items()
            if subject not in LEFT_EARLY or day < 50
        }
        self.ended = max(self.visits.values())

    def at(self, visit: str) -> float:
        """How severe it is at a visit."""
        share = min(1.0, VISITS[visit] / 84)
        return self.severity - share * self.gain + float(self.draw.normal(0, 0.25))


def tables(seed: int = 20240205) -> Tables:
    """The rows of each form, without a fault."""
    draw = np.random.default_rng(seed)
    found: Tables = {name: [] for name in forms()}
    number = 0
    for site in SITES:
        for place in range(1, OF_EACH_SITE + 1):
            person = _Person(number, site, f"{site}-{place:03d}", draw)
            number += 1
            _screened(found, person, enrolled=place < OF_EACH_SITE)
            if place < OF_EACH_SITE:
                _enrolled(found, person)
                _visited(found, person)
                _exercised(found, person)
    _events(found)
    return found


def _screened(found: Tables, person: _Person, *, enrolled: bool) -> None:
    found["screening"].append(
        {
            "subject_id": person.subject,
            "screened": str(person.screened),
            "consented": str(person.screened) if enrolled else "",
            "site": person.site,
            "eligible": "yes" if enrolled else "no",
        }
    )


def _enrolled(found: Tables, person: _Person) -> None:
    draw = person.draw
    found["demographics"].append(
        {
            "subject_id": person.subject,
            "age": str(int(draw.integers(22, 70))),
            "height": f"{draw.normal(171, 8):.0f}",
            "weight": f"{draw.normal(76, 11):.1f}",
        }
    )
    found["randomisation"].append(
        {
            "subject_id": person.subject,
            "randomised": str(person.randomised),
            "arm": person.arm,
        }
    )
    crossed = person.subject == CROSSED_OVER
    found["end_of_study"].append(
        {
            "subject_id": person.subject,
            "received": ARMS[(ARMS.index(person.arm) + 1) % 3] if crossed else person.arm,
            "why_other": "Was treated in the group of a friend" if crossed else "",
            "completed": "no" if person.subject in LEFT_EARLY else "yes",
            "ended": str(person.ended),
        }
    )


def _visited(found: Tables, person: _Person) -> None:
    draw = person.draw
    for visit, day in person.visits.items():
        key = {"subject_id": person.subject, "visit": visit, "visit_date": str(day)}
        severity = person.at(visit)
        odi = np.clip(np.round(severity + draw.normal(0, 0.9, 10)), 0, 5).astype(int)
        rmdq = draw.random(24) < 1 / (1 + np.exp(-(severity - 2 + draw.normal(0, 0.8, 24))))
        nrs = int(np.clip(round(2 * severity + draw.normal(0, 0.7)), 1, 10))
        area = np.exp(person.size + np.array([1, -1]) * person.slant / 2 + draw.normal(0, 0.025, 2))
        found["odi"].append(
            {**key, **{f"odi_{place}": str(each) for place, each in enumerate(odi, 1)}}
        )
        ticks = {f"rmdq_{place}": "yes" if each else "no" for place, each in enumerate(rmdq, 1)}
        found["rmdq"].append({**key, "rmdq_given": "yes", **ticks})
        found["nrs_pain"].append({**key, "nrs": str(nrs)})
        found["muscle_area"].append(
            {
                **key,
                "method": "ultrasound",
                "level": person.level,
                "area_left": f"{area[0]:.2f}",
                "area_right": f"{area[1]:.2f}",
            }
        )


def _exercised(found: Tables, person: _Person) -> None:
    draw = person.draw
    if person.arm == "CTL":
        return
    for number in range(SESSIONS):
        came = bool(draw.random() < 0.9)
        prescribed = int(draw.integers(8, 13))
        day = person.randomised + timedelta(days=2 + 3 * number)
        found["session_log"].append(
            {
                "subject_id": person.subject,
                "repeat": str(number + 1),
                "session_date": str(day),
                "attended": "yes" if came else "no",
                "minutes": str(int(draw.integers(40, 61))) if came else "",
                "sets_prescribed": str(prescribed),
                "sets_completed": str(prescribed - int(draw.integers(0, 3))) if came else "",
                "effort": str(int(draw.integers(3, 8))) if came else "",
                "repetitions": str(8 * prescribed) if came else "",
                "load": f"{5 + number / 2:.1f}" if came else "",
                "pain_before": str(2 + number % 2) if came else "",
                "pain_during": str(3 + number % 2) if came else "",
                "reason": "" if came else str(draw.choice(["Work", "Illness", "Travel"])),
            }
        )


def _events(found: Tables) -> None:
    for subject, number, term, days in (
        ("N-003", 1, "Muscle soreness", 5),
        ("N-003", 2, "Common cold", 30),
        ("S-004", 1, "Muscle soreness", 8),
        ("W-015", 1, "Headache", 20),
    ):
        (row,) = (each for each in found["randomisation"] if each["subject_id"] == subject)
        began = date.fromisoformat(row["randomised"]) + timedelta(days=days)
        found["adverse_events"].append(
            {
                "subject_id": subject,
                "repeat": str(number),
                "term": term,
                "began": str(began),
                "severity": "mild",
            }
        )


def written(folder: Path, rows: Tables) -> Path:
    """The trial as a folder."""
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    (folder / "protocol.toml").write_text(protocol(), encoding="utf-8")
    for name, text in forms().items():
        (folder / "forms" / f"{name}.toml").write_text(text, encoding="utf-8")
    write_data(folder, rows)
    return folder


@cache
def _asked() -> Mapping[str, tuple[str, ...]]:
    """By form, the items that its file has a column for, also where nobody answers them here."""
    read = {name: tomllib.loads(text)["items"] for name, text in forms().items()}
    return {
        name: tuple(item["id"] for item in items if item["type"] != "calculated")
        for name, items in read.items()
    }


def write_data(folder: Path, rows: Tables) -> None:
    """The data files of a trial's folder."""
    (folder / "data").mkdir(exist_ok=True)
    asked = _asked()
    for name, table in rows.items():
        text = StringIO()
        columns = list(dict.fromkeys([*(name for row in table for name in row), *asked[name]]))
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
        (folder / "data" / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")


def row_of(rows: Tables, form: str, **key: str) -> Row:
    """The only row of a form with this key."""
    (row,) = (each for each in rows[form] if key.items() <= each.items())
    return row


def copied(rows: Mapping[str, list[Row]]) -> Tables:
    """Rows that may be spoiled."""
    return {name: [dict(row) for row in table] for name, table in rows.items()}
