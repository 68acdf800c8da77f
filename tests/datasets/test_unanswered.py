"""Any answer unknown of anybody: it is in no yes, no no, no arm and no population, and is counted."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.datasets.unknowing import forgetting, losing
from tests.line import Line
from trialkit.datasets.disposition import count_disposition
from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.model import Datasets
from trialkit.datasets.populations import split_populations
from trialkit.datasets.sources import Sources
from trialkit.datasets.strategies import Strategies
from trialkit.datasets.subjects import arm_treated, derive_subjects, randomised
from trialkit.datasets.unanswered import why_unknown
from trialkit.planned.counts.participation import state_participation
from trialkit.report.sections.flow import flow_figure, flow_table
from trialkit.results.answers import Unknown
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.schemas.forms.forms import Purpose
from trialkit.store.data_days import DataDays
from trialkit.store.snapshot import Snapshot

RANDOMISED = 34
FORGOTTEN = {
    "received_intervention": "arm_received",
    "discontinued": "discontinued",
    "completed": "completed",
}
CODES = (None, "NA", "ND", "UNK", "WD")
BY_RECEIPT = ("per_protocol", "safety")


@dataclass(frozen=True)
class Known:
    """What the trial shows when some of it is not known."""

    data: Datasets
    lines: dict[str, tuple[str, ...]]
    """The lines of the flow's table, by their heads."""
    description: str

    @property
    def people(self) -> pd.DataFrame:
        return randomised(self.data.subjects).set_index("subject_id")


def known(line: Line, snapshot: Snapshot) -> Known:
    sources = Sources(snapshot=snapshot, schemas=line.schemas)
    subjects = derive_subjects(sources, line.protocol)
    made, protocol = line.datasets, line.protocol
    populations = split_populations(protocol, subjects, made.attendance)
    flow = count_disposition(
        protocol,
        subjects,
        made.measurements,
        made.characteristics,
        populations,
        asked=sources.asked,
        strategies=Strategies.of(protocol, made),
    )
    data = replace(made, subjects=subjects, populations=populations, disposition=flow)
    index = ResultIndex(Results(rows=tuple(state_participation(protocol, data))))
    return Known(
        data=data,
        lines={
            row.head: tuple(cell.text for cell in row.cells[1:])
            for group in flow_table(protocol, index).groups
            for row in group.rows
        },
        description=flow_figure(protocol, index).description,
    )


@pytest.fixture(scope="module")
def before(three_arms: Line) -> Known:
    return known(three_arms, three_arms.snapshot)


def everybody(line: Line) -> list[str]:
    return sorted(randomised(line.datasets.subjects)["subject_id"])


@settings(max_examples=examples(12))
@given(
    places=st.fixed_dictionaries(
        {flag: st.sets(st.integers(0, RANDOMISED - 1), max_size=6) for flag in FORGOTTEN}
    ),
    code=st.sampled_from(CODES),
)
def test_who_is_unknown_is_counted_as_unknown_and_nowhere_else(
    three_arms: Line, before: Known, places: dict[str, set[int]], code: str | None
) -> None:
    all_of_them, snapshot = everybody(three_arms), three_arms.snapshot
    forgotten = {flag: {all_of_them[n] for n in numbers} for flag, numbers in places.items()}
    for flag, item in FORGOTTEN.items():
        snapshot = forgetting(snapshot, "end_of_study", item, forgotten[flag], code)
    found = known(three_arms, snapshot)
    people = found.people
    untold = set(people.index[before.people["not_received_reason"].isna()])
    forgotten = forgotten | {"received_intervention": forgotten["received_intervention"] & untold}
    for flag, who in forgotten.items():
        why = people[f"{flag}_unknown"]
        assert set(why.index[why.notna()]) == who
        assert set(why.dropna()) <= {Unknown.NOT_RECORDED.value}
        for answers in (is_yes, is_no):
            assert set(people.index[answers(people[flag])]) == (
                set(before.people.index[answers(before.people[flag])]) - who
            )
    lost = forgotten["received_intervention"]
    assert arm_treated(people)[sorted(lost)].isna().all()
    for code_of_population in BY_RECEIPT:
        population = found.data.population(code_of_population)
        assert not lost & set(population.members["subject_id"])
    assert not forgotten["completed"] & set(
        found.data.population("per_protocol").members["subject_id"]
    )
    for head, who in (
        ("Receipt of the intervention not recorded", lost),
        ("Discontinuation not recorded", forgotten["discontinued"]),
    ):
        own = tuple(
            str(sum(people["arm"][each] == arm.code for each in who))
            for arm in three_arms.protocol.arms
        )
        assert found.lines.get(head) == (own if who else None)
        assert (f"{head} " in found.description) == bool(who)


@pytest.mark.parametrize("some", [slice(1), slice(3, 9), slice(None)])
def test_a_form_that_is_due_and_not_there_records_nothing(three_arms: Line, some: slice) -> None:
    subjects = everybody(three_arms)[some]
    late = replace(three_arms.snapshot, days=DataDays(cut=date(2026, 1, 1)))
    found = known(three_arms, losing(late, "end_of_study", subjects))
    for flag in FORGOTTEN:
        why = found.people[f"{flag}_unknown"]
        assert set(why.index[why == Unknown.NOT_RECORDED]) == set(subjects)
    reasons = found.data.population("safety").excluded.set_index("subject_id")["reason"]
    assert set(reasons[subjects]) == {"arm received not recorded"}
    assert not set(subjects) & set(found.data.population("per_protocol").members["subject_id"])


def test_before_the_form_is_due_everybody_counts_as_allocated_and_is_said_to(
    three_arms: Line,
) -> None:
    early = replace(three_arms.snapshot, days=DataDays(cut=date(2024, 1, 1)))
    for form in ("end_of_study", "assessment", "global_rating"):
        early = losing(early, form, everybody(three_arms))
    found = known(three_arms, early)
    members = found.data.population("safety").members.set_index("subject_id")["arm"]
    assert members.to_dict() == found.people["arm"].to_dict()
    sizes = tuple(str((members == arm.code).sum()) for arm in three_arms.protocol.arms)
    lines = found.lines
    assert lines["Receipt of the intervention still to be recorded at the data cut"] == sizes
    assert lines["Received allocated intervention"] == ("0",) * 3
    assert lines["Discontinuation still to be recorded at the data cut"] == sizes
    reasons = found.data.population("per_protocol").excluded["reason"]
    assert set(reasons) == {"completion still to come at the data cut"}


def test_after_the_last_visit_nothing_is_still_to_come(three_arms: Line) -> None:
    last = everybody(three_arms)[-1]
    found = known(three_arms, losing(three_arms.snapshot, "end_of_study", [last]))
    assert found.people.loc[last, "received_intervention_unknown"] == Unknown.NOT_RECORDED


def test_why_is_said_of_who_is_unknown_and_of_nobody_else(three_arms: Line, before: Known) -> None:
    sources = Sources(snapshot=three_arms.snapshot, schemas=three_arms.schemas)
    subjects = before.data.subjects.set_index("subject_id")
    unknown = pd.Series(subjects.index == everybody(three_arms)[0], index=subjects.index)
    for purpose, why in (
        (Purpose.COMPLETED, Unknown.NOT_RECORDED),
        (Purpose.END_REASON, Unknown.NOT_ASKED),
        (Purpose.CONSENT_DATE, Unknown.NOT_RECORDED),
        (Purpose.VISIT_DATE, Unknown.NOT_COLLECTED),
    ):
        found = why_unknown(unknown, sources, three_arms.protocol, subjects, (purpose,))
        assert found[unknown].tolist() == [why.value], purpose
        assert found[~unknown].isna().all()


def test_everything_known_is_told_without_a_word_about_it(before: Known) -> None:
    assert not [head for head in before.lines if "recorded" in head]
