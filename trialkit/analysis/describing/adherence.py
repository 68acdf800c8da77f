"""Adherence: sessions attended over sessions prescribed, and the dose that came of them."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from trialkit.analysis.describing.descriptive import ValueSummary, summarise
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, column, levels, numbers, plain
from trialkit.analysis.frames.groups import excluded_rows
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmAdherence:
    """One arm's attendance; percentages of sessions prescribed up to withdrawal, and of all."""

    arm: str
    n: int
    planned: float
    prescribed: float
    attended: float
    percent_of_prescribed: ValueSummary
    percent_of_planned: ValueSummary
    adherent: int
    dose: ValueSummary | None

    @property
    def overall_percent(self) -> float:
        """All sessions attended over all prescribed, in percent; NaN where none was."""
        return 100 * self.attended / self.prescribed if self.prescribed else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Adherence(Tabular):
    """What ``summarise_adherence`` found; ``excluded`` lists who has no attendance."""

    adherent_from: float
    arms: tuple[ArmAdherence, ...]
    participants: pd.DataFrame
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What is summarised."""
        return "Sessions attended of those prescribed up to withdrawal"

    def to_frame(self) -> pd.DataFrame:
        """One row an arm and measure: n, mean, sd, median, q1, q3, min, max."""
        rows = []
        for arm in self.arms:
            for measure, summary in (
                ("percent_of_prescribed", arm.percent_of_prescribed),
                ("percent_of_planned", arm.percent_of_planned),
                ("dose", arm.dose),
            ):
                if summary is not None:
                    stated = {each.name: getattr(summary, each.name) for each in fields(summary)}
                    rows.append({"arm": arm.arm, "measure": measure} | stated)
        return pd.DataFrame(rows)

    def counts(self) -> pd.DataFrame:
        """One row an arm: sessions planned, prescribed and attended, and who was adherent."""
        return pd.DataFrame(
            [
                {
                    "arm": arm.arm,
                    "n": arm.n,
                    "planned": arm.planned,
                    "prescribed": arm.prescribed,
                    "attended": arm.attended,
                    "overall_percent": arm.overall_percent,
                    "adherent": arm.adherent,
                    "adherent_from_percent": self.adherent_from,
                }
                for arm in self.arms
            ]
        )


def summarise_adherence(
    frame: AnyFrame,
    *,
    arm: str,
    prescribed: str,
    attended: str,
    planned: str | None = None,
    dose: str | None = None,
    adherent_from: float = 80.0,
    subject: str | None = None,
    order: Order | None = None,
) -> Adherence:
    """Summarise how much of the prescribed training each arm did.

    Estimand
        For each participant, sessions ``attended`` in percent of those ``prescribed`` up to
        withdrawal, and in percent of all ``planned``; ``dose`` (minutes, say) in its own unit. It is
        measured after randomisation and must not adjust a primary analysis.

    Reference
        Slade SC et al. CERT. Br J Sports Med 2016;50:1428-1437, item 16.

    Checked against
        ``tests/reference/between/adherence_example.json`` (by hand)

    ``frame`` has one row a participant. Who was prescribed no session (withdrew before the first)
    has no percentage of prescribed and 0 percent of planned. Rows with a missing count are listed in
    ``.excluded``. Raises :class:`AnalysisError` for more sessions prescribed than planned,
    for sessions attended where none was prescribed, for negative counts and for a ``subject`` with
    two rows. More attended than prescribed, as make-up sessions give, stay above 100 %.
    """
    frame = as_pandas(frame)
    codes, arms = levels(frame, arm, parameter="arm", order=order)
    done = numbers(frame, attended, parameter="attended")
    asked = numbers(frame, prescribed, parameter="prescribed")
    whole = asked if planned is None else numbers(frame, planned, parameter="planned")
    amount = None if dose is None else numbers(frame, dose, parameter="dose")
    if np.any(done < 0) or np.any(asked < 0) or np.any(whole < asked):
        raise AnalysisError(
            f"sessions must not be negative, nor more prescribed ({prescribed!r}) than planned"
        )
    label = frame.index if subject is None else column(frame, subject, parameter="subject")
    unasked = np.flatnonzero((asked == 0) & (done > 0))
    if len(unasked):
        first = unasked[0]
        raise AnalysisError(
            f"{'row' if subject is None else 'subject'} {plain([label[first]])[0]!r} has "
            f"{attended}={done[first]:g} though {prescribed}=0: sessions that nobody prescribed are "
            "no adherence; correct one of the two"
        )
    known = ~np.isnan(done) & ~np.isnan(asked) & ~np.isnan(whole) & (codes >= 0)
    refuse_repeated(frame, subject, used=known)
    percent = _percent(done, asked)
    of_planned = _percent(done, whole)
    summaries = []
    for index, name in enumerate(arms):
        here = known & (codes == index)
        summaries.append(
            ArmAdherence(
                arm=str(name),
                n=int(here.sum()),
                planned=_total(whole[here]),
                prescribed=_total(asked[here]),
                attended=_total(done[here]),
                percent_of_prescribed=summarise(percent[here]),
                percent_of_planned=summarise(of_planned[here]),
                adherent=int((percent[here] >= adherent_from - 1e-9).sum()),
                dose=None if amount is None else summarise(amount[here]),
            )
        )
    participants = pd.DataFrame(
        {
            "row" if subject is None else "subject": label,
            "percent_of_prescribed": percent,
            "percent_of_planned": of_planned,
        }
    )
    excluded = excluded_rows(
        frame,
        subject=subject,
        reasons=(
            (codes < 0, f"{arm} is missing"),
            (np.isnan(asked) | np.isnan(whole), "the number of sessions prescribed is missing"),
            (np.isnan(done), f"{attended} is missing"),
        ),
    )
    return Adherence(
        adherent_from=adherent_from,
        arms=tuple(summaries),
        participants=participants[known].reset_index(drop=True),
        excluded=excluded,
    )


def _total(sessions: np.ndarray) -> float:
    """The sum, a whole number as such; half sessions may be counted too."""
    total = float(sessions.sum())
    return int(total) if total.is_integer() else total


def _percent(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """``part`` in percent of ``whole``; NaN where there was nothing to attend."""
    some = whole > 0
    return np.where(some, 100 * part / np.where(some, whole, 1.0), np.nan)
