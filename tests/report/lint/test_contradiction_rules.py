"""What the protocol says in two places, or says and the data contradict (R22 to R26).

One table: of each rule a trial that passes, and each kind of trial that does not.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.report.factory import made_up_protocol, said
from tests.report.lint.evidence import ERROR, UNDATED, WARNING, evidence_on, said_by
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Framework
from trialkit.report.content.finding import LintSeverity
from trialkit.report.lint import contradiction_rules as rules
from trialkit.report.lint.evidence import Evidence
from trialkit.report.words.en.dates import TrialDates

TRIAL = made_up_protocol()
FIRST = TRIAL.plan.analyses[0]
MARGIN = MarginComparison(method=Method.NON_INFERIORITY, margin=5)
START, END = date(2024, 1, 8), date(2024, 12, 20)


def with_primary(specification: Specification, *more: Any, **changes: Any) -> Protocol:
    own = replace(FIRST, specification=specification, **changes)
    return replace(TRIAL, plan=replace(TRIAL.plan, analyses=(own, *more), families=()))


def framed(framework: Framework, protocol: Protocol) -> Evidence:
    return evidence_on(replace(protocol, trial=replace(protocol.trial, framework=framework)))


def in_safety(specification: Specification) -> Any:
    return replace(
        FIRST, id="kept", role=AnalysisRole.SENSITIVITY, specification=specification,
        population="safety", family="",
    )  # fmt: skip


def dated(**days: Any) -> Evidence:
    dates: TrialDates = replace(UNDATED, **{"start": START, "end": END} | days)
    return evidence_on(dates=dates)


def with_metric(metric: str, specification: Specification) -> Evidence:
    pain, better = TRIAL.outcomes
    protocol = with_primary(specification)
    return evidence_on(replace(protocol, outcomes=(replace(pain, metric=metric), better)))


def welch(response: Response) -> Specification:
    return MeanComparison(method=Method.WELCH_T, response=response)


def with_ethics(text: str, *statements: str) -> Evidence:
    protocol = replace(TRIAL, trial=replace(TRIAL.trial, ethics=text))
    return evidence_on(protocol, statements=tuple(said("29", each) for each in statements))


APPROVED = "Approved by the ethics committee of the university, 12/2023."
CONSENTED = f"{APPROVED} All gave written consent."

PASSING = [
    (rules.framework_and_method, framed(Framework.SUPERIORITY, TRIAL)),
    (
        rules.framework_and_method,
        framed(Framework.NON_INFERIORITY, with_primary(MARGIN, in_safety(MARGIN))),
    ),
    (rules.estimand_and_population, evidence_on(TRIAL)),
    (rules.estimand_and_population, evidence_on(with_primary(Ancova(), estimand="unknown"))),
    (rules.metric_and_response, with_metric("change from baseline", welch(Response.CHANGE))),
    (rules.metric_and_response, with_metric("final value", welch(Response.FINAL))),
    # with the baseline as a covariate both are one effect
    (rules.metric_and_response, with_metric("change from baseline", Ancova())),
    (rules.metric_and_response, with_metric("score", welch(Response.FINAL))),
    # no analysis is of percentages, so that it contradicts neither value
    (rules.metric_and_response, with_metric("percentage change", welch(Response.FINAL))),
    (rules.dates_outside_the_trial, dated(first_randomised=START, last_followed=END)),
    (rules.dates_outside_the_trial, dated(first_screened=date(2024, 1, 2))),
    (
        rules.dates_outside_the_trial,
        dated(
            first_randomised=date(2024, 1, 2), last_followed=date(2024, 12, 29), months_only=True
        ),
    ),
    (rules.dates_outside_the_trial, dated(start=None, end=None, first_randomised=START)),
    (rules.no_ethics, with_ethics(CONSENTED)),
    (rules.no_ethics, with_ethics(APPROVED, "Consent was taken by the nurse.")),
]

FAILING = [
    (
        rules.framework_and_method,
        framed(Framework.NON_INFERIORITY, with_primary(Ancova())),
        ERROR,
        "holds nothing against a margin",
    ),
    (
        rules.framework_and_method,
        framed(Framework.EQUIVALENCE, with_primary(MARGIN)),
        ERROR,
        "asks for non-inferiority",
    ),
    (
        rules.framework_and_method,
        framed(Framework.SUPERIORITY, with_primary(MARGIN)),
        ERROR,
        "is of non-inferiority",
    ),
    (
        rules.framework_and_method,
        framed(Framework.NON_INFERIORITY, with_primary(MARGIN)),
        WARNING,
        "in one population only",
    ),
    (
        rules.estimand_and_population,
        evidence_on(with_primary(Ancova(), population="safety")),
        ERROR,
        "whose population is Intention to treat, in the population Safety",
    ),
    (
        rules.metric_and_response,
        with_metric("change from baseline", welch(Response.FINAL)),
        WARNING,
        "declared by its change from baseline, and primary analyses the final value",
    ),
    (
        rules.metric_and_response,
        with_metric("final value", welch(Response.CHANGE)),
        WARNING,
        "declared by its final value",
    ),
    (
        rules.dates_outside_the_trial,
        dated(first_randomised=date(2024, 1, 2)),
        ERROR,
        "after the first randomisation (2",
    ),
    (
        rules.dates_outside_the_trial,
        dated(last_followed=date(2025, 1, 9)),
        ERROR,
        "before the end of the last follow-up (9",
    ),
    (
        rules.dates_outside_the_trial,
        dated(first_randomised=date(2023, 12, 30), months_only=True),
        ERROR,
        "after the first randomisation (30",
    ),
    (
        rules.dates_outside_the_trial,
        dated(last_followed=date(2025, 1, 9), months_only=True),
        ERROR,
        "before the end of the last follow-up (9",
    ),
    (rules.no_ethics, with_ethics("", "All consented."), WARNING, "which ethics committee"),
    (rules.no_ethics, with_ethics("TBD", "All consented."), WARNING, "which ethics committee"),
    (rules.no_ethics, with_ethics(APPROVED), WARNING, "how participants consented"),
]


@pytest.mark.parametrize(("rule", "evidence"), PASSING)
def test_a_trial_without_the_contradiction_passes(
    rule: Callable[..., Any], evidence: Evidence
) -> None:
    assert said_by(rule, evidence) == []


@pytest.mark.parametrize(("rule", "evidence", "severity", "words"), FAILING)
def test_a_trial_with_it_is_told(
    rule: Callable[..., Any], evidence: Evidence, severity: LintSeverity, words: str
) -> None:
    ((found, text),) = said_by(rule, evidence)
    assert found is severity
    assert words in text
