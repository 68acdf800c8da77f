"""The names that no form can have, since a file of that name beside the forms' means another thing."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.schemas.forms.not_done import NOT_DONE

CHANGES = "changes"
RESERVED: Mapping[str, str] = MappingProxyType(
    {
        NOT_DONE: "says what was not done, and why",
        CHANGES: "keeps which values were changed, by whom and why",
    }
)
"""By name, what ``data/<name>.csv`` does instead."""
