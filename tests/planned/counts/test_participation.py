"""The flow, populations, missing values, other care and deviations, counted by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.planned.hand import ARMS, Rows, datasets_of, three_by_three
from trialkit.datasets.collected import NotCollected
from trialkit.datasets.deviations import NO_CARE, NOT_ELIGIBLE
from trialkit.datasets.model import Datasets, Population
from trialkit.planned.counts.participation import state_participation
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Status
from trialkit.results.flow import ArmFlow, Disposition, Reason
from trialkit.results.vocabulary import Stat

FLOW = Disposition(
    assessed=60,
    not_randomised=(Reason(text="declined", count=5), Reason(text="other", count=2)),
    randomised=53,
    arms=(
        ArmFlow(
            arm="A0",
            label="Arm 0",
            allocated=20,
            received=17,
            not_received=(Reason(text="ill", count=3),),
            lost=(Reason(text="moved", count=4), Reason(text="died", count=1)),
            discontinued=(Reason(text="bored", count=6),),
            analysed=14,
            excluded=(Reason(text="no baseline", count=2),),
            lost_but_analysed=1,
        ),
        ArmFlow(
            arm="A1",
            label="Arm 1",
            allocated=18,
            received=18,
            not_received=(),
            lost=(Reason(text="angry", count=2),),
            discontinued=(),
            analysed=16,
            excluded=(),
        ),
        ArmFlow(
            arm="A2",
            label="Arm 2",
            allocated=15,
            received=15,
            not_received=(),
            lost=(),
            discontinued=(),
            analysed=15,
            excluded=(),
        ),
    ),
)


def terms(**people: list[tuple[str, str]]) -> pd.DataFrame:
    """Rows of subject, arm and term, an entry for each (arm, term) of a subject."""
    rows = [(who, arm, term) for who, each in people.items() for arm, term in each]
    frame = pd.DataFrame(rows, columns=["subject_id", "arm", "term"])
    return frame.assign(arm=pd.Categorical(frame["arm"], list(ARMS), ordered=True))


def made() -> tuple[Protocol, Datasets]:
    protocol = three_by_three()
    return protocol, replace(datasets_of(protocol), disposition=FLOW)


def on(shelf: str, protocol: Protocol, data: Datasets) -> Rows:
    return Rows(row for row in state_participation(protocol, data) if row.analysis_id == shelf)


def test_the_flow_is_that_of_the_diagram() -> None:
    protocol, data = made()
    subjects = data.subjects.copy()
    subjects.loc[subjects.index[:4], "screened"] = False
    subjects.loc[subjects.index[0], "randomised"] = False
    rows = on("flow", protocol, replace(data, subjects=subjects))
    found = {(row.term, row.arm): row.stat for row in rows.rows}
    assert {row.stat_name for row in rows.rows} == {Stat.N}
    whole = {
        "assessed": 60, "not randomised": 7, "not randomised: declined": 5,
        "not randomised: other": 2, "randomised": 53, "randomised without screening": 3,
    }  # fmt: skip
    own = {
        "allocated": (20, 18, 15),
        "received": (17, 18, 15),
        "not received": (3, 0, 0),
        "not received: ill": (3, 0, 0),
        "lost": (5, 2, 0),
        "lost: moved": (4, 0, 0),
        "lost: died": (1, 0, 0),
        "lost: angry": (0, 2, 0),
        "discontinued": (6, 0, 0),
        "discontinued: bored": (6, 0, 0),
        "analysed": (14, 16, 15),
        "lost but analysed": (1, 0, 0),
        "excluded": (2, 0, 0),
        "excluded: no baseline": (2, 0, 0),
    }
    expected = {(term, ""): count for term, count in whole.items()}
    for term, each in own.items():
        expected |= {(term, arm): count for arm, count in zip(ARMS, each, strict=True)}
    assert found == expected


def test_nobody_is_told_to_be_lost_but_analysed_where_nobody_is() -> None:
    protocol, data = made()
    arms = tuple(replace(arm, lost_but_analysed=0, analysed=13) if arm.arm == "A0" else arm
                 for arm in FLOW.arms)  # fmt: skip
    rows = on("flow", protocol, replace(data, disposition=replace(FLOW, arms=arms)))
    assert "lost but analysed" not in {row.term for row in rows.rows}


def test_populations_count_their_members_and_why_others_are_not() -> None:
    protocol, data = made()
    itt, safety = data.populations
    out = safety.members[safety.members["subject_id"].isin(["A0-01", "A0-02", "A2-05"])]
    out = out.assign(reason=["ill", "late", "late"])
    kept = safety.members[~safety.members["subject_id"].isin(out["subject_id"])]
    mine = Population(
        code="safety", label="Safety", definition="", members=kept, excluded=out
    )  # fmt: skip
    rows = on("populations", protocol, replace(data, populations=(itt, mine)))
    found = {(row.term, row.arm, row.stat_name.value): row.stat for row in rows.rows}
    expected = {("itt", arm, "n"): 8 for arm in ARMS} | {
        ("itt", arm, "n_excluded"): 0 for arm in ARMS
    }
    for arm, n, ill, late in (("A0", 6, 1, 1), ("A1", 8, 0, 0), ("A2", 7, 0, 1)):
        expected |= {
            ("safety", arm, "n"): n,
            ("safety", arm, "n_excluded"): ill + late,
            ("safety: ill", arm, "n_excluded"): ill,
            ("safety: late", arm, "n_excluded"): late,
        }
    assert found == expected


def test_other_care_is_counted_by_participants_of_those_allocated() -> None:
    protocol, data = made()
    care = terms(
        s1=[("A0", "Yoga"), ("A0", "Yoga")],
        s2=[("A0", "Heat")],
        s3=[("A2", "Yoga")],
        s4=[("A2", "Yoga")],
        s5=[("A2", "Heat"), ("A2", "Yoga")],
    )
    rows = on("concomitant", protocol, replace(data, concomitant=care))
    stats = (Stat.N, Stat.EVENTS, Stat.PERCENT, Stat.N_EVENTS)
    expected = {
        ("any", "A0"): [20, 2, 10, 3],
        ("any", "A1"): [18, 0, 0, 0],
        ("any", "A2"): [15, 3, 20, 4],
        ("care: Heat", "A0"): [20, 1, 5, 1],
        ("care: Heat", "A2"): [15, 1, 100 / 15, 1],
        ("care: Yoga", "A0"): [20, 1, 5, 2],
        ("care: Yoga", "A2"): [15, 3, 20, 3],
    }
    for (term, arm), numbers in expected.items():
        np.testing.assert_allclose(rows.values(stats, term=term, arm=arm), numbers)
    assert list(dict.fromkeys(row.term for row in rows.rows)) == ["any", "care: Heat", "care: Yoga"]


def test_a_name_of_nobody_is_told_only_where_it_is_listed_beforehand() -> None:
    protocol, data = made()
    nobody = on("concomitant", protocol, data)
    assert {row.term for row in nobody.rows} == {"any"}
    assert {row.stat for row in nobody.rows if row.stat_name is Stat.EVENTS} == {0}
    listed = terms().assign(term=pd.Categorical([], categories=["Late", "Early"], ordered=True))
    rows = on("deviations", protocol, replace(data, deviations=listed))
    assert list(dict.fromkeys(row.term for row in rows.rows)) == [
        "any", "deviation: Late", "deviation: Early",
    ]  # fmt: skip
    assert {row.stat for row in rows.rows if row.stat_name is Stat.EVENTS} == {0}
    some = terms(s1=[("A1", "Early")], s2=[("A1", "Early"), ("A1", "Late")])
    some["term"] = pd.Categorical(some["term"], categories=["Late", "Early"], ordered=True)
    rows = on("deviations", protocol, replace(data, deviations=some))
    assert rows.value(Stat.EVENTS, term="deviation: Early", arm="A1") == 2
    assert rows.value(Stat.EVENTS, term="deviation: Late", arm="A1") == 1
    assert rows.value(Stat.N_EVENTS, term="any", arm="A1") == 3


def test_of_whom_the_data_do_not_show_a_deviation_nor_its_absence_is_counted() -> None:
    protocol, data = made()
    listed = terms().assign(
        term=pd.Categorical([], categories=[NOT_ELIGIBLE, NO_CARE, "Late"], ordered=True)
    )
    subjects = data.subjects.assign(eligible=pd.array([True] * 24, dtype="boolean"))
    received = pd.array([True] * 24, dtype="boolean")
    received[:2] = received[20] = pd.NA
    subjects["received_intervention"] = received
    rows = on("deviations", protocol, replace(data, deviations=listed, subjects=subjects))
    unknown = {(r.term, r.arm): r.stat for r in rows.rows if r.stat_name is Stat.N_UNKNOWN}
    term = f"deviation: {NO_CARE}"
    doubtful = {(term, "A0"): 2, (term, "A1"): 0, (term, "A2"): 1}
    assert {place: unknown[place] for place in doubtful} == doubtful
    # whether they had any is open, too, but not of whom a deviation is known
    any_of_all = {("any", arm): count for (_, arm), count in doubtful.items()}
    assert unknown == doubtful | any_of_all
    first = subjects.iloc[:1]
    late = first[["subject_id", "arm"]].assign(
        term=pd.Categorical(["Late"], dtype=listed["term"].dtype)
    )
    rows = on("deviations", protocol, replace(data, deviations=late, subjects=subjects))
    assert rows.value(Stat.N_UNKNOWN, term="any", arm="A0") == 1
    assert rows.value(Stat.N_UNKNOWN, term=term, arm="A0") == 2


def unasked(rows: Rows) -> set[tuple[str, str]]:
    """The counts that have no source, by term and arm."""
    lacking = [row for row in rows.rows if row.status is Status.NOT_COLLECTED]
    assert all(row.stat is None for row in lacking)
    return {(row.term, row.arm) for row in lacking}


def test_care_that_no_form_asks_for_has_no_count() -> None:
    protocol, data = made()
    care = replace(data, concomitant=terms(s1=[("A0", "Yoga")], s2=[("A2", None)]))
    lacks = NotCollected(care=frozenset({"A1"}))
    rows = on("concomitant", protocol, replace(care, not_collected=lacks))
    assert unasked(rows) == {
        (term, "A1") for term in ("any", "care: Yoga", "any: term not recorded")
    }
    assert rows.value(Stat.EVENTS, term="any", arm="A0") == 1
    lacks = NotCollected(care_term=True)
    nameless = care.concomitant.assign(term=pd.Series([None, None], dtype="str"))
    rows = on("concomitant", protocol, replace(care, concomitant=nameless, not_collected=lacks))
    assert {row.term for row in rows.rows} == {"any", "any: term"}
    assert unasked(rows) == {("any: term", arm) for arm in ("A0", "A1", "A2")}


def test_deviations_that_nothing_shows_and_nobody_records_have_no_count() -> None:
    protocol, data = made()
    listed = terms().assign(term=pd.Categorical([], categories=["Late"], ordered=True))
    lacks = NotCollected(shown=("Visit outside its window",), deviations=frozenset({"A1", "A2"}))
    rows = on("deviations", protocol, replace(data, deviations=listed, not_collected=lacks))
    assert unasked(rows) == {
        *(("deviation: Visit outside its window", arm) for arm in ("A0", "A1", "A2")),
        ("any: other deviations", "A1"),
        ("any: other deviations", "A2"),
    }


def test_what_nobody_was_asked_of_the_course_has_no_count() -> None:
    protocol, data = made()
    arms = tuple(replace(arm, received=None, discontinued=None) for arm in data.disposition.arms)
    flow = replace(data.disposition, arms=arms)
    rows = on("flow", protocol, replace(data, disposition=flow))
    stages = ("received", "discontinued")
    assert unasked(rows) == {(stage, arm.arm) for stage in stages for arm in arms}


def test_the_report_tells_the_counts_in_this_order() -> None:
    protocol, data = made()
    care = terms(s1=[("A0", "Yoga")])
    both = replace(data, concomitant=care, deviations=care)
    told = list(dict.fromkeys(row.analysis_id for row in state_participation(protocol, both)))
    assert told == ["flow", "populations", "missing", "concomitant", "deviations"]
