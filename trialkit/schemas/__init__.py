"""Forms: what is asked, how it is read from files, which rules it must keep, and the one gate."""

from trialkit.schemas.forms.forms import (
    Form,
    FormKind,
    Item,
    ItemChoice,
    ItemType,
    Range,
    Rule,
    Schemas,
    Severity,
)

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
