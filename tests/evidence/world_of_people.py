"""A small store with people in roles at two sites, and an arm in a form, on either engine."""

from collections.abc import Callable

from tests.evidence.world import START, Kept
from trialkit.evidence.database.opening import Store, postgres_store
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, LogEnd, Occasion, entries
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin
from trialkit.evidence.writing.granting import grant
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.roles import TrialRole

ANN = Actor(person="ann", printed_name="Ann Miller", role="data manager")
BEN = Actor(person="ben", printed_name="Ben Okoro", role="coordinator", site="north")
CLEO = Actor(person="cleo", printed_name="Cleo Papas", role="coordinator", site="south")
DAN = Actor(person="dan", printed_name="Dan Weiss", role="unblinded statistician")
EVE = Actor(person="eve", printed_name="Eve Stone", role="blinded statistician")
FAY = Actor(person="fay", printed_name="Fay Lund", role="data manager")
ROLES = {
    BEN: TrialRole.COORDINATOR,
    CLEO: TrialRole.COORDINATOR,
    DAN: TrialRole.UNBLINDED_STATISTICIAN,
    EVE: TrialRole.BLINDED_STATISTICIAN,
    FAY: TrialRole.DATA_MANAGER,
}


def by(author: Actor, minute: int = 0, door: Door = Door.ENTRY) -> Occasion:
    from datetime import timedelta

    return Occasion(author=author, at=START + timedelta(minutes=minute), door=door)


def begun(store: Store) -> None:
    """Ann begins, opens two forms of which one holds an arm, and grants everybody a role."""
    begin(store, trial="ISRCTN00000000", occasion=by(ANN))
    forms = {"pain": ["subject_id", "visit", "vas"], "arms": ["subject_id", "day", "arm"]}
    append(
        store,
        entries(
            [
                {"action": EventAction.FORM_OPENED, "form": "pain",
                 "details": canonical({"columns": forms["pain"]})},
                {"action": EventAction.FORM_OPENED, "form": "arms",
                 "details": canonical({"columns": forms["arms"], "withheld": ["arm"]})},
            ]
        ),
        by(ANN),
    )  # fmt: skip
    for minute, (each, role) in enumerate(ROLES.items(), start=1):
        grant(
            store, each.person, by(ANN, minute), printed_name=each.printed_name, role=role,
            site=each.site, arms=False,
        )  # fmt: skip


def entered(subject: str, vas: str) -> list[dict[str, object]]:
    place = {"form": "pain", "subject_id": subject, "visit": "week_0"}
    return [
        {"action": EventAction.ROW_ADDED, **place},
        {"action": EventAction.FILLED, **place, "item": "vas", "new": vas},
    ]


def allocated(subject: str, arm: str) -> list[dict[str, object]]:
    place = {"form": "arms", "subject_id": subject}
    return [
        {"action": EventAction.ROW_ADDED, **place},
        {"action": EventAction.FILLED, **place, "item": "day", "new": "2026-03-02"},
        {"action": EventAction.FILLED, **place, "item": "arm", "new": arm},
    ]


def form_of_some_arms() -> dict[str, object]:
    """Injections, which one arm alone has: that somebody has a row of it tells the arm."""
    details = canonical({"columns": ["subject_id", "dose"], "withheld": [""]})
    return {"action": EventAction.FORM_OPENED, "form": "injections", "details": details}


def injected(subject: str) -> list[dict[str, object]]:
    place = {"form": "injections", "subject_id": subject}
    return [
        {"action": EventAction.ROW_ADDED, **place},
        {"action": EventAction.FILLED, **place, "item": "dose", "new": "5"},
    ]


def with_two_sites(store: Store) -> LogEnd:
    """A participant at each site, entered there."""
    begun(store)
    append(store, entries(entered("N1", "57")), by(BEN, 10))
    return append(store, entries(entered("S1", "31")), by(CLEO, 11))


def with_arms(store: Store, arms: Callable[[str], str]) -> LogEnd:
    """The same, and somebody who may read arms enters those of three participants."""
    with_two_sites(store)
    unblinded = Actor(person="fay", printed_name="Fay Lund", role="data manager")
    grant(
        store, "fay", by(ANN, 12), printed_name="Fay Lund", role=TrialRole.DATA_MANAGER, arms=True
    )
    said = [entry for each in ("N1", "S1", "N2") for entry in allocated(each, arms(each))]
    return append(store, entries(said), by(unblinded, 13))


def logged_in(kept: Kept, person: str) -> Store:
    """The store as this person opens it: on a server by their own login."""
    if kept.path is not None:
        return kept.store.by(person)
    store = postgres_store(kept.application_url.replace("//ann@", f"//{person}@")).by(person)
    kept.opened.append(store)
    return store
