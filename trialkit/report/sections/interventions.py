"""The interventions of every arm, as TIDieR asks for them (CONSORT 13)."""

from trialkit.protocol.model import Arm, Intervention, Protocol
from trialkit.report.content import Block, Claim, Definition, Definitions, Source
from trialkit.report.numbers import plain
from trialkit.report.wording import is_said, listing, sentence


def interventions(protocol: Protocol) -> tuple[Block, ...]:
    """What each arm gets, and what of it the protocol leaves open."""
    described = [arm for arm in protocol.arms if arm.intervention is not None]
    if not described:
        return ()
    without = [arm.label for arm in protocol.arms if not _is_described(arm)]
    lacks = f"procedures not reported for {listing(without)}" if without else ""
    if not lacks:
        open_fields = _unreported(protocol)
        lacks = f"not reported: {listing(open_fields)}" if open_fields else ""
    claim = Claim(item="13", part="interventions of every arm", source=Source.PROTOCOL, lacks=lacks)
    return tuple(
        Definitions(
            entries=tuple(_intervention_entries(arm.intervention)),
            lead=arm.label if not arm.reference else f"{arm.label} (reference)",
            claims=(claim,) if arm is described[0] and len(without) < len(protocol.arms) else (),
        )
        for arm in described
        if arm.intervention is not None
    )


def _texts(intervention: Intervention) -> dict[str, str]:
    """What TIDieR asks for, in its order, where the protocol says it."""
    return {
        "Rationale": intervention.rationale,
        "Materials": intervention.materials,
        "Procedures": intervention.procedures,
        "Provided by": intervention.provider,
        "Delivery": intervention.delivery,
        "Place": intervention.place,
        "Dose": _dose(intervention),
        "Tailoring": intervention.tailoring,
        "Adherence": intervention.adherence,
    }


def _intervention_entries(intervention: Intervention) -> list[Definition]:
    return [
        Definition(term="Name", runs=(sentence(intervention.name),)),
        *(
            Definition(term=term, runs=(sentence(text),))
            for term, text in _texts(intervention).items()
            if text.strip()
        ),
    ]


def _dose(intervention: Intervention) -> str:
    """How much, how often and how long is planned."""
    planned = (
        (intervention.sessions, "sessions"),
        (intervention.sessions_per_week, "a week"),
        (intervention.minutes_per_session, "minutes each"),
        (intervention.weeks, "weeks"),
    )
    known = [f"{plain(amount)} {words}" for amount, words in planned if amount is not None]
    return f"Planned: {', '.join(known)}" if known else ""


def _is_described(arm: Arm) -> bool:
    return arm.intervention is not None and is_said(arm.intervention.procedures)


def _unreported(protocol: Protocol) -> list[str]:
    """The fields of any arm that say that nothing is reported."""
    found: dict[str, None] = {}
    for arm in protocol.arms:
        if arm.intervention is not None:
            for term, text in _texts(arm.intervention).items():
                if text.strip() and not is_said(text):
                    found[term.lower()] = None
    return list(found)
