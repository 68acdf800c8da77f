"""What the forms of a trial ask, as the shells of its tables need to know it: no data are read."""

from collections.abc import Iterable

from trialkit.datasets.characteristics import characteristic_kinds
from trialkit.datasets.collected import FACTS
from trialkit.datasets.model import CharacteristicKind
from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.plan.shells.asked import (
    AskedCharacteristic,
    AskedFlow,
    AskedForms,
    AskedHarms,
)
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas

WRITTEN = "Each answer, as it is written"
"""The category that stands for those of free text."""


def asked_of(schemas: Schemas, protocol: Protocol) -> AskedForms:
    """What the forms ask of the protocol's characteristics, of harms, and of the flow."""
    kinds = characteristic_kinds(schemas, protocol)
    return AskedForms(
        characteristics={name: _answers(kind) for name, kind in kinds.items()},
        levels={
            outcome.code: tuple(choice.label for choice in item.choices)
            for outcome in protocol.outcomes
            if outcome.kind.values is Values.LEVEL
            for item in [schemas.form(outcome.form).item(outcome.item)]
        },
        harms=_harms(schemas.of_kind(FormKind.ADVERSE_EVENTS)),
        flow=_flow(schemas.forms),
    )


def _answers(kind: CharacteristicKind) -> AskedCharacteristic:
    if kind.is_number:
        return AskedCharacteristic()
    labels = tuple(kind.labels.values())
    return AskedCharacteristic(categories=labels or (WRITTEN,), several=kind.several)


def _harms(form: Form | None) -> AskedHarms | None:
    if form is None:
        return None
    return AskedHarms(
        facts=frozenset(
            fact for fact, purpose in FACTS.items() if form.item_for(purpose) is not None
        ),
        severities=_labels((form,), Purpose.EVENT_SEVERITY),
        terms=_labels((form,), Purpose.EVENT_TERM),
        arms=form.arms,
    )


def _flow(forms: tuple[Form, ...]) -> AskedFlow:
    return AskedFlow(
        not_enrolled=_labels(forms, Purpose.NOT_ENROLLED_REASON),
        received=_is_asked(forms, Purpose.ARM_RECEIVED),
        not_received=_labels(forms, Purpose.NOT_RECEIVED_REASON),
        discontinued=_is_asked(forms, Purpose.DISCONTINUED),
        discontinuation=_labels(forms, Purpose.DISCONTINUATION_REASON),
        lost=_labels(forms, Purpose.END_REASON),
    )


def _is_asked(forms: Iterable[Form], purpose: Purpose) -> bool:
    return any(form.item_for(purpose) is not None for form in forms)


def _labels(forms: Iterable[Form], purpose: Purpose) -> tuple[str, ...]:
    """The answers that forms list for the item of a purpose, each once."""
    items = (form.item_for(purpose) for form in forms)
    labels = (choice.label for item in items if item is not None for choice in item.choices)
    return tuple(dict.fromkeys(labels))
