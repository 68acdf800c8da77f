import pytest

from tests.evidence.writing.test_holding import with_sites
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.what_is_there import refuse_nothing, with_subjects
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.people.sight import sight_of


def test_site_is_its_participants(kept):
    with_sites(kept.store)

    with kept.store.reading() as connection:
        found = with_subjects(connection, Reach(site="S"), ("who", "site"))
        refuse_nothing(connection, found, sight_of(connection, "ann"))
        with pytest.raises(EvidenceError, match="site X: has no participant"):
            with_subjects(connection, Reach(site="X"), ("who", "site"))

    assert found.subjects == ("P2",)
