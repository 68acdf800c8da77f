"""A change from one version of the forms to the next, and what it does to data entered before."""

from dataclasses import dataclass
from enum import StrEnum


class ChangeWeight(StrEnum):
    """What has to happen to data entered by the older version."""

    SAFE = "safe"
    """They mean under the newer version what they meant, and none becomes wrong by it."""
    NEEDS_MAPPING = "needs a mapping"
    """Somebody has to say what they mean under the newer version, or that they mean the same."""
    DESTRUCTIVE = "destructive"
    """The newer version has no place for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionChange:
    """Something that two versions of the forms say differently."""

    weight: ChangeWeight
    form: str
    """Its id; blank of what holds for all forms."""
    item: str
    """Its id; blank of what holds for the form."""
    what: str
    """What of it changed, such as ``choices`` or ``range``."""
    before: str
    after: str
    why: str
    """What the change does to data entered before, in words."""
    code: str = ""
    """That of the choice, or of the missing reason, that it is about; blank of any other change."""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return ".".join(part for part in (self.form, self.item) if part) or "all forms"
