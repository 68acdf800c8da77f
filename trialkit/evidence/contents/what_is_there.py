"""What stands within a reach: whether anything does, and which participants a site has."""

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.tables import FORM_ROW
from trialkit.evidence.people.sight import Sight


def refuse_nothing(connection: sa.Connection, reach: Reach, sight: Sight) -> None:
    """Raise :class:`EvidenceError` where no row that is seen is within the reach."""
    asked = sa.select(FORM_ROW.c.form, FORM_ROW.c.subject_id).where(reach.of(FORM_ROW)).distinct()
    if not any(sight.sees(form, subject) for form, subject in connection.execute(asked)):
        raise EvidenceError(
            f"{reach.told}: nothing was entered there; look at how participant, visit and form are "
            "written"
        )


def with_subjects(connection: sa.Connection, reach: Reach, site_item: tuple[str, str]) -> Reach:
    """The site with the participants that it has now."""
    form, item = site_item
    if not form:
        raise EvidenceError(
            f"site {reach.site}: no form of this trial says to which site a participant belongs; hold "
            "the participants, or the database"
        )
    rows = connection.execute(
        sa.select(FORM_ROW.c.subject_id, FORM_ROW.c.cells).where(FORM_ROW.c.form == form)
    ).all()
    subjects = {
        subject for subject, cells in rows if kept_object(cells, of=form).get(item) == reach.site
    }
    if not subjects:
        raise EvidenceError(f"site {reach.site}: has no participant; look at how it is written")
    return Reach(site=reach.site, subjects=tuple(sorted(subjects)))
