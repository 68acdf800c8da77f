"""Clusters against arms: who must be in one, who cannot be, and which are of one arm."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, as_text, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Item, Purpose, Schemas, Severity


def check_clusters(
    schemas: Schemas,
    protocol: Protocol,
    *,
    people: pd.DataFrame,
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Nothing where the protocol has no clusters; whose arm is not known is not asked about.

    No message names an arm, since sites read them.
    """
    clusters = protocol.clusters
    if clusters is None:
        return ()
    arms = people.dropna(subset=["arm"]).set_index("subject_id")["arm"]
    has = arms.isin(clusters.arms or protocol.arm_codes)
    return tuple(
        hits
        for form in schemas.forms
        if form.key == ("subject_id",) and (item := form.item_for(Purpose.CLUSTER)) is not None
        for hits in _of_item(item, cells[form.id], arms, has, clusters)
    )


def _of_item(
    item: Item, cells: CheckedCells, arms: pd.Series, has_clusters: pd.Series, clusters: Clusters
) -> Iterator[Hits]:
    """What is found in an item; ``arms`` and whether each ``has_clusters`` are by subject."""
    form, at, data = cells.form, cells.rows, cells.data
    subjects = data.values["subject_id"].iloc[at]
    arm = as_text(arms.reindex(subjects).reset_index(drop=True))
    has = has_clusters.reindex(subjects).fillna(value=False).to_numpy(dtype=bool)
    named = as_text(data.values[item.id].iloc[at].mask(cells.wrong[item.id][at]))
    named = named.reset_index(drop=True)
    asked = item.required or bool(item.required_when)  # a blank is found by that
    lacks = has & cells.blank[item.id][at] & (not asked)

    def found(
        rows: np.ndarray, says: Callable[[pd.Series], pd.Series], rule: BuiltIn, severity: Severity
    ) -> tuple[Hits, ...]:
        return hits_at_rows(
            form, data, at[rows], says, item=item.id, rule_id=rule.value, severity=severity
        )

    yield from found(
        lacks,
        lambda entered: pd.Series(
            f"{item.label}: no {clusters.label} is entered for this participant, who should be in one. "
            "Enter it, or confirm that it is not known: an analysis of clusters leaves the participant out.",
            index=entered.index,
            dtype="str",
        ),
        BuiltIn.NO_CLUSTER,
        Severity.SOFT,
    )
    yield from found(
        (arm != "").to_numpy() & ~has & (named != "").to_numpy(),
        lambda entered: (
            f"{item.label}: "
            + shown(entered)
            + f" is entered for a participant who should be in no {clusters.label}. Correct it, or the "
            "subject, or confirm it."
        ),
        BuiltIn.CLUSTER_NOT_EXPECTED,
        Severity.SOFT,
    )
    if clusters.randomised:
        known = pd.DataFrame({"cluster": named, "arm": arm}).replace("", pd.NA)
        mixed = known.groupby("cluster")["arm"].transform("nunique") > 1
        yield from found(
            (mixed.fillna(value=False) & known["arm"].notna()).to_numpy(dtype=bool),
            lambda entered: (
                f"{item.label}: "
                + shown(entered)
                + f" has participants of several arms, and {clusters.plural} were allocated whole. Correct "
                "it, or the arm that is wrong; names are to be unique over the arms."
            ),
            BuiltIn.CLUSTER_IN_TWO_ARMS,
            Severity.HARD,
        )
