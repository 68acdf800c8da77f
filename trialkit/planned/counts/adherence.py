"""Adherence of the arms that have planned sessions."""

from collections.abc import Iterator

from trialkit.analysis.describing.adherence import ArmAdherence, summarise_adherence
from trialkit.analysis.describing.descriptive import summarise
from trialkit.datasets.model import Datasets
from trialkit.planned.task.stating import Statement, summary_statistics
from trialkit.protocol.methods.method import Method
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ADHERENCE = "adherence"
OF_PRESCRIBED = "percent of prescribed"
OF_PLANNED = "percent of planned"
MINUTES = "minutes"
DOSE_TERMS = ("sets", "repetitions", "first_load", "last_load", "progression")


def state_adherence(datasets: Datasets) -> Iterator[Result]:
    """Sessions attended over sessions prescribed up to withdrawal, and over all planned."""
    attendance = datasets.attendance
    if attendance["attended"].isna().all():
        return
    frame = attendance.assign(arm=attendance["arm"].cat.remove_unused_categories())
    found = summarise_adherence(
        frame,
        subject="subject_id",
        arm="arm",
        planned="planned",
        prescribed="prescribed",
        attended="attended",
        dose=None if frame["minutes"].isna().all() else "minutes",
    )
    statement = Statement(analysis_id=ADHERENCE, method=Method.DESCRIPTIVE.value, unit="%")
    for arm in found.arms:
        own = attendance.loc[attendance["arm"] == arm.arm, "unknown"]
        yield from _state_arm(statement, arm, unknown=int(own.sum()))
        yield from _state_dose(statement, arm.arm, datasets)


def _state_dose(statement: Statement, arm: str, datasets: Datasets) -> Iterator[Result]:
    """What the participants of an arm did in all, and how their load went on; as far as asked."""
    own = datasets.dose[datasets.dose["arm"] == arm]
    for term in DOSE_TERMS:
        if term in own.columns:
            summary = summarise(own[term].to_numpy(dtype=float))
            unit = datasets.dose_units.get(term, term if term in {"sets", "repetitions"} else "")
            about = statement.by(statement.method, unit=unit).about(term=term, arm=arm)
            yield from about.state_all(summary_statistics(summary))


def _state_arm(statement: Statement, arm: ArmAdherence, *, unknown: int) -> Iterator[Result]:
    totals = statement.about(arm=arm.arm)
    yield from totals.state_all(
        {
            Stat.N: arm.n,
            Stat.PLANNED: arm.planned,
            Stat.PRESCRIBED: arm.prescribed,
            Stat.ATTENDED: arm.attended,
            Stat.UNKNOWN: unknown,
            Stat.PERCENT: arm.overall_percent if arm.prescribed else None,
        }
    )
    for term, summary, unit in (
        (OF_PRESCRIBED, arm.percent_of_prescribed, "%"),
        (OF_PLANNED, arm.percent_of_planned, "%"),
        (MINUTES, arm.dose, "min"),
    ):
        if summary is not None:
            about = statement.by(statement.method, unit=unit).about(term=term, arm=arm.arm)
            yield from about.state_all(summary_statistics(summary))
