"""Planned standardised risks: each arm's risk, and the arms compared absolutely and relatively."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    NO_VARIANCE,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

RISK_STATS = (Stat.ESTIMATE, Stat.SE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


def state_standardised_risks(
    task: Task, specification: StandardisedRiskComparison
) -> Iterator[Result]:
    """The risk of each arm, were all in it; the differences with their p, the ratios beside them."""
    found = standardised_risks(
        with_characteristics(task, specification),
        outcome="value",
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        variance=specification.variance,
        conf_level=task.level,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    visit = task.outcome.time_point
    whole = statement_of(task).by(specification.method.value, unit="")
    for row in records(found.risks()):
        own = whole.about(visit=visit, term=Term.STANDARDISED_RISK, arm=str(row["arm"]))
        yield from own.state_row(row, RISK_STATS)
    about = contrast_statement(task)
    for row in records(found.to_frame()):
        measure = Stat(str(row["stat_name"]))
        own = replace(
            about.measure(measure).about(
                visit=visit, term=str(row["contrast"]), note=str(row["note"])
            ),
            status=Status(str(row["status"])),
        )
        if measure is not Stat.RISK_DIFFERENCE:
            yield from own.state_row(row, EFFECT_STATS)
        elif row[Stat.SE.value] == 0:
            yield from _without_variance(own, row)
        else:
            yield from own.state_row(row, CONTRAST_STATS)


def _without_variance(own: Statement, row: Mapping[str, object]) -> Iterator[Result]:
    """The difference alone, where everybody of each arm has one outcome."""
    nothing = replace(own, note=NO_VARIANCE, status=Status.NOT_ESTIMABLE)
    yield from nothing.state_row(row, (Stat.ESTIMATE,))
    yield nothing.state(Stat.P_VALUE, None)


STANDARDISED_RISKS = MethodCard(
    specification=StandardisedRiskComparison, carry_out=state_standardised_risks
)
