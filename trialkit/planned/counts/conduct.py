"""The trial's days and what came before, read off the datasets."""

from datetime import date

import pandas as pd

from trialkit.datasets.flags import is_yes
from trialkit.datasets.model import Datasets
from trialkit.results.conduct import Conduct


def observe_conduct(datasets: Datasets) -> Conduct:
    """The first and last days of screening, randomisation and follow-up, and the events before randomisation."""
    subjects = datasets.subjects
    randomised = subjects[subjects["randomised"].astype(bool)]
    days = randomised["randomisation_date"].dropna()
    return Conduct(
        first_screened=_day(subjects["screening_date"].dropna().min()),
        first_randomised=_day(days.min()),
        last_randomised=_day(days.max()),
        last_followed=_day(randomised["end_date"].dropna().max()),
        events_before_randomisation=int(
            is_yes(datasets.adverse_events["before_randomisation"]).sum()
        ),
    )


def _day(known: object) -> date | None:
    return None if pd.isna(known) else pd.Timestamp(known).date()  # type: ignore[call-overload, arg-type]
