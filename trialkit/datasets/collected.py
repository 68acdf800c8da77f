"""Which counts have a source: what the forms of the trial ask, and whom.

Where no form, item or purpose feeds a count, nobody was asked, and that is not none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trialkit.checks.deviations.kinds import DeviationKind
from trialkit.datasets.sources import Sources
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.harms import EventFact
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Purpose

FACTS = {
    EventFact.SERIOUS: Purpose.EVENT_SERIOUS,
    EventFact.RELATED: Purpose.EVENT_RELATED,
    EventFact.LED_TO_WITHDRAWAL: Purpose.EVENT_LED_TO_WITHDRAWAL,
    EventFact.SEVERITY: Purpose.EVENT_SEVERITY,
    EventFact.TERM: Purpose.EVENT_TERM,
    EventFact.START: Purpose.EVENT_START,
}
"""The item that tells each fact of an event."""
_DEVIATIONS = {
    DeviationKind.NOT_ELIGIBLE: frozenset({Purpose.ELIGIBLE}),
    DeviationKind.OTHER_ARM: frozenset({Purpose.ARM_RECEIVED}),
    DeviationKind.NO_CARE: frozenset({Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON}),
}
"""The items of which any shows a deviation; the others of the data need none, or a visit's date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCollected:
    """What no form of the trial asks for; by default it asks for everything.

    ``harms``, ``care``, ``deviations`` and ``sessions`` are the arms whose participants have no
    such form; the others are of the forms that there are.
    """

    harms: frozenset[str] = frozenset()
    facts: frozenset[EventFact] = frozenset()
    """What the form for harms does not ask of an event."""
    care: frozenset[str] = frozenset()
    care_term: bool = False
    """Whether other care is recorded, and not which."""
    deviations: frozenset[str] = frozenset()
    """The arms of which nobody records deviations that the data do not show themselves."""
    shown: tuple[str, ...] = ()
    """The deviations that the data would show, if the forms asked; by what they are called."""
    sessions: frozenset[str] = frozenset()
    attended: bool = False
    """Whether sessions are logged, and not whether the participant came."""
    intercurrent: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """By intercurrent event, the arms whose participants nobody asks whether it happened."""


EVERYTHING = NotCollected()


def not_collected(sources: Sources, protocol: Protocol) -> NotCollected:
    """What the forms of the trial leave out."""
    of_kind = sources.schemas.of_kind
    harms, care = of_kind(FormKind.ADVERSE_EVENTS), of_kind(FormKind.CONCOMITANT_CARE)
    sessions = of_kind(FormKind.SESSIONS)
    return NotCollected(
        harms=_without(harms, protocol),
        facts=frozenset(fact for fact, purpose in FACTS.items() if not _asks(harms, purpose)),
        care=_without(care, protocol),
        care_term=not _asks(care, Purpose.TREATMENT_TERM),
        deviations=_without(of_kind(FormKind.DEVIATIONS), protocol),
        shown=tuple(kind.value for kind in not_shown(sources)),
        sessions=_without(sessions, protocol),
        attended=not _asks(sessions, Purpose.ATTENDED),
        intercurrent={
            event.code: _not_asked_of(event, sources, protocol)
            for event in protocol.intercurrent_events
        },
    )


def _not_asked_of(
    event: IntercurrentEventAsked, sources: Sources, protocol: Protocol
) -> frozenset[str]:
    """The arms of which no form, or one that is expected and that nobody filled in, asks for an event."""
    form = sources.schemas.form(event.form) if event.recorded_by else None
    empty = form is not None and sources.snapshot[form.id].values.empty
    if form is not None and empty and form.expected is not Expected.AS_NEEDED:
        form = None
    return _without(form, protocol)


def _without(form: Form | None, protocol: Protocol) -> frozenset[str]:
    """The arms whose participants do not have the form."""
    if form is None:
        return frozenset(protocol.arm_codes)
    return frozenset(protocol.arm_codes) - frozenset(form.arms or protocol.arm_codes)


def _asks(form: Form | None, purpose: Purpose) -> bool:
    return form is not None and form.item_for(purpose) is not None


def not_shown(sources: Sources) -> Iterator[DeviationKind]:
    """The deviations that the data would show, if any form asked for what does."""
    for kind, purposes in _DEVIATIONS.items():
        if not purposes & sources.asked:
            yield kind
    if not any(form.visits and _asks(form, Purpose.VISIT_DATE) for form in sources.schemas.forms):
        yield DeviationKind.OUT_OF_WINDOW
