"""Rows of people in clusters: who belongs to which, and which arm a cluster is in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, levels, plain
from trialkit.analysis.frames.groups import arm_codes, refuse_empty, unused_rows
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.errors import AnalysisError
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusteredRows:
    """The rows with a value, a cluster and an arm, and the arm of each cluster.

    ``kept`` (rows of the frame,) says which are used; ``cluster`` (n,) are their codes into ``names``;
    ``arm_of`` (clusters,) are codes into ``arms``.
    """

    kept: np.ndarray
    cluster: np.ndarray
    names: tuple[object, ...]
    arm_of: np.ndarray
    arms: tuple[object, ...]
    excluded: pd.DataFrame

    @property
    def sizes(self) -> np.ndarray:
        """How many rows each cluster has (clusters,)."""
        return np.bincount(self.cluster, minlength=len(self.names))

    def sums(self, values: np.ndarray) -> np.ndarray:
        """The sum of ``values`` (n,) in each cluster (clusters,)."""
        return np.bincount(self.cluster, weights=values, minlength=len(self.names))


def cluster_codes(frame: pd.DataFrame, cluster: str) -> tuple[np.ndarray, tuple[object, ...]]:
    """The cluster of each row as a code, −1 where it is missing, and the clusters as they appear."""
    codes, names = pd.factorize(column(frame, cluster, parameter="cluster"))
    return np.asarray(codes, dtype=np.intp), plain(names)


def read_clusters(
    frame: pd.DataFrame,
    *,
    cluster: str,
    arm: str | None,
    reference: object | None,
    order: Order | None,
    subject: str | None,
    unusable: tuple[tuple[np.ndarray, str], ...],
    compares: bool = True,
) -> ClusteredRows:
    """The rows that have all; ``unusable`` are further rows to leave out, with the reason.

    Without an ``arm`` all are of one, called ``all``. Where ``compares`` is false, ``arm`` may hold one
    arm alone: nothing is asked of a second.

    Raises ``AnalysisError`` for a cluster in two arms, an arm without a row, and a subject with two.
    """
    codes = np.zeros(len(frame), dtype=np.intp)
    arms: tuple[object, ...] = ("all",)
    if arm is not None:
        read = arm_codes if compares else _any_arms
        codes, arms = read(frame, arm, reference=reference, order=order)
    belongs, names = cluster_codes(frame, cluster)
    missing = (
        (codes < 0, f"{arm} is missing"),
        (belongs < 0, f"{cluster} is missing"),
        *unusable,
    )
    keep = ~np.any([applies for applies, _ in missing], axis=0)
    refuse_repeated(frame, subject, used=keep, grouped=(cluster,))
    counts = np.bincount(codes[keep], minlength=len(arms))
    named = tuple((str(name), int(n)) for name, n in zip(arms, counts, strict=True))
    if arm is None and not keep.any():
        raise AnalysisError(f"no row has all that is needed, such as its {cluster!r}")
    refuse_empty(named, of=cluster, arm=str(arm))
    which, own = np.unique(belongs[keep], return_inverse=True)
    arm_of = np.zeros(len(which), dtype=np.intp)
    arm_of[own] = codes[keep]
    strays = np.flatnonzero(arm_of[own] != codes[keep])
    if len(strays):
        at = own[strays[0]]
        both = sorted({int(code) for code in codes[keep][own == at]})
        raise AnalysisError(
            f"cluster {names[which[at]]!r} has rows in {arm} "
            f"{' and '.join(repr(arms[code]) for code in both)}: clusters are compared whole",
            advice="take cluster_regression where people of one cluster are in several arms, or make "
            "the names of clusters unique over the arms",
        )
    return ClusteredRows(
        kept=keep,
        cluster=own,
        names=tuple(names[code] for code in which),
        arm_of=arm_of,
        arms=arms,
        excluded=unused_rows(frame, subject=subject, reasons=missing).to_frame(),
    )


def _any_arms(
    frame: pd.DataFrame, arm: str, *, reference: object | None = None, order: Order | None = None
) -> tuple[np.ndarray, tuple[object, ...]]:
    """The arm of each row as a code, and the arms, one or more."""
    codes, arms = levels(frame, arm, parameter="arm", order=order, reference=reference)
    if not arms:
        raise AnalysisError(f"no row has an arm: {arm!r} is empty")
    return codes, arms


def cluster_sizes(frame: pd.DataFrame, *, cluster: str, arm: str) -> pd.DataFrame:
    """How many clusters each arm has and how large they are, whatever else can be said of them.

    ``arm``, ``clusters``, ``n``, ``mean_size``, ``sd_size``, ``cv_size``, ``min_size``, ``max_size``, a
    row an arm with a cluster, in the order of their appearance. A cluster with people of two arms is
    one of each, with the people whom that arm has in it. Rows without cluster or arm are of none.
    """
    named = pd.DataFrame(
        {
            "arm": column(frame, arm, parameter="arm").astype(object),
            "cluster": column(frame, cluster, parameter="cluster").astype(object),
        }
    ).dropna()
    counts = named.groupby(["arm", "cluster"], sort=False).size()
    return pd.DataFrame(
        [
            {"arm": each, **described_sizes(own.to_numpy())}
            for each, own in counts.groupby(level="arm", sort=False)
        ],
        columns=["arm", *described_sizes(np.ones(1, dtype=int))],
    )


def described_sizes(sizes: np.ndarray) -> dict[str, object]:
    """Clusters of these ``sizes``, one or more: their number, people, mean, SD, CV, least and most."""
    sd = float(np.std(sizes, ddof=1)) if len(sizes) > 1 else np.nan
    return {
        "clusters": len(sizes),
        Stat.N.value: int(sizes.sum()),
        "mean_size": float(sizes.mean()),
        "sd_size": sd,
        "cv_size": sd / float(sizes.mean()),
        "min_size": int(sizes.min()),
        "max_size": int(sizes.max()),
    }


def refuse_single_cluster(rows: ClusteredRows, *, arm: str) -> None:
    """Refuse an arm of one cluster: its own effect cannot be told from that of the arm."""
    counts = np.bincount(rows.arm_of, minlength=len(rows.arms))
    for name, count in zip(rows.arms, counts.tolist(), strict=True):
        if count < 2:
            raise AnalysisError(
                f"{arm} {name!r} has one cluster ({rows.names[int(np.argmax(rows.arm_of == rows.arms.index(name)))]!r}): "
                "what is the cluster's and what the arm's cannot be told apart"
            )
