"""Analysis populations: nobody disappears, an exclusion is a row with a reason."""

import pandas as pd

from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.model import Population
from trialkit.datasets.subjects import arm_treated, randomised, received_nothing
from trialkit.protocol.trial.people import Grouping, PopulationRule
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.answers import Unknown

TOO_FEW = "attended less than"
NOT_KNOWN = f"attendance {Unknown.NOT_RECORDED}"
NOT_LOGGED = f"attendance {Unknown.NOT_COLLECTED}"


def is_of_sessions(reasons: pd.Series) -> pd.Series:
    """Which reasons for being in no population are about sessions attended."""
    return reasons.str.startswith(TOO_FEW) | reasons.isin([NOT_KNOWN, NOT_LOGGED])


def split_populations(
    protocol: Protocol, subjects: pd.DataFrame, attendance: pd.DataFrame
) -> tuple[Population, ...]:
    """Every population of the protocol, each with both halves of the randomised."""
    people = randomised(subjects)
    return tuple(_split(rule, people, attendance) for rule in protocol.populations)


def _split(rule: PopulationRule, people: pd.DataFrame, attendance: pd.DataFrame) -> Population:
    """Exclude the participants that any condition names, each for the first that does."""
    reason = pd.Series(pd.NA, index=people.index, dtype="string")
    for text, applies in _conditions(rule, people, attendance):
        reason = reason.mask(reason.isna() & applies, text)
    kept = people[reason.isna()]
    grouped = kept["arm"] if rule.group_by is Grouping.ALLOCATED else arm_treated(kept)
    members = kept[["subject_id"]].assign(arm=grouped)
    excluded = people.loc[reason.notna(), ["subject_id", "arm"]].assign(
        reason=reason[reason.notna()].astype("str")
    )
    return Population(
        code=rule.code,
        label=rule.label,
        definition=rule.definition,
        members=members.reset_index(drop=True),
        excluded=excluded.reset_index(drop=True),
    )


def _conditions(
    rule: PopulationRule, people: pd.DataFrame, attendance: pd.DataFrame
) -> list[tuple[str, pd.Series]]:
    """Each reason for exclusion that the rule has, with the people whom it names."""
    conditions: list[tuple[str, pd.Series]] = []
    if rule.received_any or rule.group_by is Grouping.RECEIVED:
        conditions.append(("received no intervention", received_nothing(people)))
    if rule.received_allocated:
        other = is_no(people["received_intervention"])
        conditions.append(("did not receive the allocated intervention", other))
    if rule.reads_receipt:
        why = people["received_intervention_unknown"]
        in_no_arm = (Unknown.NOT_RECORDED, Unknown.NOT_ASKED)
        conditions += [(f"arm received {each}", why == each) for each in in_no_arm]
    if rule.completed:
        conditions.append(("did not complete the study", is_no(people["completed"])))
        why = people["completed_unknown"]
        conditions += [(f"completion {each}", why == each) for each in Unknown]
    if rule.minimum_attendance_percent is not None:
        conditions += _too_few_sessions(rule.minimum_attendance_percent, people, attendance)
    return conditions


def _too_few_sessions(
    least: float, people: pd.DataFrame, attendance: pd.DataFrame
) -> list[tuple[str, pd.Series]]:
    """Who attended less of the sessions, and of whom the sessions that nobody knows leave it open."""
    asked = attendance["prescribed"] + attendance["unknown"].fillna(0)
    at_least = 100 * attendance["attended"] / asked.mask(asked == 0)
    at_most = 100 * (attendance["attended"] + attendance["unknown"]) / asked.mask(asked == 0)
    too_few = {
        f"{TOO_FEW} {least:g} % of sessions": is_yes(at_most < least) | (asked == 0),
        NOT_LOGGED: attendance["attended"].isna(),
        NOT_KNOWN: ~is_yes(at_least >= least),
    }
    return [
        (text, people["subject_id"].isin(attendance["subject_id"][applies]))
        for text, applies in too_few.items()
    ]
