"""What the schedule of a plan needs to know of the trial's forms."""

from trialkit.report.plan.schedule import FormUse, ScheduledForm
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Purpose

_USES = {
    FormKind.SCREENING: FormUse.SCREENING,
    FormKind.RANDOMISATION: FormUse.RANDOMISATION,
    FormKind.SESSIONS: FormUse.SESSIONS,
    FormKind.ADVERSE_EVENTS: FormUse.HARMS,
    FormKind.SERIOUS_EVENTS: FormUse.HARMS,
    FormKind.END_OF_STUDY: FormUse.END_OF_STUDY,
}


def scheduled(form: Form) -> ScheduledForm:
    """What a form is for, when it is filled in and how often."""
    return ScheduledForm(
        label=form.title,
        visits=form.visits,
        use=_USES.get(form.kind, FormUse.OTHER),
        as_needed=form.expected is Expected.AS_NEEDED,
        repeating=form.repeating,
        arms=form.arms,
        rows_for=tuple(form.item(each).label for each in form.one_row_for),
        consent=form.item_for(Purpose.CONSENT_DATE) is not None,
    )
