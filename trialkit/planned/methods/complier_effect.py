"""A planned effect in who complies, by two-stage least squares, with its first stage."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.analysis.instrumental.complier_effect import complier_effect
from trialkit.datasets.subjects import received_nothing
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

NOT_RECORDED = "what was received is not recorded"
FIRST_STAGE_STATS = (Stat.ESTIMATE, Stat.STATISTIC, Stat.DF_NUM, Stat.DF_DEN, Stat.P_VALUE)


def state_complier_effect(task: Task, specification: ComplierEffect) -> Iterator[Result]:
    """Each arm against the reference, and how far the arms moved what was received."""
    rows = with_characteristics(task, specification)
    received = _received(task).reindex(rows["subject_id"]).to_numpy()
    unknown = received == NOT_RECORDED
    dropped = pd.DataFrame({"subject": rows["subject_id"][unknown], "reason": NOT_RECORDED})
    yield from state_numbers_analysed(task, dropped)
    visit = task.outcome.time_point
    whole = statement_of(task).by(specification.method.value, unit="")
    for arm in task.arms[1:]:
        pair = [task.reference, arm]
        own = rows["arm"].isin(pair).to_numpy() & ~unknown
        frame = rows[own].assign(
            arm=rows.loc[own, "arm"].cat.set_categories(pair), received=received[own] == arm
        )
        fit = complier_effect(
            frame,
            outcome=response_column(specification.response),
            arm="arm",
            reference=task.reference,
            received="received",
            covariates=specification.covariates,
            robust=specification.robust,
            subject="subject_id",
        )
        (effect,) = records(fit.effects(conf_level=task.level))
        (first,) = records(fit.first_stage())
        term, note = str(first["contrast"]), _in_words(arm, first, str(effect["note"]), task)
        about = contrast_statement(task).about(visit=visit, term=term, note=note)
        yield from about.state_row(effect, CONTRAST_STATS)
        moved = whole.about(visit=visit, term=f"{Term.FIRST_STAGE}: {term}")
        finite = {name: None if value == np.inf else value for name, value in first.items()}
        yield from moved.state_row(finite, FIRST_STAGE_STATS)


def _received(task: Task) -> pd.Series:
    """The code of the arm that each participant received; blank where none, or not recorded."""
    people = task.subjects.set_index("subject_id")
    codes = people["arm_received"].astype("object")
    nothing = received_nothing(people)
    return codes.where(codes.notna(), nothing.map({True: "", False: NOT_RECORDED}))


def _in_words(arm: str, first: dict[str, object], weak: str, task: Task) -> str:
    """How many received the arm's intervention, the F of the first stage, and what is weak."""
    shares = [
        f"{100 * float(str(first[name])):.0f}% of {task.protocol.arm(code).label}"
        for name, code in (("received_experimental", arm), ("received_reference", task.reference))
    ]
    f = float(str(first[Stat.STATISTIC.value]))
    stage = "all did as allocated" if f == np.inf else f"first stage F = {f:.4g}"
    said = f"{task.protocol.arm(arm).label} was received by {' and '.join(shares)}; {stage}"
    warned = "; a weak instrument (F below 10), so that estimate and limits are not to be trusted"
    return said + (warned if weak else "")


COMPLIER_EFFECT = MethodCard(specification=ComplierEffect, carry_out=state_complier_effect)
