"""What tells an arm is kept in a table of its own, and nowhere else."""

import sqlalchemy as sa

from tests.evidence.world_of_people import with_arms
from trialkit.evidence.database.people_tables import SEALED_ROW
from trialkit.evidence.log.tables import FORM_ROW
from trialkit.evidence.standing.keeping_rows import apart


def test_cells_are_taken_apart():
    seen, sealed = apart({"day": "1", "arm": "EG", "note": None}, frozenset({"arm"}))

    assert seen == {"day": "1", "note": None}
    assert sealed == {"arm": "EG"}


def test_row_beside_an_arm_does_not_hold_it(kept):
    with_arms(kept.store, lambda subject: f"ARM {subject}")

    with kept.store.by("fay").reading() as connection:
        rows = connection.execute(sa.select(FORM_ROW.c.cells).where(FORM_ROW.c.form == "arms"))
        sealed = connection.execute(sa.select(SEALED_ROW.c.subject_id, SEALED_ROW.c.cells)).all()
        texts = rows.scalars().all()

    assert all("ARM" not in text and "2026-03-02" in text for text in texts)
    assert dict(sealed) == {subject: f'{{"arm":"ARM {subject}"}}' for subject in ("N1", "S1", "N2")}
