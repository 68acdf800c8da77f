"""Groups of participants who have something in common that the analysis must allow for."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """What the clusters of a trial are: classes, clinics, therapists.

    The item with the purpose ``cluster`` says to which a participant belongs.
    """

    label: str
    """One of them, such as ``group class``."""
    plural: str
    randomised: bool
    """Whether clusters were allocated, with everybody in them, rather than participants."""
    arms: tuple[str, ...] = ()
    """The arms whose participants are in clusters, such as classes against single care; all if empty."""

    def __post_init__(self) -> None:
        if not self.label.strip() or not self.plural.strip():
            raise ProtocolError("label and plural name one cluster and several; neither is blank")
        if self.randomised and self.arms:
            raise ProtocolError(
                "clusters that were allocated are in every arm; leave arms out, or say randomised = false"
            )
