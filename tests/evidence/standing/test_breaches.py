from tests.evidence.world import small_history
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.standing.breaches import Vouched, breaches


def test_changes_after_the_event_and_within_the_reach_are_found(kept):
    small_history(kept.store)
    vouched = [
        Vouched(seq=1, as_of=2, reach=Reach(subject_id="P1")),
        Vouched(seq=2, as_of=4, reach=Reach(subject_id="P1")),
        Vouched(seq=3, as_of=8, reach=Reach()),
        Vouched(seq=4, as_of=4, reach=Reach()),
        Vouched(seq=5, as_of=0, reach=Reach(site="N", subjects=("P2", "P7"))),
        Vouched(seq=6, as_of=0, reach=Reach(form="pain", item="note")),
    ]

    with kept.store.reading() as connection:
        every = breaches(connection, vouched)
        first = breaches(connection, vouched, first_alone=True)
        assert breaches(connection, []) == {}

    assert {by: [each.seq for each in met] for by, met in every.items()} == {
        1: [3, 4, 8],
        2: [8],
        4: [5, 6, 7, 8],
        5: [5, 6, 7],
        6: [7],
    }
    assert first == {by: met[:1] for by, met in every.items()}
