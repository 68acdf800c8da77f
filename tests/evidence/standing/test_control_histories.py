"""Random histories of entries, marks, locks, queries and signatures, against a model that knows no store."""

import random
from dataclasses import dataclass, field

import pytest

from tests.checks.query_trial import QueryTrial
from tests.evidence.standing.test_signatures import CHEAP, SECRET
from tests.evidence.world import cell, every_event, occasion, opened, row
from tests.evidence.writing.test_holding import BEN
from trialkit.checks.queries.queries import Queries
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.queries.query_log import queries_of, record
from trialkit.evidence.signing.passphrases import set_passphrase
from trialkit.evidence.signing.signing_a_reach import sign
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.standing.signatures import SignatureMeaning, signatures
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin
from trialkit.evidence.writing.holding import ask_to_unlock, hold, unfreeze, unlock
from trialkit.evidence.writing.review_marks import mark, marks

SUBJECTS, VISITS, ITEMS = ("P1", "P2"), ("week_0", "week_6"), ("vas", "note")
REACHES = (
    *(Reach(subject_id=each) for each in SUBJECTS),
    *(Reach(visit=each) for each in VISITS),
    *(Reach(subject_id=each, visit="week_0", form="pain") for each in SUBJECTS),
    Reach(form="pain"),
)
OF_ITEMS = tuple(Reach(subject_id=each, form="pain", item="vas") for each in SUBJECTS)


@dataclass
class Model:
    """What is held, what the cells hold, and when each changed, kept apart from any store."""

    held: dict[int, tuple[HoldKind, Reach]] = field(default_factory=dict)
    cells: dict[tuple[str, str, str], str] = field(default_factory=dict)
    changed: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    vouched: dict[int, Reach] = field(default_factory=dict)

    def refuses(self, place: dict[str, str], door: Door) -> bool:
        return any(
            reach.covers(place) and (kind is HoldKind.LOCK or door is not Door.QUERY)
            for kind, reach in self.held.values()
        )

    def holds(self, seq: int) -> bool:
        """Whether nothing within what an event vouched for has changed after it."""
        reach = self.vouched[seq]
        return not any(at > seq and reach.covers(place) for at, place in self.changed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_projection_is_the_replay_and_each_mark_holds_as_long_as_nothing_changed(kept, seed):
    chance, model, store = random.Random(seed), Model(), kept.store
    begin(store, trial="T", occasion=occasion(0, door=Door.STORE), is_open=True)
    rows = [row(subject, visit) for subject in SUBJECTS for visit in VISITS]
    append(store, entries([opened(), *rows]), occasion(1))
    set_passphrase(store, SECRET, occasion(2), cost=CHEAP)
    trial = QueryTrial(severities={"9": "soft", "8": "hard"})
    for minute in range(3, 60):
        now = occasion(minute)
        step = chance.choice(
            ("enter", "enter", "enter", "hold", "lift", "mark", "sign", "query", "read")
        )
        match step:
            case "enter":
                _enter(store, model, chance, minute)
            case "hold":
                kind, reach = chance.choice(list(HoldKind)), chance.choice(REACHES)
                if (kind, reach) in model.held.values():
                    with pytest.raises(EvidenceError, match="already"):
                        hold(store, reach, kind, now)
                else:
                    model.held[hold(store, reach, kind, now).seq] = (kind, reach)
            case "lift" if model.held:
                seq = chance.choice(list(model.held))
                kind, _ = model.held.pop(seq)
                if kind is HoldKind.FREEZE:
                    unfreeze(store, seq, now, reason="early")
                else:
                    asked = ask_to_unlock(store, seq, now, reason="late")
                    unlock(store.by(BEN.person), asked.seq, occasion(minute, author=BEN))
            case "mark":
                reach = chance.choice((*REACHES, *OF_ITEMS))
                model.vouched[mark(store, reach, ReviewKind.SOURCE, now).seq] = reach
            case "sign":
                reach = chance.choice(REACHES)
                made = sign(store, reach, SignatureMeaning.REVIEW, now, secret=SECRET)
                model.vouched[made.seq] = reach
            case "query":
                trial.values[chance.choice(SUBJECTS)] = chance.choice("789")
                before = queries_of(store)
                trial.queries = before
                after = trial.validate()
                record(store, after, before=before, occasion=occasion(minute, door=Door.STORE))
        assert _held(store) == model.cells
    said = {each.seq: each.is_valid for each in (*marks(store), *signatures(store))}
    assert said == {seq: model.holds(seq) for seq in model.vouched}
    assert {True, False} >= set(said.values())
    assert queries_of(store) == Queries().followed_by(queries_of(store).history)
    assert verify(store).holds


def _enter(store, model: Model, chance: random.Random, minute: int) -> None:
    key = (chance.choice(SUBJECTS), chance.choice(VISITS), chance.choice(ITEMS))
    old, new = model.cells.get(key, ""), chance.choice(("", "7", "8", "9"))
    if old == new:
        return
    door = chance.choice((Door.ENTRY, Door.IMPORT, Door.QUERY, Door.API))
    subject, visit, item = key
    said = entries([cell(subject, item, old, new, visit=visit)])
    place = {"form": "pain", "subject_id": subject, "visit": visit, "repeat": "", "item": item}
    before = every_event(store).height
    if model.refuses(place, door):
        with pytest.raises(EvidenceError, match="nothing was written"):
            append(store, said, occasion(minute, door=door))
        assert every_event(store).height == before
        return
    model.changed.append((append(store, said, occasion(minute, door=door)).seq, place))
    if new:
        model.cells[key] = new
    else:
        model.cells.pop(key, None)


def _held(store) -> dict[tuple[str, str, str], str]:
    table = source_at(store)[0].tables["pain"]
    return {
        (subject, visit, item): text
        for subject, visit, *texts in table.select("subject_id", "visit", *ITEMS).iter_rows()
        for item, text in zip(ITEMS, texts, strict=True)
        if text
    }
