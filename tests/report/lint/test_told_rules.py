"""R27: nothing is promised that is not shown, and nothing shown that the methods do not name."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from tests.report.lint.evidence import ERROR, WARNING, evidence_on, said_by
from tests.report.rows import result
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.evidence import Evidence
from trialkit.report.lint.told_rules import promised_and_not_shown, shown_and_not_told
from trialkit.results.effect import Scale
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

MADE_UP = made_up_protocol()
FIRST = MADE_UP.plan.analyses[0]
OUTCOME = FIRST.outcomes[0]
HERE = {"analysis_id": FIRST.id, "outcome": OUTCOME, "term": "A1 - A0", "visit": "V1"}
ESTIMATE = result(Stat.ESTIMATE, 1.0, scale=Scale.DIFFERENCE, **HERE)
G = result(Stat.HEDGES_G, 0.4, **HERE)


def alone() -> Protocol:
    plan = replace(MADE_UP.plan, analyses=(replace(FIRST, outcomes=(OUTCOME,)),), families=())
    return replace(MADE_UP, plan=plan)


def evidence(
    *rows: Result,
    printed: frozenset[str] | None,
    told: frozenset[tuple[str, str]] = frozenset(),
    protocol: Protocol | None = None,
) -> Evidence:
    return replace(evidence_on(protocol or alone(), *rows), printed=printed, told=told)


def test_an_analysis_whose_result_is_printed_is_shown() -> None:
    shown = evidence(ESTIMATE, G, printed=frozenset({ESTIMATE.result_id}))
    assert said_by(promised_and_not_shown, shown) == []


def test_an_analysis_of_which_nothing_is_printed_is_an_error() -> None:
    ((severity, found),) = said_by(
        promised_and_not_shown, evidence(ESTIMATE, G, printed=frozenset({"other"}))
    )
    label = MADE_UP.outcome(OUTCOME).label
    assert severity is ERROR
    assert found == (
        f"The methods describe {FIRST.id}, and no table, figure or sentence shows its result for "
        f"{label}."
    )


@pytest.mark.parametrize("printed", [None, frozenset()])
def test_without_a_result_or_before_the_report_nothing_is_missed(
    printed: frozenset[str] | None,
) -> None:
    lacking = replace(ESTIMATE, stat=None, note="not estimable")
    rows = (ESTIMATE,) if printed is None else (lacking,)
    assert said_by(promised_and_not_shown, evidence(*rows, printed=printed)) == []
    assert said_by(shown_and_not_told, evidence(*rows, printed=printed)) == []


def test_an_adjustment_that_nobody_sees_is_an_error() -> None:
    family = MADE_UP.plan.families[0]
    member = next(each for each in MADE_UP.plan.analyses if each.family == family.code)
    adjusted = result(
        Stat.P_ADJUSTED,
        0.04,
        analysis_id=member.id,
        outcome=member.outcomes[0],
        term="A1 - A0",
        family=family.code,
    )
    protocol = replace(MADE_UP, plan=replace(MADE_UP.plan, analyses=(member,), families=(family,)))
    hidden = evidence(adjusted, printed=frozenset(), protocol=protocol)
    ((severity, found),) = said_by(promised_and_not_shown, hidden)
    assert severity is ERROR
    assert found.endswith("are adjusted, and no adjusted p value is shown.")
    seen = replace(hidden, printed=frozenset({adjusted.result_id}))
    assert said_by(promised_and_not_shown, seen) == []


@pytest.mark.parametrize(
    ("row", "name", "words"),
    [
        (G, Stat.HEDGES_G, "Hedges' g"),
        (
            result(Stat.ESTIMATE, 2.0, method=Stat.RISK_RATIO.value, **HERE),
            Stat.RISK_RATIO,
            "risk ratio",
        ),
        (
            result(Stat.P_VALUE, 0.3, **HERE | {"term": "sphericity: V1"}),
            "sphericity",
            "sphericity",
        ),
    ],
)
def test_what_is_shown_needs_a_name_in_the_methods(row: Result, name: str, words: str) -> None:
    printed = frozenset({row.result_id})
    told = frozenset({(FIRST.id, str(name))})
    assert said_by(shown_and_not_told, evidence(row, printed=printed, told=told)) == []
    assert said_by(shown_and_not_told, evidence(row, printed=frozenset({"other"}))) == []
    elsewhere = frozenset({("other", str(name))})
    assert said_by(shown_and_not_told, evidence(row, printed=printed, told=elsewhere)) == [
        (WARNING, f"The report shows {words} of {FIRST.id}, which the methods do not name.")
    ]


def test_an_effect_its_limits_and_p_need_no_more_than_their_analysis() -> None:
    p = result(Stat.P_VALUE, 0.04, **HERE)
    printed = frozenset({ESTIMATE.result_id, p.result_id})
    assert said_by(shown_and_not_told, evidence(ESTIMATE, p, printed=printed)) == []
