"""Which participants an analysis can use, and why not the others; the flow diagram counts the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from trialkit.datasets.measurements import STILL_TO_COME
from trialkit.datasets.model import Population
from trialkit.errors import DatasetError
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol

OUTSIDE = "not in the population: "
"""How the reason begins of who is left out by the population and not by the analysis."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Included:
    """The measurements that an analysis of one outcome uses."""

    measurements: pd.DataFrame
    """Rows of the participants who are in, ``arm`` as their population groups them."""
    excluded: pd.DataFrame
    """``subject_id``, ``arm``, ``reason`` of the participants who are not."""
    lacking: pd.DataFrame
    """``subject_id``, ``what``: everything that members of the population lack, each for itself."""

    @property
    def left_out(self) -> pd.DataFrame:
        """Those whom the population holds, and the analysis cannot use."""
        return self.excluded[~self.excluded["reason"].str.startswith(OUTSIDE)]


class _Lack(NamedTuple):
    """Something that a member of the population lacks, and is left out for."""

    subject: str
    arm: object
    reason: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What an analysis must know of somebody whom it uses: of analyses alike in it, the same people.

    ``one_of`` are visits at any one of which there must be a value, ``items`` the baseline
    characteristics, ``clustered`` the arms whose participants must be in a cluster. ``reached`` is a
    visit at which a value may be missing, and must not be still to come; blank for none.
    """

    outcome: str
    population: str
    visits: tuple[str, ...]
    one_of: tuple[str, ...]
    items: tuple[str, ...]
    clustered: tuple[str, ...] = ()
    reached: str = ""


def needs_of(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, planned: frozenset[str]
) -> Needs:
    """What an analysis of an outcome needs that is asked for at the ``planned`` visits.

    Raises :class:`DatasetError` for visits at which nobody asks for the outcome.
    """
    specification = analysis.specification
    measured = protocol.measured(outcome, planned)
    needed = specification.needed_visits(measured) if planned else ()
    _refuse_unplanned([visit for visit in needed if visit not in planned], analysis, outcome)
    return Needs(
        outcome=outcome.code,
        population=analysis.population,
        visits=needed,
        one_of=specification.one_of_visits(measured),
        items=specification.baseline_items(outcome.kind),
        clustered=_clustered_arms(specification, protocol),
        reached=outcome.time_point if specification.reads.IMPUTES else "",
    )


def _clustered_arms(specification: Specification, protocol: Protocol) -> tuple[str, ...]:
    """The arms whose participants must be in a cluster to be analysed; none where none is read."""
    if not specification.READS_CLUSTERS:
        return ()
    if specification.CLUSTERS_IN_SOME_ARMS and protocol.clusters is not None:
        return protocol.clusters.arms
    return protocol.arm_codes


def visits_of(outcome: Outcome, measurements: pd.DataFrame) -> frozenset[str]:
    """The visits at which the outcome is asked for."""
    visits = measurements.loc[measurements["outcome"] == outcome.code, "visit"]
    return frozenset(map(str, visits.unique()))


def include(
    needs: Needs,
    population: Population,
    *,
    measurements: pd.DataFrame,
    characteristics: pd.DataFrame,
    subjects: pd.DataFrame,
    protocol: Protocol,
) -> Included:
    """The participants of a population who have every value that is needed.

    ``measurements``, ``characteristics`` and ``subjects`` are those of the Datasets; of the
    measurements those of the outcome will do.
    """
    own = measurements[measurements["outcome"] == needs.outcome]
    members = population.members
    place = pd.Index(members["subject_id"]).get_indexer(own["subject_id"])
    arms = members["arm"].array
    rows = _Rows(
        subjects=np.asarray(own["subject_id"], dtype=object),
        arms=np.asarray(arms.take(place, allow_fill=True), dtype=object),
        visits=np.asarray(own["visit"], dtype=object),
        empty=(place >= 0) & own["value"].isna().to_numpy(),
        reasons=np.asarray(own["missing_reason"], dtype=object),
    )
    label = protocol.outcome(needs.outcome).label
    lacks = [*_without_value(rows, needs.visits, label, protocol)]
    if needs.one_of:
        lacks += _without_any_value(rows, needs.one_of, label, protocol)
    if needs.reached:
        coming = replace(rows, empty=rows.empty & np.isin(rows.reasons, STILL_TO_COME))
        lacks += _without_value(coming, (needs.reached,), label, protocol)
    if needs.items:
        lacks += _without_covariate(needs.items, population, characteristics, protocol)
    if needs.clustered:
        lacks += _without_cluster(needs.clustered, population, subjects, protocol)
    first: dict[str, _Lack] = {}
    for each in lacks:
        first.setdefault(each.subject, each)
    outside = population.excluded.assign(
        reason=OUTSIDE + population.excluded["reason"].astype("str")
    )
    left_out = pd.DataFrame(
        {
            "subject_id": pd.array([*first], dtype="str"),
            "arm": pd.array([each.arm for each in first.values()], dtype=arms.dtype),
            "reason": pd.array([each.reason for each in first.values()], dtype="str"),
        }
    )
    kept = (place >= 0) & ~own["subject_id"].isin([*first]).to_numpy()
    others = [name for name in own.columns if name != "arm"]
    return Included(
        measurements=own.loc[kept, others]
        .reset_index(drop=True)
        .assign(arm=arms.take(place[kept])),
        excluded=pd.concat([outside, left_out], ignore_index=True),
        lacking=pd.DataFrame(
            {
                "subject_id": pd.array([each.subject for each in lacks], dtype="str"),
                "what": pd.array([each.what for each in lacks], dtype="str"),
            }
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """The measurements of an outcome in arrays; ``empty`` are those of members without a value."""

    subjects: np.ndarray
    arms: np.ndarray
    visits: np.ndarray
    empty: np.ndarray
    reasons: np.ndarray

    def places(self, visits: tuple[str, ...]) -> list[int]:
        """Which of the empty rows are at these visits."""
        return [int(i) for i in np.flatnonzero(self.empty) if self.visits[i] in visits]


def _refuse_unplanned(visits: list[str], analysis: Analysis, outcome: Outcome) -> None:
    """Raise :class:`DatasetError` for visits that are needed and at which nobody asks."""
    if visits:
        raise DatasetError(
            f"{analysis.specification.method.value} needs values of {outcome.code!r} at "
            f"{', '.join(visits)}, but its form {outcome.form!r} is not filled in there; add the "
            "visit to the form, or choose an analysis that does not read it"
        )


def _without_value(
    rows: _Rows, needed: tuple[str, ...], label: str, protocol: Protocol
) -> Iterator[_Lack]:
    """Each value that a participant must have and has not, by participant and visit."""
    rank = {visit.code: number for number, visit in enumerate(protocol.visits)}
    in_order = sorted(
        rows.places(needed), key=lambda i: (rows.subjects[i], rank[str(rows.visits[i])])
    )
    for i in in_order:
        where = protocol.visit(rows.visits[i]).label
        yield _Lack(
            subject=rows.subjects[i],
            arm=rows.arms[i],
            reason=f"no value at {where} ({rows.reasons[i]})",
            what=f"{label} at {where}",
        )


def _without_any_value(
    rows: _Rows, one_of: tuple[str, ...], label: str, protocol: Protocol
) -> Iterator[_Lack]:
    """The participants without a value at any of these visits, with the first reason."""
    first = protocol.baseline.code
    asked = {*rows.visits} & {*protocol.visit_codes[protocol.visit_codes.index(first) :]}
    where = "at any visit" if first in one_of else "after baseline"
    what = label if first in one_of else f"{label} after {protocol.baseline.label}"
    if not asked <= {first, *one_of}:
        where = "at any visit analysed"
        what = f"{label} at any visit that is analysed"
    places = rows.places(one_of)
    empty = Counter(rows.subjects[places])
    at_any = Counter(rows.subjects[np.isin(rows.visits, one_of)])
    told = set()
    for i in places:
        subject = rows.subjects[i]
        if subject in told or empty[subject] < at_any[subject]:
            continue
        told.add(subject)
        reason = f"no value {where} ({rows.reasons[i]})"
        yield _Lack(subject=subject, arm=rows.arms[i], reason=reason, what=what)


def _without_covariate(
    wanted: tuple[str, ...],
    population: Population,
    characteristics: pd.DataFrame,
    protocol: Protocol,
) -> Iterator[_Lack]:
    """Members of the population who lack a covariate, with the reason."""
    named = characteristics[characteristics["characteristic"].isin(wanted)]
    unknown = named[named["value"].isna() & named["category"].isna()]
    known_as = {each.name: each for each in protocol.characteristics}
    lacking = population.members.merge(
        unknown[["subject_id", "characteristic"]], on="subject_id", how="inner"
    )
    columns = (lacking[name].tolist() for name in ("subject_id", "arm", "characteristic"))
    for subject, arm, name in zip(*columns, strict=True):
        item = known_as[str(name)]
        reason = f"no value of the covariate {item.title}"
        yield _Lack(subject=subject, arm=arm, reason=reason, what=item.in_words)


def _without_cluster(
    arms: tuple[str, ...], population: Population, subjects: pd.DataFrame, protocol: Protocol
) -> Iterator[_Lack]:
    """Members of these arms, as the population counts them, of whom no cluster is on record."""
    label = protocol.clusters.label if protocol.clusters else "cluster"
    unknown = subjects.loc[subjects["cluster"].isna(), "subject_id"]
    members = population.members
    lacking = members[members["arm"].isin(arms) & members["subject_id"].isin(unknown)]
    columns = (lacking[name].tolist() for name in ("subject_id", "arm"))
    for subject, arm in zip(*columns, strict=True):
        yield _Lack(subject=subject, arm=arm, reason=f"no {label} recorded", what=label)
