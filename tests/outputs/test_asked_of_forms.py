"""What shells know of the forms is what the forms ask, and no answer."""

from dataclasses import replace

from tests.conftest import EXAMPLE
from trialkit.outputs.asked_of_forms import WRITTEN, asked_of
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.people import Characteristic
from trialkit.results.harms import EventFact
from trialkit.schemas.forms.forms import FormKind, Schemas
from trialkit.schemas.reading.loading import form_schemas

PROTOCOL = load_protocol(EXAMPLE)
SCHEMAS = form_schemas(EXAMPLE, PROTOCOL)


def test_characteristics_are_numbers_or_have_the_answers_that_there_are() -> None:
    asked = asked_of(SCHEMAS, PROTOCOL).characteristics
    assert asked["demographics.age_years"].categories is None
    assert asked["demographics.sex"].categories == ("Female", "Male")
    written = replace(
        PROTOCOL, characteristics=(Characteristic(form="screening", item="not_enrolled_detail"),)
    )
    (free,) = asked_of(SCHEMAS, written).characteristics.values()
    assert free.categories == (WRITTEN,)


def test_harms_have_what_their_form_asks() -> None:
    harms = asked_of(SCHEMAS, PROTOCOL).harms
    assert harms is not None
    assert harms.facts == frozenset(EventFact)
    assert harms.severities == ("Mild", "Moderate", "Severe")
    assert harms.terms == ()
    others = tuple(each for each in SCHEMAS.forms if each.kind is not FormKind.ADVERSE_EVENTS)
    assert asked_of(replace(SCHEMAS, forms=others), PROTOCOL).harms is None


def test_the_flow_has_the_reasons_that_the_forms_list() -> None:
    flow = asked_of(SCHEMAS, PROTOCOL).flow
    assert flow.not_enrolled == (
        "Did not meet the eligibility criteria", "Declined to take part", "Other reasons",
    )  # fmt: skip
    assert flow.received
    assert flow.discontinued
    nothing = asked_of(Schemas(forms=(), data=SCHEMAS.data), replace(PROTOCOL, characteristics=()))
    assert not nothing.flow.received
    assert nothing.flow.lost == ()
