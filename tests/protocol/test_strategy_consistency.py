"""An analysis that cannot answer its estimand is refused, with the reason and what can."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.datasets.stopped import ESTIMAND, PAIN, PRIMARY, STOPPED, three_visits
from tests.protocol.test_loading import MINIMAL, complaints
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.strategy_consistency import PlannedQuestions, complain_of_strategies
from trialkit.protocol.tables.definitions import Complaints

POLICY, SUPPOSED, RULE, WHILE, STRATUM = (
    Strategy.TREATMENT_POLICY, Strategy.HYPOTHETICAL, Strategy.COMPOSITE,
    Strategy.WHILE_ON_TREATMENT, Strategy.PRINCIPAL_STRATUM,
)  # fmt: skip


def event(strategy, name="stopped", **more) -> IntercurrentEvent:
    return IntercurrentEvent(event=name, strategy=strategy, **more)


def said(*events, specification=None, outcome=PAIN, role=AnalysisRole.PRIMARY, crossover=False):
    """What is complained of a plan of one analysis."""
    made = three_visits(STOPPED)
    found = Complaints("protocol.toml")
    specification = specification or Ancova()
    complain_of_strategies(
        PlannedQuestions(
            analyses=(replace(PRIMARY, specification=specification, role=role),),
            outcomes=(outcome,),
            estimands=(replace(ESTIMAND, intercurrent_events=events),),
            recorded=made.intercurrent_events,
            visits=made.visits,
            is_crossover=crossover,
        ),
        found,
    )
    return [(each.table, each.key, each.found, each.expected) for each in found.all()]


def of_type(kind: OutcomeType):
    return replace(PAIN, type=kind)


@pytest.mark.parametrize(
    ("events", "context", "found", "expected"),
    [
        (event(RULE), {}, "composite of 'stopped'", "value = 'worst' or a number"),
        (event(RULE), {"specification": Mmrm()}, "for mmrm of 'pain'", "risk_difference"),
        (event(RULE), {"specification": Mmrm()}, "without a value", "trimmed_mean, for which the event"),
        (event(RULE, value="bad"), {}, "'worst' or a number as text", "can have"),
        (event(RULE, value="inf"), {}, "'worst' or a number as text", "can have"),
        (
            event(RULE, value="3"),
            {"outcome": of_type(OutcomeType.BINARY), "specification": ProportionComparison()},
            "write 'failure'", "can have",
        ),
        (
            event(RULE, value="1.5"),
            {"outcome": of_type(OutcomeType.COUNT), "specification": NegativeBinomialComparison()},
            "for the count 'pain'", "a whole number",
        ),
        (event(RULE, value="2"), {"outcome": of_type(OutcomeType.ORDINAL)}, "write 'worst'", ""),
        (
            event(WHILE),
            {"outcome": of_type(OutcomeType.COUNT), "specification": NegativeBinomialComparison()},
            "time until its visit", "recurrent_events",
        ),
        (event(STRATUM), {}, "which ancova cannot estimate", "complier_effect"),
        (
            event(POLICY), {"specification": Mmrm()},
            "by mmrm, for which whoever has no value after the event goes on", "'hypothetical', or an 'assump",
        ),
        (
            event(POLICY), {"specification": Mmrm(), "role": AnalysisRole.SECONDARY},
            "the hypothetical strategy", "an 'assumption'",
        ),
        (event(SUPPOSED), {"crossover": True}, "in a crossover trial", "'treatment policy'"),
        # in words nothing is carried out
        (event(RULE, "Stopping"), {"specification": Mmrm()}, "which nothing records", "the code of one"),
        (event(RULE, "Stopping", assumption=""), {}, "no value is what the event makes it", "value"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused(events, context, found, expected) -> None:
    ((table, key, why, able),) = said(events, **context)
    assert (table, key) == ("analyses 'primary'", "estimand")
    assert "in estimand 'E1'" in why
    assert found in why
    assert expected in able


@pytest.mark.parametrize(
    ("events", "context"),
    [
        (event(POLICY), {}),
        (event(POLICY), {"specification": Mmrm(), "role": AnalysisRole.SENSITIVITY}),
        (event(POLICY, assumption="As if on treatment"), {"specification": Mmrm()}),
        (event(POLICY), {"specification": Mmrm(visits=("W6",))}),
        (event(SUPPOSED), {"specification": Mmrm()}),
        (event(RULE, value="100"), {"specification": Mmrm()}),
        (event(RULE, value="worst"), {}),
        (event(RULE), {"specification": TrimmedMean()}),
        (event(RULE, value="0"), {"specification": TrimmedMean()}),
        (
            event(RULE),
            {"outcome": of_type(OutcomeType.BINARY), "specification": ProportionComparison()},
        ),
        (event(WHILE), {}),
        (event(STRATUM), {"specification": ComplierEffect()}),
        (event(STRATUM, assumption="Nobody defies"), {}),
        (event(POLICY), {"crossover": True}),
        (event(STRATUM, "Stopping"), {"specification": Mmrm()}),
        (event(POLICY, "Stopping"), {"specification": Mmrm()}),
        (event(RULE, "Death", assumption="The form has 0 for who died"), {}),
        (
            event(RULE, "Death"),
            {"outcome": of_type(OutcomeType.BINARY), "specification": ProportionComparison()},
        ),
    ],
)  # fmt: skip
def test_what_can_be_answered_is_not(events, context) -> None:
    assert said(events, **context) == []


def test_an_event_has_one_strategy_and_a_rule_is_of_what_is_recorded() -> None:
    twice = said(event(POLICY), event(SUPPOSED))
    assert twice[0][:2] == ("estimands 'E1'", "intercurrent_events")
    assert twice[0][2:] == ("'stopped' 2 times", "one strategy for each event")
    in_words = said(event(RULE, "Death", value="0", assumption="x"))
    assert "which no [[intercurrent_events]] records" in in_words[0][2]


def test_the_complaints_are_those_of_reading_a_protocol(tmp_path: Path) -> None:
    events = '{ event = "stopping", strategy = "treatment policy" }'
    assert events in MINIMAL
    wrong = MINIMAL.replace(events, '{ event = "stopping", strategy = "composite" }')
    assert any("composite of 'stopping'" in each for each in complaints(tmp_path, wrong))
    valued = MINIMAL.replace(events, events.replace(" }", ', value = "0" }'))
    assert any("under strategy = 'composite'" in each for each in complaints(tmp_path, valued))


def test_a_primary_analysis_is_referred_to_methods_that_can_be_one() -> None:
    """A tipping point imputes, and has no p value of its own."""
    for role, named in ((AnalysisRole.PRIMARY, False), (AnalysisRole.SECONDARY, True)):
        ((*_, able),) = said(event(POLICY), specification=Mmrm(), role=role)
        assert "multiple_imputation" in able
        assert ("tipping_point" in able) is named
