"""Each arm's numbers at each visit, by numpy from the array of the trial."""

from dataclasses import replace

import numpy as np
import pytest

from tests.planned.hand import ARM, ARMS, BETTER, PAIN, Rows, datasets_of, three_by_three
from trialkit.datasets.measurements import NOT_ASKED, NOT_YET_DUE
from trialkit.datasets.model import Population
from trialkit.planned.counts.descriptive import described_population, state_description
from trialkit.results.vocabulary import Stat

STATS = (
    Stat.N, Stat.N_MISSING, Stat.MEAN, Stat.SD, Stat.MEDIAN, Stat.Q1, Stat.Q3, Stat.MIN, Stat.MAX,
)  # fmt: skip


def summary(values: np.ndarray) -> list[float]:
    present = values[~np.isnan(values)]
    return [
        len(present),
        len(values) - len(present),
        present.mean(),
        present.std(ddof=1),
        *np.percentile(present, [50, 25, 75]),
        present.min(),
        present.max(),
    ]


def gappy() -> np.ndarray:
    pain = PAIN.copy()
    pain[9, 2] = pain[17, 0] = np.nan
    return pain


def test_values_and_changes_of_each_arm_at_each_visit() -> None:
    pain = gappy()
    protocol = three_by_three()
    rows = Rows(state_description(protocol, datasets_of(protocol, pain)))
    for code, arm in enumerate(ARMS):
        own = pain[code == ARM]
        for place, visit in enumerate(("V0", "V1", "V2")):
            about = {"visit": visit, "arm": arm, "by": "descriptive"}
            mine = [row for row in rows.rows if row.outcome == "pain"]
            only = Rows(mine)
            np.testing.assert_allclose(only.values(STATS, **about), summary(own[:, place]))
            changes = [row for row in mine if row.term == "change" and row.visit == visit]
            assert bool(changes) == (place > 0)
            if changes:
                found = only.values(STATS, **about, term="change")
                np.testing.assert_allclose(found, summary(own[:, place] - own[:, 0]))
    assert {row.population for row in rows.rows} == {"itt"}
    assert {row.analysis_id for row in rows.rows} == {"descriptive"}
    units = {row.stat_name: row.unit for row in rows.rows if row.outcome == "pain"}
    assert units[Stat.MEAN] == units[Stat.SD] == units[Stat.MAX] == "mm"
    assert units[Stat.N] == ""


def test_a_binary_outcome_is_counted() -> None:
    protocol = three_by_three()
    better = BETTER.copy()
    better[20, 1] = np.nan
    data = datasets_of(protocol, better=better)
    rows = Rows(row for row in state_description(protocol, data) if row.outcome == "better")
    counted = (Stat.N, Stat.N_MISSING, Stat.EVENTS, Stat.PERCENT)
    for code, arm in enumerate(ARMS):
        for place, visit in enumerate(("V0", "V1", "V2")):
            own = better[code == ARM, place]
            present = own[~np.isnan(own)]
            found = rows.values(counted, visit=visit, arm=arm)
            events = present.sum()
            missing = len(own) - len(present)
            assert found == [len(present), missing, events, 100 * events / len(present)]
    assert {row.term for row in rows.rows} == {""}
    assert {row.stat_name for row in rows.rows} == set(counted)


def test_what_cannot_be_and_what_is_to_come_are_not_missing() -> None:
    protocol = three_by_three()
    pain = PAIN.copy()
    pain[8:14, 2] = np.nan
    data = datasets_of(protocol, pain)
    rows = data.measurements.copy()
    lacking = rows["value"].isna()
    rows.loc[lacking, "missing_reason"] = [NOT_YET_DUE, NOT_YET_DUE, "a", "b", "c", "d"]
    rows.loc[lacking, "not_applicable"] = [False] * 5 + [True]
    found = Rows(state_description(protocol, replace(data, measurements=rows)))
    apart = (Stat.N, Stat.N_MISSING, Stat.N_NOT_DUE, Stat.N_NOT_APPLICABLE)
    for term in ("", "change"):
        own = Rows(row for row in found.rows if row.outcome == "pain")
        assert own.values(apart, visit="V2", arm="A1", term=term) == [2, 3, 2, 1]
        told = {row.stat_name for row in own.rows if row.arm == "A2"}
        assert not told & {Stat.N_NOT_DUE, Stat.N_NOT_APPLICABLE}


def test_what_was_not_to_be_asked_is_not_missing() -> None:
    protocol = three_by_three()
    pain = PAIN.copy()
    pain[8:11, 2] = np.nan
    data = datasets_of(protocol, pain)
    rows = data.measurements.copy()
    rows.loc[rows["value"].isna(), "missing_reason"] = [NOT_ASKED, NOT_ASKED, "ill"]
    found = Rows(state_description(protocol, replace(data, measurements=rows)))
    own = Rows(row for row in found.rows if row.outcome == "pain")
    for term in ("", "change"):
        counts = own.values(
            (Stat.N, Stat.N_MISSING, Stat.N_NOT_ASKED), visit="V2", arm="A1", term=term
        )
        assert counts == [5, 1, 2]


def test_it_describes_the_population_of_the_primary_analysis_in_its_arms() -> None:
    protocol = three_by_three()
    first, second = protocol.plan.analyses
    analyses = (replace(first, population="safety"), second)
    protocol = replace(protocol, plan=replace(protocol.plan, analyses=analyses))
    assert described_population(protocol) == "safety"
    data = datasets_of(protocol)
    safety = data.population("safety")
    # without the first two of the reference, and with one who received another arm
    members = safety.members.iloc[2:].copy()
    members.loc[members["subject_id"] == "A1-00", "arm"] = "A0"
    moved = Population(
        code="safety",
        label=safety.label,
        definition=safety.definition,
        members=members,
        excluded=safety.excluded,
    )
    data = replace(data, populations=(data.population("itt"), moved))
    rows = Rows(row for row in state_description(protocol, data) if row.outcome == "pain")
    about = {"visit": "V2", "arm": "A0"}
    assert rows.value(Stat.N, **about) == 7
    own = np.append(PAIN[2:8, 2], PAIN[8, 2])
    assert rows.value(Stat.MEAN, **about) == pytest.approx(own.mean())
    assert rows.row(Stat.MEAN, **about).population == "safety"
