"""What every monitor expects to be found, beyond what the forms say; each rule is off where it has nothing.

Whoever, what and when beside each other: participants and their sites, consent, arms and ends; rows of
a form beside the other rows of a participant; and each number beside all others.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.others import Others
from trialkit.checks.trial.blank_answers import check_blank_answers
from trialkit.checks.trial.consent import check_consent
from trialkit.checks.trial.contradictions import check_contradictions
from trialkit.checks.trial.copies import check_copies
from trialkit.checks.trial.ends import check_ends
from trialkit.checks.trial.event_logs import check_event_logs
from trialkit.checks.trial.received import check_received
from trialkit.checks.trial.sessions import check_sessions
from trialkit.checks.trial.sides import check_sides
from trialkit.checks.trial.site_names import check_site_names
from trialkit.checks.trial.steady import check_steady
from trialkit.checks.trial.units import check_units
from trialkit.protocol.trial.protocol import Protocol


def check_what_monitors_expect(
    others: Others,
    protocol: Protocol,
    *,
    people: pd.DataFrame,
    sites: Mapping[str, str],
    found: Sequence[Hits],
) -> tuple[Hits, ...]:
    """All of it; ``sites`` are those of the subjects, ``found`` is what earlier phases found."""
    schemas, cells = others.schemas, others.cells
    hits = [
        *check_site_names(
            schemas, protocol, subjects=people["subject_id"], sites=sites, found=found
        ),
        *check_consent(schemas, people=people, cells=cells, found=found),
        *check_received(schemas, people=people, cells=cells),
        *check_ends(schemas, people=people, cells=cells),
        *check_contradictions(schemas, cells),
        *check_event_logs(schemas, protocol, people=people, cells=cells),
    ]
    for form in schemas.forms:
        hits += check_sessions(cells[form.id])
        hits += check_copies(cells[form.id])
        hits += check_blank_answers(cells[form.id], others)
        hits += check_steady(cells[form.id])
        hits += check_sides(cells[form.id])
        hits += check_units(cells[form.id])
    return tuple(hits)
