"""A trial of returns to sport: a day of the return, a log of injuries, operations, and last contacts."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from tests.miniature import Miniature, dedented
from trialkit.datasets.at_risk import TimesAtRisk, times_of
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import derive_subjects, randomised
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

HEAD = """
    [form]
    id = "{0}"
    title = "{0}"
    kind = "other"
    expected = "{1}"
"""
DAY = """
    [[items]]
    id = "{0}"
    label = "Day of {0}"
    type = "partial_date"
"""
SPORT = HEAD.format("sport", "as_needed") + DAY.format("returned") + DAY.format("surgery")
INJURIES = (
    HEAD.format("injuries", "as_needed")
    + "repeating = true\n"
    + DAY.format("day")
    + """
    [[items]]
    id = "where"
    label = "Where"
    type = "choice"
    required = true
    choices = [{ code = "knee", label = "Knee" }, { code = "hip", label = "Hip" }]
"""
)
CALLS = HEAD.format("calls", "as_needed") + "repeating = true\n" + DAY.format("called")
ENDED = """
    [form]
    id = "end_of_study"
    title = "End of study"
    kind = "end_of_study"
    expected = "randomised"

    [[items]]
    id = "end_date"
    label = "Last day"
    type = "date"
    purpose = "end_date"

    [[items]]
    id = "completed"
    label = "Completed"
    type = "yes_no"
    purpose = "completed"

    [[items]]
    id = "why"
    label = "Why"
    type = "text"
    purpose = "end_reason"
"""
RETURN = Outcome(
    code="return", label="Return to sport", type=OutcomeType.CONTINUOUS, role=OutcomeRole.PRIMARY,
    form="sport", item="returned", time_point="W6", metric="time", aggregation="median",
    direction=Direction.LOWER,
)  # fmt: skip
INJURY = replace(RETURN, code="injury", label="Injury", form="injuries", item="day")
KNEE = replace(INJURY, code="knee", where={"where": ("knee",)})


def followed(
    folder: Path,
    randomised_on: dict[str, str],
    outcome: Outcome = RETURN,
    risk: TimeAtRisk | None = None,
    *,
    again: bool = False,
    cut: date | None = None,
    **rows: str,
) -> TimesAtRisk:
    """The times at risk of who was randomised on these days, in turn to placebo and active.

    ``rows`` are those of the forms, without their heads, words apart by commas.
    """
    days = randomised_on.items()
    arms = [f"{name},{day},{'PA'[place % 2]}" for place, (name, day) in enumerate(days)]
    heads = {
        "sport": "subject_id,returned,surgery",
        "injuries": "subject_id,repeat,day,where",
        "calls": "subject_id,repeat,called",
        "end_of_study": "subject_id,end_date,completed,why",
        "randomisation": "subject_id,randomisation_date,arm",
        "screening": "subject_id,screening_date,age_years,eligible",
    }
    rows |= {
        "randomisation": "\n".join(arms),
        "screening": "\n".join(f"{name},2025-01-01,40,yes" for name in randomised_on),
    }
    mine = Miniature()
    mine.forms = {name: mine.forms[name] for name in ("screening", "randomisation")} | {
        "sport": dedented(SPORT), "injuries": dedented(INJURIES), "calls": dedented(CALLS),
        "end_of_study": dedented(ENDED),
    }  # fmt: skip
    mine.forms["randomisation"] = mine.forms["randomisation"].partition("[[rules]]")[0]
    mine.data = {name: f"{head}\n{dedented(rows.get(name, ''))}" for name, head in heads.items()}
    schemas = mine.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=cut)
    sources = Sources(snapshot=snapshot, schemas=schemas)
    people = randomised(derive_subjects(sources, mine.protocol)).reset_index(drop=True)
    summary = Summary.RECURRENCE if again else Summary.TIME
    return times_of(outcome, summary, risk or TimeAtRisk(), sources, people)


def told(times: TimesAtRisk) -> dict[str, tuple[object, ...]]:
    """By participant: time, status, cause and reason."""
    frame = times.at_risk[["subject_id", "time", "status", "cause", "reason"]]
    plain = frame.astype(object).where(frame.notna(), None)
    return {row[0]: tuple(row[1:]) for row in plain.itertuples(index=False)}


def counted(times: TimesAtRisk) -> dict[str, tuple[float, ...]]:
    """By participant: events, and how many before and after the time at risk."""
    frame: pd.DataFrame = times.at_risk[["subject_id", "events", "before", "after"]]
    return {row[0]: tuple(row[1:]) for row in frame.itertuples(index=False)}
