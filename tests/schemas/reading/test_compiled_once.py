"""An expression is compiled once in a run, when the forms are read, and never while data are judged."""

from pathlib import Path

import pytest

from trialkit.protocol.loading import load_protocol
from trialkit.schemas.forms.declared import declared
from trialkit.schemas.reading import conditions
from trialkit.schemas.reading.loading import form_schemas
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate

EXAMPLE = Path(__file__).parents[3] / "example_trial"


@pytest.fixture
def compiled(monkeypatch):
    """The form and text of each expression, as it is compiled."""
    texts = []
    for name in ("condition", "calculation"):
        original = getattr(conditions, name)

        def counted(text, scope, original=original):
            texts.append((scope.form.id, text))
            return original(text, scope)

        monkeypatch.setattr(conditions, name, counted)
    return texts


def test_each_expression_of_a_form_is_compiled_once(compiled):
    schemas = form_schemas(EXAMPLE, load_protocol(EXAMPLE))

    assert len(compiled) > 40
    assert len(compiled) == len(set(compiled))
    for form in schemas.forms:
        for text in (
            *(rule.expression for rule in form.rules),
            *(i.shown_when for i in form.items),
        ):
            assert not text or form.conditions[text].text == text
        for follows in declared(form, schemas.forms):
            assert follows.expression in form.conditions


def test_judging_a_trial_compiles_nothing(compiled):
    trial = open_trial(EXAMPLE)
    before = len(compiled)
    validate(trial)

    assert len(compiled) == before
