"""The rows that mixed models for repeated measures read, with the days of their visits."""

from tests.planned.hand import task_of
from trialkit.planned.methods.mmrm import fit_mmrm
from trialkit.planned.methods.repeated_models import (
    TARGET_DAY,
    model_residuals,
    modelled_rows,
    state_by_visit,
)
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.results.vocabulary import Stat


def test_rows_have_the_visits_that_they_are_of_and_their_days() -> None:
    task = task_of(Mmrm())
    rows = task.from_baseline_on()
    frame = modelled_rows(task, Mmrm(), rows[rows["visit"] != "V0"])
    assert list(frame["visit"].cat.categories) == ["V1", "V2"]
    days = {visit.code: float(visit.day) for visit in task.protocol.visits}
    assert dict(zip(frame["visit"].astype(str), frame[TARGET_DAY], strict=True)) == {
        code: days[code] for code in ("V1", "V2")
    }


def test_rows_of_a_fit_are_of_every_visit_and_of_all_together() -> None:
    task = task_of(Mmrm())
    fit = fit_mmrm(task, Mmrm())
    rows = list(state_by_visit(task, fit, fit))
    seen = {(row.visit, row.term) for row in rows if row.stat_name is Stat.P_VALUE}
    contrasts = {(v, f"A{a} - A0") for v in ("V1", "V2", "average") for a in (1, 2)}
    assert seen == contrasts | {("", term) for term in fit.terms}
    first, *_ = model_residuals(task, fit, "change")
    assert len(first.points) == 49
