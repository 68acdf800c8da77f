"""Adjusted p values by hand: Holm, Hochberg, Bonferroni, none, and one family after another."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from trialkit.errors import AnalysisError
from trialkit.planned.families import state_adjusted
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import Analysis, AnalysisRole, Family
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Effect, Scale, Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def planned(*families: Family) -> Protocol:
    """A trial of three arms with an ANCOVA of pain in each family."""
    protocol = made_up_protocol(arms=3, visits=3)
    analyses = tuple(
        Analysis(
            id=f"of {family.code}",
            role=AnalysisRole.SECONDARY,
            outcomes=("pain",),
            population="itt",
            estimand="E1",
            family=family.code,
            specification=Ancova(),
        )
        for family in families
    )
    plan = replace(
        protocol.plan, families=families, analyses=(protocol.plan.analyses[0], *analyses)
    )
    return replace(protocol, plan=plan)


def p_rows(family: str, *p_values: float, visit: str = "V2") -> list[Result]:
    """The p value of each contrast of the family's ANCOVA, and its estimate."""
    rows = []
    for number, p_value in enumerate(p_values, start=1):
        about = Statement(
            analysis_id=f"of {family}",
            method="ancova",
            role="secondary",
            family=family,
            outcome="pain",
            population="itt",
            estimand="E1",
            visit=visit,
            term=f"A{number} - A0",
            effect=Effect(scale=Scale.DIFFERENCE),
        )
        rows += [about.state(Stat.ESTIMATE, 5.0), about.state(Stat.P_VALUE, p_value)]
    return rows


def family(code: str, adjustment: Adjustment, after: str = "") -> Family:
    return Family(code=code, label=code, adjustment=adjustment, after=after)


@pytest.mark.parametrize(
    ("adjustment", "p_values", "adjusted"),
    [
        (Adjustment.HOLM, (0.03, 0.02), (0.04, 0.04)),
        (Adjustment.HOLM, (0.01, 0.2), (0.02, 0.2)),
        (Adjustment.HOCHBERG, (0.03, 0.02), (0.03, 0.03)),
        (Adjustment.BONFERRONI, (0.03, 0.6), (0.06, 1.0)),
    ],
)
def test_the_p_values_of_a_family_are_adjusted_together(
    adjustment: Adjustment, p_values: tuple[float, ...], adjusted: tuple[float, ...]
) -> None:
    protocol = planned(family("f", adjustment))
    found = list(state_adjusted(protocol, p_rows("f", *p_values)))
    assert [row.stat for row in found] == pytest.approx(list(adjusted))
    assert [row.term for row in found] == ["A1 - A0", "A2 - A0"]
    for row in found:
        assert row.stat_name is Stat.P_ADJUSTED
        assert row.note == f"{adjustment.value} over 2 comparisons"
        assert (row.analysis_id, row.method, row.role) == ("of f", "ancova", "secondary")
        assert (row.family, row.outcome, row.visit) == ("f", "pain", "V2")
        assert (row.population, row.estimand, row.arm) == ("itt", "E1", "")
        assert (row.scale, row.status) == (Scale.DIFFERENCE, Status.ESTIMATED)


def test_one_comparison_is_one() -> None:
    protocol = planned(family("f", Adjustment.HOLM))
    (row,) = state_adjusted(protocol, p_rows("f", 0.03))
    assert (row.stat, row.note) == (0.03, "holm over 1 comparison")


def test_p_values_at_other_visits_are_not_counted() -> None:
    protocol = planned(family("f", Adjustment.BONFERRONI))
    rows = p_rows("f", 0.001, visit="V1") + p_rows("f", 0.02, 0.3)
    found = list(state_adjusted(protocol, rows))
    assert [row.stat for row in found] == pytest.approx([0.04, 0.6])


def test_a_family_without_an_adjustment_states_nothing() -> None:
    protocol = planned(family("f", Adjustment.NONE))
    assert list(state_adjusted(protocol, p_rows("f", 0.01, 0.02))) == []


def test_a_gate_is_named_by_the_label_of_its_family_and_not_by_its_code() -> None:
    first = replace(family("f1", Adjustment.HOLM), label="The main questions")
    protocol = planned(first, family("f2", Adjustment.NONE, after="f1"))
    found = list(state_adjusted(protocol, p_rows("f1", 0.01, 0.03) + p_rows("f2", 0.02, 0.05)))
    assert {row.note for row in found if row.family == "f2"} == {
        "none over 2 comparisons, tested after The main questions"
    }


def test_a_family_after_another_is_no_surer_than_the_largest_of_that_one() -> None:
    protocol = planned(
        family("first", Adjustment.HOLM),
        family("second", Adjustment.NONE, after="first"),
        family("third", Adjustment.BONFERRONI, after="second"),
    )
    rows = p_rows("first", 0.01, 0.03) + p_rows("second", 0.02, 0.05) + p_rows("third", 0.001, 0.04)
    found = {(row.family, row.term): row for row in state_adjusted(protocol, rows)}
    values = {key: row.stat for key, row in found.items()}
    assert values == pytest.approx(
        {
            ("first", "A1 - A0"): 0.02,
            ("first", "A2 - A0"): 0.03,
            ("second", "A1 - A0"): 0.03,
            ("second", "A2 - A0"): 0.05,
            ("third", "A1 - A0"): 0.05,
            ("third", "A2 - A0"): 0.08,
        }
    )
    assert found["second", "A1 - A0"].note == "none over 2 comparisons, tested after first"
    assert found["third", "A1 - A0"].note == "bonferroni over 2 comparisons, tested after second"


def test_an_analysis_without_a_p_value_to_adjust_is_refused() -> None:
    protocol = planned(family("f", Adjustment.HOLM))
    with pytest.raises(AnalysisError, match="'of f' of 'pain' belongs to family 'f' but gives no"):
        list(state_adjusted(protocol, []))


def test_a_family_that_waits_for_one_not_tested_is_refused() -> None:
    protocol = planned(family("f", Adjustment.HOLM, after="g"))
    with pytest.raises(AnalysisError, match="'f' waits for 'g', which is not tested"):
        list(state_adjusted(protocol, p_rows("f", 0.1, 0.2)))
