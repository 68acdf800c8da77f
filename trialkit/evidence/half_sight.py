"""What judges all answers together is not for whoever sees some of them blank."""

from trialkit.errors import EvidenceError
from trialkit.evidence.opening import Store
from trialkit.evidence.sight import sight_of


def refuse_half_sight(store: Store, what: str) -> None:
    """Raise :class:`EvidenceError` where of rows that are seen an arm is kept back: it would look missing."""
    with store.reading() as connection:
        sight = sight_of(connection, store.person)
    if not sight.is_whole_where_it_is:
        raise EvidenceError(
            f"{what} reads every answer, and what tells an arm is withheld from {store.person}, so that it "
            "would be taken for missing; nothing was done. Somebody does it who reads arms: an "
            "unblinded statistician too, or a role that [data] arms_seen_by of the protocol names "
            "and that is granted after that"
        )
