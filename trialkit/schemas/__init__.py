"""Forms: what is asked, how it is read from files, which rules it must keep, and the one gate."""

from trialkit.schemas.forms.forms import Form, FormKind, Item, Rule, Schemas, Severity
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

__all__ = [
    "Form",
    "FormKind",
    "Item",
    "ItemChoice",
    "ItemType",
    "Range",
    "Rule",
    "Schemas",
    "Severity",
]
