"""What the cells of a row become by a mapping: codes first, then answers that move, then those that go."""

from collections.abc import Mapping

from trialkit.errors import EvidenceError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.versions.mapping import DataMapping, MovedItem


def mapped(
    cells: Mapping[str, str], mapping: DataMapping, form: Form, data: DataFormat
) -> Mapping[str, str]:
    """The texts by item after it; none where nothing stands.

    Raises :class:`EvidenceError` where an answer cannot be converted, or two would stand in one place.
    """
    now = dict(cells)
    for each in mapping.codes:
        if each.form == form.id and now.get(each.item):
            codes = codes_in(now[each.item], form.item(each.item))
            if each.code in codes:
                now[each.item] = " ".join(each.to if code == each.code else code for code in codes)
    leaving = {each.item: now.pop(each.item, "") for each in mapping.moved if each.form == form.id}
    for dropped in mapping.dropped:
        if dropped.form == form.id:
            now.pop(dropped.item, None)
    for moved in mapping.moved:
        text = leaving[moved.item] if moved.form == form.id else ""
        if text and now.get(moved.to):
            raise EvidenceError(
                f"{moved.to} holds an answer already, so that {moved.item} cannot be moved there; drop one of "
                "them"
            )
        if text:
            now[moved.to] = _converted(text, moved, data)
    return now


def codes_in(text: str, item: Item) -> list[str]:
    """The codes that a cell holds: several of an item that takes several."""
    if item.kind.nature is not Nature.CODES:
        return [text.strip()]
    return text.replace(";", " ").replace(",", " ").split()


def _converted(text: str, moved: MovedItem, data: DataFormat) -> str:
    """An answer in the other unit; a missing code stays."""
    if moved.factor == 1 or text.strip() in {each.code for each in data.all_missing_codes}:
        return text
    try:
        number = float(text.strip().replace(data.decimal, "."))
    except ValueError:
        raise EvidenceError(
            f"{moved.item} holds {text[:40]!r}, which is no number and cannot be converted; correct it first"
        ) from None
    return f"{number * moved.factor:.10g}".replace(".", data.decimal)
