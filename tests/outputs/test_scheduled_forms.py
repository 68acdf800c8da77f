"""What the schedule of a plan knows of the forms is what the forms say."""

from tests.conftest import EXAMPLE
from trialkit.outputs.scheduled_forms import scheduled
from trialkit.protocol.loading import load_protocol
from trialkit.report.plan.schedule import FormUse
from trialkit.schemas.reading.loading import form_schemas


def test_every_form_of_the_example_is_scheduled_as_it_is_written() -> None:
    forms = form_schemas(EXAMPLE, load_protocol(EXAMPLE)).forms
    told = {form.id: scheduled(form) for form in forms}
    assert {name for name, each in told.items() if each.consent} == {"screening"}
    assert {name for name, each in told.items() if each.as_needed and each.repeating} == {
        "sessions", "adverse_events", "concomitant_care",
    }  # fmt: skip
    assert {name: each.use for name, each in told.items() if each.use is not FormUse.OTHER} == {
        "screening": FormUse.SCREENING,
        "randomisation": FormUse.RANDOMISATION,
        "sessions": FormUse.SESSIONS,
        "adverse_events": FormUse.HARMS,
        "end_of_study": FormUse.END_OF_STUDY,
    }
    assert told["pain"].visits == ("BL", "W6")
