"""The arms in a trial's data, by who was randomised: participants, or clusters with everybody in them."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from trialkit.datasets.sources import Sources
from trialkit.errors import TrialStep
from trialkit.schemas.forms.forms import FormKind, Purpose
from trialkit.steps.opening import open_trial
from trialkit.store.freezing import freeze


def arms_entered(folder: Path) -> Mapping[str, str] | None:
    """The arm of each participant, or of each cluster where clusters are randomised.

    None where no form asks for the arm, or nothing has been entered in it yet. A cluster with
    participants of several arms has all of them, so that none can be the one that the list gave.
    """
    trial = open_trial(folder, step=TrialStep.RANDOMISE)
    form = trial.schemas.of_kind(FormKind.RANDOMISATION)
    item = form.item_for(Purpose.ARM) if form else None
    if form is None or item is None:
        return None
    is_stored = trial.door.leads_to_a_store(trial.schemas.data)
    if not is_stored and not (folder / "data" / f"{form.id}.csv").exists():
        return None
    snapshot = freeze(trial.data.source, trial.schemas)
    values = snapshot[form.id].values.dropna(subset=[item.id])
    arms = values.set_index("subject_id")[item.id].astype("str")
    clusters = trial.protocol.clusters
    if clusters is not None and clusters.randomised:
        named = Sources(snapshot=snapshot, schemas=trial.schemas).by_subject(Purpose.CLUSTER)
        if named is None:
            return None
        arms = _by_cluster(arms, named)
    return dict(zip(arms.index.astype("str"), arms, strict=True))


def _by_cluster(arms: pd.Series, named: pd.Series) -> pd.Series:
    """The arm of each cluster that somebody is in."""
    cluster = named.reindex(arms.index).astype("object")
    there = cluster.notna()
    grouped = arms[there].groupby(cluster[there].astype("str"))
    return grouped.agg(lambda found: ", ".join(sorted(set(found))))
