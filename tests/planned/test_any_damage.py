"""Whatever the data lack, every analysis of the plan has numbers or says why it has none.

The trial is small and its plan has every method. Columns are emptied wholly or in an arm, at a visit
or but for one to three people, made constant or zero, in any combination and at any cut.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import THREE_ARMS, examples, few_at_once
from tests.planned.every_method import AGE, BLOCK, SEX, Damage, damaged, every_method, reads
from tests.planned.hand import ARM, ARMS, PER_ARM, REASON
from tests.report.factory import FINDINGS, MANIFEST
from trialkit.datasets.building import build_datasets
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.design.sample_size.checking import size_check
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.composing import compose
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.writers.markdown import render_markdown
from trialkit.results.effect import Scale, Status
from trialkit.results.results import Result, Results
from trialkit.results.unanswered import ANSWERS, unanswered
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

EVERYBODY = tuple(range(len(ARM)))
COLUMNS = ("pain", "better", AGE, SEX, BLOCK)


def but_for(left: int, arm: int | None = None) -> tuple[int, ...]:
    """Everybody, or everybody of an arm, but for the first few of each arm."""
    return tuple(n for n in EVERYBODY if n % PER_ARM >= left and arm in {None, ARM[n]})


PEOPLE = st.one_of(
    st.builds(but_for, st.integers(0, 3), st.sampled_from([None, 0, 1, 2])),
    st.sets(st.sampled_from(EVERYBODY), min_size=1).map(lambda who: tuple(sorted(who))),
    st.sets(st.sampled_from(EVERYBODY), min_size=1, max_size=3).map(
        lambda left: tuple(n for n in EVERYBODY if n not in left)
    ),
)


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """Anything that may be the matter with one column."""
    column = draw(st.sampled_from(COLUMNS))
    constants = [0.0, 1.0, 50.1] if column in {"pain", AGE} else [0.0, 1.0]
    return Damage(
        column=column,
        people=draw(PEOPLE),
        visits=draw(st.sampled_from([(0, 1, 2), (0,), (1,), (2,), (1, 2), (0, 1)])),
        value=draw(st.sampled_from([np.nan, np.nan, *constants])),
        reason=draw(st.sampled_from([REASON, NOT_YET_DUE])),
    )


@cache
def undamaged() -> tuple[Protocol, tuple[Result, ...]]:
    protocol = every_method()
    return protocol, carry_out(protocol, damaged(protocol, ())).rows


def assert_answers_or_says_why(protocol: Protocol, results: Results) -> None:
    """Each analysis has numbers or a sentence, and what is no number is not stated as one."""
    numbers = {
        (row.analysis_id, row.outcome)
        for row in results.rows
        if row.stat_name in ANSWERS and row.stat is not None
    }
    sentences = {(row.analysis_id, row.outcome): row.note for row in unanswered(results.rows)}
    for analysis in protocol.plan.analyses:
        for outcome in analysis.outcomes:
            place = analysis.id, outcome
            assert place in numbers or sentences[place]
    for row in results.rows:
        if row.stat is None:
            assert row.note, row
        elif not np.isfinite(row.stat):
            one_sided = row.interval_kind is not None and row.interval_kind.kind == "one-sided"
            of_no_effect = row.status is None and bool(row.note)
            # over no event a ratio is infinite, and its score limits are a number and infinity
            of_nothing = row.scale in {Scale.RISK_RATIO, Scale.ODDS_RATIO}
            assert row.status is Status.NOT_ESTIMABLE or one_sided or of_no_effect or of_nothing, (
                row
            )


def assert_leaves_the_others_alone(results: Results, touched: Collection[str]) -> None:
    protocol, whole = undamaged()
    found = {row.result_id: row for row in results.rows}
    plan = {each.id: each for each in protocol.plan.analyses}
    for row in whole:
        if row.family and row.stat_name is Stat.P_ADJUSTED:
            continue  # of a family, which is as large as it was planned
        own = plan.get(row.analysis_id)
        felt = {row.outcome} if own is None else reads(own, protocol.outcome(row.outcome))
        if not felt & set(touched):
            assert found[row.result_id] == row


def assert_counts_everybody(protocol: Protocol, results: Results) -> None:
    """Who is analysed and who is not are together the members of the arm."""
    planned = {each.id for each in protocol.plan.analyses}
    counted: Counter[tuple[str, str, str]] = Counter()
    for row in results.rows:
        if row.analysis_id in planned and not row.term:
            if row.stat_name in {Stat.N, Stat.N_EXCLUDED}:
                counted[row.analysis_id, row.outcome, row.arm] += int(row.stat or 0)
            if row.stat_name is Stat.N_EXCLUDED:
                parts = [each.rpartition(": ")[2] for each in row.note.split("; ") if each]
                assert sum(map(int, parts)) == row.stat, row
    assert len(counted) == len(ARMS) * len(planned)
    assert set(counted.values()) == {PER_ARM}


def assert_composes(protocol: Protocol, results: Results) -> None:
    """The report is made, and every sentence that stands instead of a number is in it."""
    page = render_markdown(
        compose(
            ReportInputs(
                protocol=protocol,
                results=results,
                findings=FINDINGS,
                statements=(),
                manifest=MANIFEST,
                size=size_check(protocol),
            )
        )
    )
    words = page.replace("(", " ").replace(")", " ").split()
    assert not {"nan", "inf", "-inf", "NaN"} & set(words)
    for row in unanswered(results.rows):
        assert row.note.casefold() in page.casefold(), row.note


def assert_whatever_happens(harm: list[Damage], *, composed: bool) -> None:
    protocol, _ = undamaged()
    results = carry_out(protocol, damaged(protocol, harm))
    assert_answers_or_says_why(protocol, results)
    assert_leaves_the_others_alone(results, {each.column for each in harm})
    assert_counts_everybody(protocol, results)
    if composed:
        assert_composes(protocol, results)


HARM = st.lists(damages(), min_size=1, max_size=3)
THOROUGH = settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])


@settings(max_examples=examples(2), suppress_health_check=[HealthCheck.too_slow])
@given(harm=HARM)
def test_every_analysis_has_numbers_or_says_why(harm: list[Damage]) -> None:
    assert_whatever_happens(harm, composed=False)


@pytest.mark.slow
@THOROUGH
@given(harm=HARM)
def test_every_analysis_has_numbers_or_says_why_on_the_page(harm: list[Damage]) -> None:
    assert_whatever_happens(harm, composed=True)


HARD = {
    "an arm without the outcome, and one of one sex": [
        Damage(column="better", people=but_for(0, 1)),
        Damage(column=SEX, people=but_for(0, 2), value=0),
    ],
    "nothing changes until the second visit, but for a zero": [
        Damage(column="pain", people=EVERYBODY, visits=(0, 1), value=50.1),
        Damage(column="pain", people=(3,), visits=(2,), value=0),
    ],
    "two left of each arm, and no block": [
        Damage(column="pain", people=but_for(2), reason=NOT_YET_DUE),
        Damage(column=BLOCK, people=EVERYBODY),
    ],
}


@pytest.mark.parametrize("name", few_at_once(HARD, 1))
def test_what_is_hard_for_many_methods(name: str) -> None:
    assert_whatever_happens(HARD[name], composed=name.startswith("two"))


def carried_out_at(cut: date) -> None:
    protocol = load_protocol(THREE_ARMS)
    schemas = form_schemas(THREE_ARMS, protocol)
    snapshot = freeze(FolderSource(folder=THREE_ARMS), schemas, cut=cut)
    results = carry_out(protocol, build_datasets(snapshot, schemas, protocol))
    assert_answers_or_says_why(protocol, results)
    assert_composes(protocol, results)


FIRST, DAYS = date(2024, 1, 8), 430
"""From before the first screening to after the last visit."""


@pytest.mark.slow
@settings(max_examples=examples(25))
@given(cut=st.integers(0, DAYS).map(lambda day: FIRST + timedelta(days=day)))
def test_every_analysis_has_numbers_or_says_why_at_any_cut(cut: date) -> None:
    carried_out_at(cut)


@pytest.mark.further
def test_every_analysis_has_numbers_or_says_why_in_the_middle_of_the_trial() -> None:
    carried_out_at(date(2024, 7, 1))
