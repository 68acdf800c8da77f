"""Intercurrent events: what may happen after randomisation, and which item records that it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.imputing_method import MISSING
from trialkit.protocol.trial.at_risk import DateAsked, refuse_no_item


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercurrentEventAsked:
    """An event that changes what later values mean, and where a form records it.

    Either an item asks for its day, or an item of a form that is filled in at visits asks whether
    it happened. Of an event with neither nothing is known: it is not collected.
    """

    code: str
    label: str
    date: str = ""
    """The item that asks for its day, as ``form.item``."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """By item of that form, the codes of the rows that count."""
    item: str = ""
    """The item (``form.item``) that asks at visits whether it happened."""
    codes: tuple[str, ...] = ()
    """The codes of that item which say that it did."""
    from_visit: str = ""
    """The first visit that can be affected; blank for the first after baseline."""

    def __post_init__(self) -> None:
        if self.code == MISSING:
            raise ProtocolError(
                f"code {MISSING!r} stands in 'after' of an imputation for the last visits without any "
                "value; give the event another code"
            )
        if self.date and self.item:
            raise ProtocolError(
                "an event is recorded by its date or by an item at visits, not both"
            )
        if self.date:
            refuse_no_item("date", self.date)
        if self.item:
            refuse_no_item("item", self.item)
        if self.where and not self.date:
            raise ProtocolError("where picks rows of the form of date, and there is no date")
        if bool(self.item) != bool(self.codes):
            raise ProtocolError(
                "item and codes belong together: which answers say that it happened"
            )

    @property
    def recorded_by(self) -> str:
        """The item that says that it happened, as ``form.item``; blank where there is none."""
        return self.date or self.item

    @property
    def form(self) -> str:
        """The form of that item."""
        return self.recorded_by.partition(".")[0]

    @property
    def asked(self) -> str:
        """That item in its form."""
        return self.recorded_by.partition(".")[2]

    @property
    def picks(self) -> Mapping[str, tuple[str, ...]]:
        """By item of that form, the codes by which a row says that it happened; none for any row."""
        return {self.asked: self.codes} if self.item else self.where

    @property
    def day(self) -> DateAsked | None:
        """Where its day is asked for; None where it is not."""
        return DateAsked(date=self.date, where=self.where) if self.date else None
