"""Analysis populations: nobody disappears, an exclusion is a row with a reason."""

import pandas as pd

from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.model import Population
from trialkit.datasets.subjects import randomised
from trialkit.protocol.trial.people import Grouping, PopulationRule
from trialkit.protocol.trial.protocol import Protocol


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
    group = "arm" if rule.group_by is Grouping.ALLOCATED else "arm_received"
    kept = people[reason.isna()]
    members = kept[["subject_id"]].assign(arm=kept[group].fillna(kept["arm"]))
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
    conditions = []
    if rule.received_any:
        conditions.append(("received no intervention", people["arm_received"].isna()))
    if rule.received_allocated:
        conditions.append(
            ("did not receive the allocated intervention", ~people["received_intervention"])
        )
    if rule.completed:
        conditions.append(("did not complete the study", is_no(people["completed"])))
        conditions.append(("completion not recorded", ~is_yes(people["completed"])))
    if rule.minimum_attendance_percent is not None:
        asked = attendance["prescribed"].mask(attendance["prescribed"] == 0)
        percent = 100 * attendance["attended"] / asked
        low = attendance["subject_id"][~is_no(percent < rule.minimum_attendance_percent)]
        text = f"attended less than {rule.minimum_attendance_percent:g} % of sessions"
        conditions.append((text, people["subject_id"].isin(low)))
    return conditions
