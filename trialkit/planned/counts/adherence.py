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
    """Sessions attended over sessions prescribed up to withdrawal, and over all planned.

    An arm whose planned sessions nobody logs has them without a number.
    """
    attendance, lacks = datasets.attendance, datasets.not_collected
    statement = Statement(analysis_id=ADHERENCE, method=Method.DESCRIPTIVE.value, unit="%")
    unlogged = attendance["arm"].isin(lacks.sessions)
    for code, planned in attendance[unlogged].groupby("arm", observed=True)["planned"]:
        about = statement.about(arm=str(code))
        yield from about.state_all({Stat.N: len(planned), Stat.PLANNED: float(planned.sum())})
        yield from about.not_collected(Stat.ATTENDED, Stat.UNKNOWN)
    logged = attendance[~unlogged]
    if logged["attended"].isna().all():
        return
    frame = logged.assign(arm=logged["arm"].cat.remove_unused_categories())
    found = summarise_adherence(
        frame,
        subject="subject_id",
        arm="arm",
        planned="planned",
        prescribed="prescribed",
        attended="attended",
        dose=None if frame["minutes"].isna().all() else "minutes",
    )
    for arm in found.arms:
        own = attendance.loc[attendance["arm"] == arm.arm, "unknown"]
        unknown = None if lacks.attended else int(own.sum())
        yield from _state_arm(statement, arm, unknown=unknown)
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


def _state_arm(statement: Statement, arm: ArmAdherence, *, unknown: int | None) -> Iterator[Result]:
    """``unknown`` is None where the log does not ask whether a session was attended."""
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
    if unknown is None:
        yield from totals.not_collected(Stat.UNKNOWN)
    for term, summary, unit in (
        (OF_PRESCRIBED, arm.percent_of_prescribed, "%"),
        (OF_PLANNED, arm.percent_of_planned, "%"),
        (MINUTES, arm.dose, "min"),
    ):
        if summary is not None:
            about = statement.by(statement.method, unit=unit).about(term=term, arm=arm.arm)
            yield from about.state_all(summary_statistics(summary))
