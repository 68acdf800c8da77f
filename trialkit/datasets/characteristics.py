"""What participants were like before the trial changed anything: the rows of the baseline table."""

import pandas as pd

from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.protocol.trial.people import Characteristic
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.kind import Describes, Nature

COLUMNS = ["subject_id", "arm", "characteristic", "value", "category", "rank"]


def derive_characteristics(
    sources: Sources, protocol: Protocol, subjects: pd.DataFrame
) -> pd.DataFrame:
    """Each randomised participant's baseline characteristics; columns as in Datasets."""
    people = randomised(subjects)[["subject_id", "arm"]]
    each = [_of(row, people, sources, protocol) for row in protocol.characteristics]
    if not each:
        return people.assign(
            characteristic="", value=float("nan"), category=None, rank=float("nan")
        )[COLUMNS].iloc[:0]
    together = pd.concat(each, ignore_index=True)[COLUMNS]
    order = list(dict.fromkeys(together["characteristic"]))
    return together.assign(
        characteristic=pd.Categorical(together["characteristic"], categories=order, ordered=True)
    )


def _of(
    row: Characteristic, people: pd.DataFrame, sources: Sources, protocol: Protocol
) -> pd.DataFrame:
    form = sources.schemas.form(row.form)
    item = form.item(row.item)
    data = sources.snapshot[form.id].values
    if form.visits:
        data = data[data["visit"] == (row.visit or protocol.baseline.code)]
    answers = data.loc[data["subject_id"].notna(), ["subject_id", row.item]]
    joined = people.merge(answers, on="subject_id", how="left", validate="one_to_one")
    values = joined[row.item]
    number = item.kind.describes is Describes.BY_NUMBERS
    labels = {choice.code: choice.label for choice in item.choices}
    if item.kind.nature is Nature.TRUTH:
        text = values.map({True: "Yes", False: "No"}, na_action="ignore")
    else:
        text = values.astype("object").map(lambda v: labels.get(v, v), na_action="ignore")
    ranks = {"No": 0, "Yes": 1} if item.kind.nature is Nature.TRUTH else _ranks(item)
    return joined.assign(
        characteristic=f"{row.form}.{row.item}",
        value=values.astype("Float64").astype("float64") if number else float("nan"),
        category=None if number else text.astype("object"),
        rank=float("nan") if number else text.map(ranks).astype("float64"),
    )


def _ranks(item: Item) -> dict[str, int]:
    """The place of each label among the item's choices."""
    return {choice.label: number for number, choice in enumerate(item.choices)}
