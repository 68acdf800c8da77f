"""The datasets of a report in which nobody sees arms: the same people, all of them in one arm.

Arms are taken away once, here, where every person gets the arm that all is counted by; whatever
comes behind cannot show what it has not got.
"""

from dataclasses import replace

import pandas as pd

from trialkit.datasets.attendance import derive_attendance
from trialkit.datasets.building import gather
from trialkit.datasets.exposures import exposure_item
from trialkit.datasets.flags import is_no
from trialkit.datasets.model import Datasets, Population
from trialkit.datasets.populations import is_of_sessions, split_populations
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import derive_subjects, enter_subjects, say_why_unknown
from trialkit.protocol.pooled import pooled
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.outcomes import AT_RISK, Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.without_arms import holds_arm, without_arms
from trialkit.store.snapshot import Snapshot

ANOTHER_ARM = "received another arm's care"
SESSIONS = "does not meet the condition on sessions"


def pool(protocol: Protocol, schemas: Schemas) -> Protocol:
    """The protocol with one arm, and with what every arm is asked alike."""
    shared = {
        (form.id, item.id)
        for form in without_arms(schemas, protocol.arm_codes).forms
        for item in form.items
        if not holds_arm(item)
    }
    return pooled(
        protocol,
        outcomes=[
            each.code
            for each in protocol.outcomes
            if shared >= _reads(each) and _is_shared(each, shared)
        ],
        characteristics=[
            each.name for each in protocol.characteristics if (each.form, each.item) in shared
        ],
        events=[
            each.code
            for each in protocol.intercurrent_events
            if not each.recorded_by or shared >= _recording(each)
        ],
    )


def _recording(event: IntercurrentEventAsked) -> set[tuple[str, str]]:
    """The items by which an intercurrent event is recorded."""
    return {(event.form, event.asked), *((event.form, name) for name in event.where)}


def _reads(outcome: Outcome) -> set[tuple[str, str]]:
    """The items that an outcome is derived from."""
    dates = () if outcome.risk is None else outcome.risk.dates
    return {(outcome.form, outcome.item), *((each.form, each.item) for _, each in dates)}


def _is_shared(outcome: Outcome, items: set[tuple[str, str]]) -> bool:
    """Whether its exposure, too, is asked of all arms alike; sessions are of some arms alone."""
    return outcome.exposure in {"", AT_RISK} or exposure_item(outcome) in items


def build_pooled(snapshot: Snapshot, schemas: Schemas, protocol: Protocol) -> Datasets:
    """Every dataset of the trial, all participants in the one arm of a pooled protocol.

    Who is in a population is decided as ever, by the arms that there are.
    """
    written = protocol.as_written
    shared = Sources(snapshot=snapshot, schemas=without_arms(schemas, written.arm_codes))
    subjects = say_why_unknown(
        _in_one_arm(enter_subjects(shared, written), protocol), shared, protocol
    )
    whole = Sources(snapshot=snapshot, schemas=schemas)
    attended = derive_attendance(whole, written, derive_subjects(whole, written))
    populations = split_populations(protocol, subjects, attended)
    return gather(
        shared,
        protocol,
        subjects,
        derive_attendance(shared, protocol, subjects),
        tuple(_without_sessions(each) for each in populations),
    )


def _in_one_arm(subjects: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Everybody who has an arm has the one there is; who received another than their own says so."""
    another = is_no(subjects["received_intervention"]) & subjects["arm_received"].notna()
    unsaid = subjects["not_received_reason"].isna()
    return subjects.assign(
        arm=_one_arm(subjects["arm"], protocol),
        arm_received=_one_arm(subjects["arm_received"], protocol),
        not_received_reason=subjects["not_received_reason"].mask(another & unsaid, ANOTHER_ARM),
    )


def _one_arm(arms: pd.Series, protocol: Protocol) -> pd.Series:
    codes = pd.Series(protocol.reference.code, arms.index, dtype="object").where(arms.notna())
    return codes.astype(pd.CategoricalDtype(list(protocol.arm_codes), ordered=True))


def _without_sessions(population: Population) -> Population:
    """How many sessions somebody attended is no reason to tell where it is only asked of some arms."""
    reasons = population.excluded["reason"]
    told = reasons.mask(is_of_sessions(reasons), SESSIONS)
    return replace(population, excluded=population.excluded.assign(reason=told))
