"""How much the levels of each grouping of a mixed model differ, and how alike its participants are."""

import math
from collections.abc import Iterator
from dataclasses import replace

from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.planned.task.covariates import title_of
from trialkit.planned.task.stating import records, statement_of
from trialkit.planned.task.task import Task
from trialkit.results.lookup import Before, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

AT_ITS_BOUNDARY = "the variance is estimated as 0, its boundary"
LIMITS = (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


def state_components(task: Task, fit: LinearMixedFit) -> Iterator[Result]:
    """The SD of each grouping's intercepts with the correlation in its levels, and that of residuals.

    Limits that the likelihood does not have are left out, and the note says so.
    """
    about = statement_of(task).about(visit=task.outcome.time_point)
    deviations = fit.model.variances**0.5
    for sd, row in zip(deviations, records(fit.icc(conf_level=task.level)), strict=False):
        said = [AT_ITS_BOUNDARY if sd == 0 else "", str(row["note"])]
        own = replace(
            about,
            term=grouping_term(str(row["grouping"]), task),
            note="; ".join(filter(None, said)),
        )
        yield own.state(Stat.SD, float(sd))
        correlation = replace(own, unit="")
        yield correlation.state(Stat.ICC, float(str(row[Stat.ESTIMATE.value])))
        if not math.isnan(float(str(row[Stat.CONF_LOW.value]))):
            yield from correlation.state_row(row, LIMITS)
    yield replace(about, term=Term.RESIDUALS).state(Stat.SD, float(deviations[-1]))


def grouping_term(name: str, task: Task) -> str:
    """The intercepts of a grouping, by the name that readers know it by."""
    clusters = task.protocol.clusters
    label = clusters.label if clusters and name == "cluster" else title_of(name, task)
    return f"{Before.INTERCEPTS}{label}"
