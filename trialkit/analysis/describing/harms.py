"""Harms: how many participants had which event, how often, in each arm, zeros shown."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, column, levels, plain, sequence_of_names
from trialkit.analysis.frames.groups import arm_codes, check_level, contrast_label, refuse_empty
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.exact import clopper_pearson
from trialkit.analysis.proportions.risk_difference import Estimate, risk_difference
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import IntervalMethod
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular

ANY_EVENT = "any event"


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmCount:
    """One arm's participants with an event, their events, and the exact limits of the risk."""

    term: str
    count: ArmCount
    events: int
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmContrast:
    """The risk difference of one event, experimental minus reference."""

    term: str
    contrast: str
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class HarmsSummary(Tabular):
    """What ``summarise_harms`` counted; ``excluded`` lists the events that belong to no arm."""

    conf_level: float
    counts: tuple[HarmCount, ...]
    differences: tuple[HarmContrast, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What is counted."""
        return "Participants with harms, and events"

    def to_frame(self) -> pd.DataFrame:
        """One row a term and arm: n, participants, events, risk with its exact limits."""
        return pd.DataFrame(
            [
                {
                    "term": each.term,
                    "arm": each.count.arm,
                    "n": each.count.n,
                    "participants": each.count.events,
                    "events": each.events,
                    "risk": each.count.risk,
                    "conf_low": each.conf_low,
                    "conf_high": each.conf_high,
                    "conf_level": self.conf_level,
                }
                for each in self.counts
            ]
        )

    def contrasts(self) -> pd.DataFrame:
        """One row a term and contrast: the risk difference of participants with the event."""
        return pd.DataFrame(
            [
                {
                    "term": each.term,
                    "contrast": each.contrast,
                    "estimate": each.difference.estimate,
                    "conf_low": each.difference.conf_low,
                    "conf_high": each.difference.conf_high,
                    "conf_level": self.conf_level,
                    "interval": each.difference.interval,
                }
                for each in self.differences
            ],
            columns=[
                "term",
                "contrast",
                "estimate",
                "conf_low",
                "conf_high",
                "conf_level",
                "interval",
            ],
        )


def summarise_harms(
    events: AnyFrame,
    *,
    participants: AnyFrame,
    subject: str,
    arm: str,
    reference: object | None,
    term: str | None = None,
    terms: tuple[str, ...] = (),
    interval: IntervalMethod | str = IntervalMethod.NEWCOMBE,
    conf_level: float = 0.95,
    order: Order | None = None,
) -> HarmsSummary:
    """Count harms in each arm, and state the difference in risk with its interval.

    Estimand
        In each arm: participants with at least one event, out of all ``participants`` of the arm;
        the number of events; and each other arm's risk minus the reference's. No p values: a trial
        is not sized for harms.

    Reference
        Junqueira DR et al. CONSORT Harms 2022. BMJ 2023;381:e073725. Clopper CJ, Pearson ES.
        Biometrika 1934;26:404-413.

    Checked against
        ``tests/reference/between/bin_small_0_13_4_13.json`` (R stats; 0 of 13: at most 24.7 %)

    ``events`` has one row an event, with ``subject`` and, where named, ``term``. ``participants``
    has one row a participant, with ``subject`` and ``arm``: everybody at risk, so that arms and
    people without events are counted. ``terms`` are shown even where nobody had them; the others
    follow, the most frequent first. An event of somebody who is no participant is listed in
    ``.excluded``. Without a reference (``None``) the arms, also a single one, are counted and not
    compared. The limits are two-sided and exact, also for zero events. Raises
    :class:`AnalysisError` for a participant with two rows, without an id or without an arm, for an
    arm without participants, and where the ids of events are text and those of participants are
    not, or the reverse.
    """
    events = as_pandas(events)
    participants = as_pandas(participants)
    method = choose(IntervalMethod, interval, parameter="interval")
    stated = sequence_of_names(terms, parameter="terms")
    check_level(conf_level)
    people = column(participants, subject, parameter="subject")
    if people.isna().any() or people.duplicated().any():
        raise AnalysisError(f"participants must have one row for each {subject!r}, none blank")
    codes, arms = _arms(participants, arm, reference=reference, order=order)
    if (codes < 0).any():
        without = ", ".join(str(each) for each in people[codes < 0].head())
        raise AnalysisError(f"participants without an arm cannot be at risk in one: {without}")
    names = tuple(str(name) for name in arms)
    sizes = np.bincount(codes, minlength=len(names))
    refuse_empty(tuple(zip(names, map(int, sizes), strict=True)), of=subject, arm=arm)
    arm_of = dict(zip(people.tolist(), codes.tolist(), strict=True))
    happened, excluded = _events_in_arms(events, arm_of, subject=subject, term=term)
    counts: list[HarmCount] = []
    differences: list[HarmContrast] = []
    for name, of_term in _by_term(happened, terms=stated, named=term is not None):
        row = _count(name, of_term, names=names, sizes=sizes, conf_level=conf_level)
        counts += row
        if reference is None:
            continue
        control = row[arms.index(reference)].count
        differences += [
            HarmContrast(
                term=name,
                contrast=contrast_label(each.count.arm, control.arm),
                difference=risk_difference(
                    each.count, control, interval=method, conf_level=conf_level
                ),
            )
            for each in row
            if each.count is not control
        ]
    return HarmsSummary(
        conf_level=conf_level,
        counts=tuple(counts),
        differences=tuple(differences),
        excluded=excluded,
    )


def _arms(
    participants: pd.DataFrame, arm: str, *, reference: object | None, order: Order | None
) -> tuple[np.ndarray, tuple[object, ...]]:
    """Each participant's arm as a code, and the arms: two at least where one is the reference."""
    if reference is None:
        return levels(participants, arm, parameter="arm", order=order)
    return arm_codes(participants, arm, reference=reference, order=order)


def _events_in_arms(
    events: pd.DataFrame, arm_of: dict[object, int], *, subject: str, term: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each event with its participant's arm; and those of nobody who takes part."""
    who = column(events, subject, parameter="subject").tolist()
    what = [""] * len(who) if term is None else column(events, term, parameter="term").tolist()
    all_events = pd.DataFrame(
        {
            "subject": pd.Series(who, dtype=object),
            "term": pd.Series(
                ["(no term)" if pd.isna(each) else str(each) for each in what], dtype=object
            ),
            "arm": pd.Series([arm_of.get(each, -1) for each in who], dtype=np.intp),
        }
    )
    nobody = all_events["arm"] < 0
    _refuse_other_kind_of_id(all_events.loc[nobody, "subject"], list(arm_of), subject=subject)
    excluded = all_events.loc[nobody, ["subject", "term"]].assign(
        reason="the event is of nobody among the participants"
    )
    return all_events[~nobody], excluded.reset_index(drop=True)


def _refuse_other_kind_of_id(strangers: pd.Series, known: list[object], *, subject: str) -> None:
    """Refuse events whose participant is there under an id of another type: '1' and 1.

    Such events would be counted as nobody's, and the table would show zeros.
    """
    texts = {_id_text(each): each for each in known}
    for stranger in plain(strangers.dropna()):
        meant = texts.get(_id_text(stranger))
        if meant is not None and isinstance(meant, str) != isinstance(stranger, str):
            raise AnalysisError(
                f"the events name {subject} {stranger!r} ({type(stranger).__name__}), the "
                f"participants {meant!r} ({type(meant).__name__}): give both columns one type, "
                "or these events would be nobody's"
            )


def _id_text(value: object) -> str:
    """An id as text; a whole number, also one read as text, without decimals or leading zeros."""
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else text


def _by_term(
    happened: pd.DataFrame, *, terms: tuple[str, ...], named: bool
) -> list[tuple[str, pd.DataFrame]]:
    """All events, then those of each term: first the stated ones, then by how many had them."""
    found = [(ANY_EVENT, happened)]
    if not named:
        return found
    frequency = happened.drop_duplicates(["subject", "term"])["term"].value_counts()
    others = sorted(
        (name for name in frequency.index if name not in terms),
        key=lambda name: (-int(frequency[name]), name),
    )
    return found + [(name, happened[happened["term"] == name]) for name in (*terms, *others)]


def _count(
    name: str,
    happened: pd.DataFrame,
    *,
    names: tuple[str, ...],
    sizes: np.ndarray,
    conf_level: float,
) -> list[HarmCount]:
    events = np.bincount(happened["arm"], minlength=len(names))
    people = np.bincount(happened.drop_duplicates("subject")["arm"], minlength=len(names))
    row = []
    for index, arm in enumerate(names):
        count = ArmCount(arm=arm, events=int(people[index]), n=int(sizes[index]))
        low, high = clopper_pearson(count.events, count.n, conf_level=conf_level)
        row.append(
            HarmCount(
                term=name, count=count, events=int(events[index]), conf_low=low, conf_high=high
            )
        )
    return row
