"""No word that somebody typed is taken for one of the results' own, in whatever form it stands."""

from dataclasses import replace

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.planned.hand import datasets_of, measurements, three_by_three
from tests.report.factory import arm_flow, with_event
from trialkit.datasets.model import CharacteristicKind, Datasets, Population
from trialkit.planned.counts.baseline import state_baseline
from trialkit.planned.counts.harms import state_harms
from trialkit.planned.counts.participation import state_participation
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.flow import Reason, Stage
from trialkit.results.harms import EventFact
from trialkit.results.lookup import Before, ResultIndex, Shelf, Term
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

PROTOCOL = three_by_three()
DATA = datasets_of(PROTOCOL)
OWN = [
    *Term, *Before, *Shelf, *Stage, *Stat,
    *(each.term for each in EventFact), *(each.unknown for each in EventFact),
    "-", "/", " ", "%2D", "%", "+", "serious", "not recorded", "interaction", "A1 - A0", "itt", "safety",
    "safety: any", "nan", "None", "NA", "reason not recorded", "any event", " | ", "\f", "\n",
]  # fmt: skip
WORDS = st.sampled_from([str(each) for each in OWN if str(each)])
TERMS = st.lists(st.one_of(WORDS, st.tuples(WORDS, WORDS).map("".join)), min_size=2, max_size=5)


def named(words: list[str]) -> Datasets:
    """The data of a trial in which every term and every reason is one of these words."""
    people = DATA.subjects.iloc[: len(words)]
    rows = people[["subject_id", "arm"]]
    events = with_event(DATA, term="any").adverse_events.iloc[[0] * len(words)]
    events = events.assign(
        subject_id=rows["subject_id"].to_numpy(),
        term=words,
        severity=pd.Series(words, dtype="str").to_numpy(),
    )
    reasons = tuple(Reason(text=word, count=1) for word in dict.fromkeys(words))
    flow = replace(
        DATA.disposition,
        arms=tuple(arm_flow(PROTOCOL.arm(code), 8, reasons=reasons) for code in PROTOCOL.arm_codes),
    )
    missing = measurements()
    missing["missing_reason"] = [words[place % len(words)] for place in range(len(missing))]
    missing["value"] = float("nan")
    populations = tuple(
        Population(
            code=each.code,
            label=each.label,
            definition=each.definition,
            members=each.members,
            excluded=rows.assign(reason=words),
        )
        for each in DATA.populations
    )
    return replace(
        DATA,
        adverse_events=events,
        concomitant=rows.assign(term=words),
        deviations=rows.assign(term=words),
        measurements=missing,
        disposition=flow,
        populations=populations,
        characteristics=categories(words),
        characteristic_kinds={"demographics.job": CharacteristicKind()},
    )


def categories(words: list[str]) -> pd.DataFrame:
    people = DATA.subjects[["subject_id", "arm"]]
    return people.assign(
        characteristic=pd.Categorical(["demographics.job"] * len(people)),
        value=float("nan"),
        category=[words[place % len(words)] for place in range(len(people))],
        not_asked=False,
        not_applicable=False,
    )


def stated(protocol: Protocol, data: Datasets) -> Results:
    rows = [
        *state_baseline(protocol, data), *state_harms(protocol, data),
        *state_participation(protocol, data),
    ]  # fmt: skip
    return Results(rows=tuple(rows))


@settings(max_examples=examples(15))
@given(words=TERMS)
@example(words=["any", "serious", "led to withdrawal"])
@example(words=["-", "/", "%2D"])
@example(words=["care: any", "event: any", "A1 - A0", "itt"])
def test_ids_are_unique_whatever_was_typed(words: list[str]) -> None:
    report = replace(PROTOCOL.report, standardised_differences=True)
    results = stated(replace(PROTOCOL, report=report), named(words))
    index = ResultIndex(results)
    assert len({row.result_id for row in results.rows}) == len(results.rows)
    # what counts everybody counts no word
    people = len(words)
    for shelf in (Shelf.CONCOMITANT, Shelf.DEVIATIONS, Shelf.HARMS):
        found = [index.find(shelf, term=Term.ANY_EVENT, arm=arm) for arm in PROTOCOL.arm_codes]
        assert sum(each[Stat.EVENTS].stat or 0 for each in found) == people
    for word in words:
        found = [index.find(Shelf.HARMS, term=f"event: {word}", arm=a) for a in PROTOCOL.arm_codes]
        assert sum(each[Stat.N_EVENTS].stat or 0 for each in found) == words.count(word)
    for arm in PROTOCOL.arm_codes:
        assert index.find(Shelf.FLOW, term=Stage.ALLOCATED, arm=arm)[Stat.N].stat == 8
