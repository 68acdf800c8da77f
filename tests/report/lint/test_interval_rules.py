"""P values against the intervals beside them (R21)."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.lint.evidence import ERROR, WARNING, evidence_on, said_by
from tests.report.rows import rows
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import IntervalMethod, ProportionTest
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.report.content.finding import LintSeverity
from trialkit.report.lint.interval_rules import p_against_interval
from trialkit.results.effect import POINTWISE, Interval, IntervalKind, Scale
from trialkit.results.vocabulary import Stat

BONFERRONI = Interval(IntervalKind.BONFERRONI, 2)


def found(
    specification: Specification,
    *,
    low: float,
    p: float,
    adjusted: float | None = None,
    kind: Interval = POINTWISE,
    scale: Scale = Scale.DIFFERENCE,
    arms: int = 2,
) -> list[tuple[LintSeverity, str]]:
    trial = made_up_protocol(arms=arms)
    risks = isinstance(specification, ProportionComparison)
    outcome = "better" if risks else "pain"
    first = replace(trial.plan.analyses[0], specification=specification, outcomes=(outcome,))
    protocol = replace(trial, plan=replace(trial.plan, analyses=(first,), families=()))
    place = {"analysis_id": first.id, "outcome": outcome, "visit": "V1", "term": "A1 - A0"}
    tests: dict[Stat, float | None] = {Stat.P_VALUE: p}
    tests |= {} if adjusted is None else {Stat.P_ADJUSTED: adjusted}
    method = "risk_difference" if risks else specification.method.value
    effect: dict[Stat, float | None] = {
        Stat.ESTIMATE: 4.0, Stat.CONF_LOW: low, Stat.CONF_HIGH: 9.0, Stat.CONF_LEVEL: 0.95,
    }  # fmt: skip
    stated = rows(effect, method=method, interval_kind=kind, scale=scale, **place)
    tested = rows(tests, method="fisher_exact" if risks else method, scale=scale, **place)
    notices = said_by(p_against_interval, evidence_on(protocol, *stated, *tested))
    return [(severity, said.replace("\N{NO-BREAK SPACE}", " ")) for severity, said in notices]


def test_p_and_interval_of_one_test_that_agree_pass() -> None:
    assert found(Ancova(), low=0.4, p=0.03) == []
    assert found(Ancova(), low=-0.4, p=0.07) == []


def test_p_and_interval_of_one_test_that_disagree_are_an_error() -> None:
    ((severity, said),) = found(Ancova(), low=-0.4, p=0.03)
    assert severity is ERROR
    assert said == (
        "In primary, p and interval of Pain disagree (Arm 1: p = 0.030, and the 95% interval holds "
        "no effect)."
    )


def test_the_raw_p_does_not_excuse_a_simultaneous_interval() -> None:
    """The abstract printed limits of Bonferroni beside Holm's p, as if they were of one kind."""
    holm = Ancova(adjustment=ContrastAdjustment.HOLM)
    ((severity, said),) = found(holm, low=-0.4, p=0.016, adjusted=0.031, kind=BONFERRONI, arms=3)
    assert severity is WARNING
    assert "p = 0.031" in said
    dunnett = Ancova(adjustment=ContrastAdjustment.DUNNETT)
    kind = Interval(IntervalKind.DUNNETT, 2)
    assert found(dunnett, low=-0.4, p=0.016, adjusted=0.06, kind=kind, arms=3) == []


def test_newcombe_against_fisher_is_a_warning_that_names_both() -> None:
    apart = ProportionComparison(interval=IntervalMethod.NEWCOMBE, test=ProportionTest.FISHER_EXACT)
    ((severity, said),) = found(apart, low=0.006, p=0.057, scale=Scale.PERCENTAGE_POINTS)
    assert severity is WARNING
    assert "p = 0.057, and the 95% interval leaves out no effect" in said
