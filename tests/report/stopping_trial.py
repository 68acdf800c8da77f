"""A trial of three visits whose participants may stop, take rescue medication or be lost: whole, in a folder.

It is the trial of ``trialkit new`` with a visit more, a form for stopping, forty made-up participants,
and an estimand for each strategy.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from trialkit.newtrial.writing import write_new_trial

VISITS = {"BL": 0, "W6": 42, "W12": 84}
DISCONTINUATION = """
[form]
id = "discontinuation"
title = "Stopping the allocated care"
kind = "other"
expected = "as_needed"

[[items]]
id = "stop_date"
label = "Day of stopping"
type = "partial_date"
required = true

[[items]]
id = "why"
label = "Why"
type = "choice"
required = true
choices = [{ code = "wish", label = "Own wish" }, { code = "harm", label = "Harm" }, { code = "moved", label = "Moved away" }]
"""
RESCUE_ITEM = """
[[items]]
id = "rescue"
label = "Rescue medication since the last visit"
type = "yes_no"
required = true
"""
EVENTS = """
[[intercurrent_events]]
code = "stopped"
label = "Stopped the allocated care"
date = "discontinuation.stop_date"
where = { why = ["wish", "harm"] }

[[intercurrent_events]]
code = "rescue"
label = "Rescue medication"
item = "assessment.rescue"
codes = ["yes"]

[[intercurrent_events]]
code = "surgery"
label = "Surgery"
"""
WEEK_12 = """
[[visits]]
code = "W12"
label = "Week 12"
target_day = 84
window = { early = 7, late = 7 }
"""
ESTIMAND = """
[[estimands]]
code = "{code}"
treatment = "New care compared with usual care"
population = "itt"
variable = "Change of symptoms from baseline to week 12"
intercurrent_events = [{events}]
summary = "Difference between the arms in mean change"
"""
ANALYSIS = """
[[analyses]]
id = "{id}"
role = "{role}"
outcomes = ["symptoms"]
population = "itt"
estimand = "{estimand}"
method = "{method}"
"""


def event(code: str, strategy: str, more: str = "") -> str:
    return f'{{ event = "{code}", strategy = "{strategy}"{more} }}'


QUESTIONS = {
    "supposed": ("mmrm", event("stopped", "hypothetical"), event("rescue", "treatment policy", ', assumption = "As if nobody took any"')),
    "worst": ("ancova", event("stopped", "composite", ', value = "worst"')),
    "number": ("ancova", event("rescue", "composite", ', value = "80"'), event("stopped", "hypothetical")),
    "while": ("ancova", event("stopped", "while on treatment")),
    "kept": ("ancova", event("stopped", "treatment policy"), event("surgery", "treatment policy")),
}  # fmt: skip


def protocol_text(text: str) -> str:
    """The protocol of the template with what this trial has more."""
    head, _, _ = text.partition("[[estimands]]")
    _, _, plan = text.partition("[plan]\n")
    levels, _, _ = plan.partition("# Outcomes that share")
    _, _, characteristics = text.partition("# The rows of the baseline table.")
    head = head.replace("[[outcomes]]", WEEK_12 + "\n[[outcomes]]", 1)
    head = head.replace('time_point = "W6"', 'time_point = "W12"')
    head = head.replace('role = "secondary"\nform', 'role = "exploratory"\nform')
    estimands = [
        ESTIMAND.format(code=code, events=", ".join(events))
        for code, (_, *events) in QUESTIONS.items()
    ]
    analyses = [
        ANALYSIS.format(
            id=code, role="sensitivity" if place else "primary", estimand=code, method=method
        )
        for place, (code, (method, *_)) in enumerate(QUESTIONS.items())
    ]
    return "\n".join((head, EVENTS, *estimands, "[plan]", levels, *analyses, characteristics))


def write_stopping_trial(folder: Path) -> Path:
    """The trial in a folder that is not there yet."""
    write_new_trial(folder)
    protocol = folder / "protocol.toml"
    protocol.write_text(protocol_text(protocol.read_text("utf-8")), "utf-8")
    form = folder / "forms" / "assessment.toml"
    text = form.read_text("utf-8").replace('["BL", "W6"]', '["BL", "W6", "W12"]')
    form.write_text(text.replace("\n[[rules]]", f"{RESCUE_ITEM}\n[[rules]]", 1), "utf-8")
    (folder / "forms" / "discontinuation.toml").write_text(DISCONTINUATION, "utf-8")
    for name, (head, rows) in _data().items():
        text = "\n".join([head, *rows]) + "\n"
        (folder / "data" / f"{name}.csv").write_text(text, "utf-8")
    return folder


def _data() -> dict[str, tuple[str, list[str]]]:
    rng = np.random.default_rng(20251130)
    tables: dict[str, tuple[str, list[str]]] = {
        "screening": ("subject_id,screening_date,consent_date,eligible,not_enrolled_reason", []),
        "randomisation": ("subject_id,randomisation_date,block,arm", []),
        "demographics": ("subject_id,sex,age_years", []),
        "assessment": ("subject_id,visit,visit_date,symptom_score,walk_m,rescue", []),
        "end_of_study": (
            "subject_id,arm_received,discontinued,discontinuation_reason,completed,end_date,end_reason",
            [],
        ),
        "discontinuation": ("subject_id,stop_date,why", []),
        "adverse_events": (
            "subject_id,repeat,term,start_date,severity,serious,related,led_to_withdrawal",
            [],
        ),
    }
    for number in range(40):
        for name, row in _participant(number, rng):
            tables[name][1].append(row)
    return tables


def _participant(number: int, rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Every fifth stops, one of them on a day that is not known; every tenth is lost after that."""
    who, day = f"{number:03d}", date(2025, 1, 6) + timedelta(days=number)
    arm = "NEW" if number % 4 in {0, 3} else "USUAL"
    stops = number % 5 == 0
    stopped = 30 if number % 2 else 60
    lost = stops and number % 10 == 0
    yield "screening", f"{who},{day},{day},yes,"
    yield "randomisation", f"{who},{day},{number // 4 + 1},{arm}"
    yield "demographics", f"{who},{'fm'[number % 2]},{int(rng.integers(25, 70))}"
    score, walk = float(rng.normal(60, 8)), int(rng.normal(450, 40))
    for visit, after in VISITS.items():
        if lost and after > stopped:
            continue
        better = {"BL": 0, "W6": 10, "W12": 15}[visit] * (1.8 if arm == "NEW" else 1)
        value = int(np.clip(score - better + rng.normal(0, 6), 0, 100))
        rescue = "yes" if number % 7 == 3 and after > 50 else "no"
        yield "assessment", f"{who},{visit},{day + timedelta(days=after)},{value},{walk},{rescue}"
    if stops:
        known = str(day + timedelta(days=stopped)) if number else "ND"
        yield "discontinuation", f"{who},{known},{'moved' if number == 35 else 'wish'}"
    why = "Own wish" if stops else ""
    last = day + timedelta(days=stopped + 5 if lost else 84)
    yield (
        "end_of_study",
        f"{who},{arm},{'yes' if stops else 'no'},{why},{'no' if lost else 'yes'},{last},{'lost' if lost else ''}",
    )
