"""The data file of a form in which nobody has a row."""

from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form


def empty_table(form: Form, data: DataFormat) -> str:
    """The heading alone: it says that there is nothing to enter, and not that it was lost."""
    return data.delimiter.join(form.entered) + "\n"
