"""When a form should be there: before that, nobody has left it out."""

import pandas as pd

from trialkit.protocol.trial.visits import Visit
from trialkit.schemas.forms.forms import Form, FormKind


def window_has_passed(
    visit: Visit, randomised_on: pd.Series, cut: pd.Timestamp | None
) -> pd.Series:
    """Whose window of the visit was over at the data cut; nobody's without a date."""
    if cut is None:
        return pd.Series(data=False, index=randomised_on.index)
    return randomised_on + pd.Timedelta(days=visit.target_day + visit.window.late) <= cut


def is_due(
    form: Form, last_visit: Visit, randomised_on: pd.Series, cut: pd.Timestamp | None
) -> pd.Series:
    """Of whom a form without visits should be there at the data cut.

    It is due as soon as the subject is there; the end of study once the last visit's window has
    passed.
    """
    if form.kind is FormKind.END_OF_STUDY:
        return window_has_passed(last_visit, randomised_on, cut)
    return pd.Series(data=True, index=randomised_on.index)
