"""Groups of participants who have something in common that the analysis must allow for."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedClusters:
    """Clusters that were assessed for eligibility and not randomised, for one reason."""

    reason: str
    count: int

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ProtocolError("reason says why clusters were excluded, and is not blank")
        if self.count < 0:
            raise ProtocolError(f"count must be 0 or more, got {self.count}")


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
    assessed: int | None = None
    """How many were assessed for eligibility before any was randomised, which no form can say."""
    excluded: tuple[ExcludedClusters, ...] = ()
    """Those of them that were not randomised, by reason."""

    def __post_init__(self) -> None:
        if not self.label.strip() or not self.plural.strip():
            raise ProtocolError("label and plural name one cluster and several; neither is blank")
        if self.randomised and self.arms:
            raise ProtocolError(
                "clusters that were allocated are in every arm; leave arms out, or say randomised = false"
            )
        self._check_assessed()

    def _check_assessed(self) -> None:
        """How many were assessed is asked of clusters that were allocated, and holds those excluded."""
        left = sum(each.count for each in self.excluded)
        if not self.randomised and (self.assessed is not None or self.excluded):
            raise ProtocolError(
                "assessed and excluded count clusters before they are randomised; leave them out where "
                "randomised = false"
            )
        if self.assessed is None and self.excluded:
            raise ProtocolError("excluded counts some of assessed, which is not given")
        if self.assessed is not None and self.assessed < left:
            raise ProtocolError(f"{left} excluded of {self.assessed} assessed")
