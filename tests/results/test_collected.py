"""A count without a source is told from one of none, and from one that lacks for another reason."""

from tests.report.rows import index_of, result
from trialkit.results.collected import is_not_collected
from trialkit.results.effect import Status
from trialkit.results.lookup import NOTHING
from trialkit.results.vocabulary import Stat

ABOUT = {"analysis_id": "harms", "outcome": "", "term": "any", "arm": "A0"}


def test_what_no_form_asks_for_is_not_collected_and_none_is() -> None:
    nobody = index_of(result(Stat.EVENTS, None, status=Status.NOT_COLLECTED, **ABOUT))
    none = index_of(result(Stat.EVENTS, 0, **ABOUT))
    for index, expected in ((nobody, True), (none, False)):
        found = index.find("harms", term="any", arm="A0")
        assert is_not_collected(found, Stat.EVENTS) is expected
        assert not is_not_collected(found, Stat.N)
    assert not is_not_collected(NOTHING, Stat.EVENTS)
