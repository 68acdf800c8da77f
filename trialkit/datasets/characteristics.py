"""What participants were like before the trial changed anything: the rows of the baseline table."""

from collections.abc import Mapping

import pandas as pd

from trialkit.datasets.asking import asked
from trialkit.datasets.flags import is_no
from trialkit.datasets.model import CharacteristicKind
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.protocol.tables.meaning import meaning
from trialkit.protocol.trial.people import Characteristic
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Item, Schemas
from trialkit.schemas.items.answers import NONE_CHOSEN
from trialkit.schemas.items.kind import Describes, Nature

COLUMNS = [
    "subject_id", "arm", "characteristic", "value", "category", "not_asked", "not_applicable",
]  # fmt: skip
NONE_LABEL = "None of these"
_OF_TRUTH = {False: "no", True: "yes"}


def characteristic_kinds(schemas: Schemas, protocol: Protocol) -> Mapping[str, CharacteristicKind]:
    """How each baseline characteristic is described, in the order of the protocol."""
    return {
        _name(row): _kind(schemas.form(row.form).item(row.item)) for row in protocol.characteristics
    }


def derive_characteristics(
    sources: Sources, protocol: Protocol, subjects: pd.DataFrame
) -> pd.DataFrame:
    """Each randomised participant's baseline characteristics; columns as in Datasets."""
    people = randomised(subjects)[["subject_id", "arm"]]
    each = [_of(row, people, sources, protocol) for row in protocol.characteristics]
    if not each:
        return people.assign(
            characteristic="", value=float("nan"), category=None, not_asked=False,
            not_applicable=False,
        )[COLUMNS].iloc[:0]  # fmt: skip
    together = pd.concat(each, ignore_index=True)[COLUMNS]
    order = [_name(row) for row in protocol.characteristics]
    return together.assign(
        characteristic=pd.Categorical(together["characteristic"], categories=order, ordered=True)
    )


def _name(row: Characteristic) -> str:
    return f"{row.form}.{row.item}"


def _kind(item: Item) -> CharacteristicKind:
    """Yes comes after no, so that no is what it is compared with.

    That none of several choices applies is a category, too, where no choice says so by itself.
    """
    labels = {choice.code: choice.label for choice in item.offered}
    if item.kind.nature is Nature.TRUTH:
        labels = {code: labels[code] for code in _OF_TRUTH.values()}
    if item.kind.nature is Nature.CODES and not any(choice.alone for choice in item.choices):
        said = {meaning(label) for label in labels.values()}
        labels |= {} if meaning(NONE_LABEL) in said else {NONE_CHOSEN: NONE_LABEL}
    return CharacteristicKind(
        is_number=item.kind.describes is Describes.BY_NUMBERS,
        several=item.kind.describes is Describes.BY_CHOICES,
        labels=labels,
        unit=item.unit,
    )


def _of(
    row: Characteristic, people: pd.DataFrame, sources: Sources, protocol: Protocol
) -> pd.DataFrame:
    form = sources.schemas.form(row.form)
    item = form.item(row.item)
    data = sources.snapshot[form.id]
    entered = data.values[list(form.key)].assign(
        entered=data.values[item.id], code=data.codes[item.id]
    )
    if form.visits:
        people = people.assign(visit=row.visit or protocol.baseline.code)
    named = entered[entered["subject_id"].notna()]
    joined = people.merge(named, on=list(form.key), how="left", validate="one_to_one")
    lacking = joined["entered"].isna()
    no_value = [each.code for each in sources.schemas.data.all_missing_codes if each.not_applicable]
    number = item.kind.describes is Describes.BY_NUMBERS
    not_asked = lacking & is_no(asked(item, form, joined, sources))
    return joined.assign(
        characteristic=_name(row),
        value=joined["entered"].astype("Float64").astype("float64") if number else float("nan"),
        category=None if number else _category(joined["entered"], item),
        not_asked=not_asked,
        not_applicable=lacking & ~not_asked & joined["code"].isin(no_value),
    )


def _category(values: pd.Series, item: Item) -> pd.Series:
    """Codes, or the text of an item without choices."""
    if item.kind.nature is Nature.CODES:
        return values.astype("object").replace("", NONE_CHOSEN)
    if item.kind.nature is Nature.TRUTH:
        return values.map(_OF_TRUTH, na_action="ignore").astype("object")
    return values.astype("object")
