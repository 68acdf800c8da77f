"""An attacker who is blinded, or of one site, at every door: export, log, errors, sizes, order, hashes."""

import hashlib
from dataclasses import replace

import polars as pl
import pytest
import sqlalchemy as sa

from tests.evidence.world import close_all, on_engine
from tests.evidence.world_of_people import (
    ANN,
    BEN,
    FAY,
    allocated,
    by,
    logged_in,
    with_arms,
    with_two_sites,
)
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.contents.log_selection import LogSelection, selected
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.copies.backing_up import back_up
from trialkit.evidence.copies.migrating import migrate, migration
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import Actor, entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.tables import FORM_ROW
from trialkit.evidence.people.people import StorePerson
from trialkit.evidence.people.sight import WITHHELD, Sight, withheld_of
from trialkit.evidence.signing.passphrases import ScryptCost, set_passphrase
from trialkit.evidence.signing.signing_a_reach import sign
from trialkit.evidence.standing.signatures import SignatureMeaning, signatures
from trialkit.evidence.standing.withholding import seen_events, seen_tables
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.granting import grant
from trialkit.evidence.writing.redacting import redact
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.roles import TrialRole
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Schemas
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.versions.mapping import AcceptedChange, DataMapping, MovedItem

ARMS = ("EG", "a much longer control group")
"""Of unequal lengths, so that a length would tell them."""
RANDOM = ("old_salt", "new_salt", "reason_salt", "old_sha256", "new_sha256", "reason_sha256",
          "before", "hash")  # fmt: skip
"""What differs between any two stores, whatever the arms."""


def first_arm(subject: str) -> str:
    return ARMS[0] if subject == "N1" else ARMS[1]


def other_arm(subject: str) -> str:
    return ARMS[1] if subject == "N1" else ARMS[0]


def everything_seen(store, head=None):
    """All that a person gets of a store, but for what is random."""
    files, head = exported(store, DataFormat())
    earlier, _ = exported(store, DataFormat(), until=head.seq - 1)
    log = pl.concat(selected(store, LogSelection()))
    return files, earlier, log.drop(RANDOM).drop("details"), [len(each) for each in files.values()]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_stores(request, tmp_path):
    """The same history twice, with the arms exchanged."""
    made = []
    for name, arms in (("one", first_arm), ("two", other_arm)):
        kept = on_engine(request, tmp_path / name)
        with_arms(kept.store, arms)
        made.append(kept)
    yield made
    for kept in made:
        close_all(kept)


def test_blinded_person_sees_the_same_whatever_the_arms(two_stores):
    one, two = (everything_seen(logged_in(kept, "eve")) for kept in two_stores)

    assert one[0] == two[0]
    assert one[1] == two[1]
    assert one[2].equals(two[2])
    assert one[3] == two[3]
    assert b"arm" in one[0]["arms.csv"].splitlines()[0]
    assert WITHHELD in one[2]["new"].to_list()
    assert not any(arm.encode() in content for arm in ARMS for content in one[0].values())


def test_unblinded_person_sees_the_arms(two_stores):
    one, two = (exported(logged_in(kept, "dan"), DataFormat())[0] for kept in two_stores)

    assert one["arms.csv"] != two["arms.csv"]
    assert ARMS[1].encode() in one["arms.csv"]


def test_digest_of_a_withheld_text_cannot_be_guessed(two_stores):
    """Two arms are tried in no time; a salt of 128 bits, which stays behind, is not."""
    log = pl.concat(selected(logged_in(two_stores[0], "eve"), LogSelection(form="arms")))
    of_arm = log.filter(item="arm")

    assert of_arm["new_salt"].is_null().all()
    digests = of_arm["new_sha256"].to_list()
    assert len(set(digests)) == len(digests)
    salts = [salt or b"" for name in RANDOM[:3] for salt in log[name].to_list()]
    guesses = {
        hashlib.sha256(salt + arm.encode()).hexdigest() for salt in (*salts, b"") for arm in ARMS
    }
    assert not guesses & set(digests)


CHANGE = {
    "action": EventAction.CHANGED, "form": "arms", "subject_id": "N1", "item": "arm",
    "reason": "guess",
}  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        [{**CHANGE, "old": ARMS[0], "new": ARMS[1]}],
        [{**CHANGE, "old": ARMS[1], "new": ARMS[0]}],
        [{**CHANGE, "action": EventAction.FILLED, "new": ARMS[0]}],
        [{**CHANGE, "action": EventAction.EMPTIED, "old": ARMS[0]}],
        allocated("N1", ARMS[0]),
        [{"action": EventAction.ROW_REMOVED, "form": "arms", "subject_id": "N1", "reason": "x"}],
    ],
    ids=["guess", "other guess", "fill", "empty", "row again", "remove the row"],
)
@pytest.mark.parametrize("author", [BEN, FAY], ids=["coordinator", "manager"])
def test_errors_are_the_same_whatever_the_arms(two_stores, said, author):
    told = []
    for kept in two_stores:
        if author is FAY:  # as she was before she was let see arms
            store = kept.store
            from trialkit.evidence.people.people import people_of
            from trialkit.evidence.writing.granting import revoke

            with store.reading() as connection:
                (with_right,) = [each.seq for each in people_of(connection).grants if each.arms]
            revoke(store, with_right, by(ANN, 50), reason="test")
        with pytest.raises(EvidenceError) as refused:
            append(logged_in(kept, author.person), entries(said), by(author, 60))
        told.append(str(refused.value).replace(kept.store.place, ""))

    assert told[0] == told[1] or "postgresql" in told[0]
    assert not any(arm in each for arm in ARMS for each in told)


def test_text_that_tells_an_arm_is_in_no_message_of_a_look_at_the_whole(two_stores):
    for kept in two_stores:
        assert not kept.by_force(
            "UPDATE sealed_row SET cells = '{\"arm\":\"??\"}' WHERE subject_id = 'N1'",
            guarded=False,
        )
        found = verify(logged_in(kept, "fay"))

        assert [each.told for each in found.problems] == [
            "arms, N1: is not as the log has it in arm"
        ]


def test_store_whose_events_do_not_fit_names_no_arm(kept):
    """An owner may make a log that cannot be replayed; what is told of it is read by others."""
    with_arms(kept.store, first_arm)
    with kept.store.reading() as connection:
        from trialkit.evidence.log.reading import events

        log = pl.concat(events(connection))
    seq = log.filter(item="arm", subject_id="N1")["seq"].item()
    assert not kept.by_force(f"UPDATE event SET subject_id = 'N2' WHERE seq = {seq}", guarded=False)

    told = " ".join(each.told for each in verify(kept.store.by("fay")).problems)

    assert told
    assert not any(arm in told for arm in ARMS)


def test_blinded_person_takes_no_copy_with_arms_in_it(tmp_path, two_stores):
    if two_stores[0].store.is_served:
        pytest.skip("a server's store is copied by its own program")
    grant(two_stores[0].store, "gus", by(ANN, 70), printed_name="Gus", role=TrialRole.DATA_MANAGER)

    with pytest.raises(EvidenceError, match="may not read arms"):
        back_up(two_stores[0].store.by("gus"), tmp_path / "copy.sqlite")
    back_up(two_stores[0].store.by("fay"), tmp_path / "copy.sqlite")


def test_person_of_a_site_sees_it_alone_at_every_door(kept):
    with_two_sites(kept.store)

    ben, cleo = (everything_seen(logged_in(kept, person)) for person in ("ben", "cleo"))

    assert b"N1" in ben[0]["pain.csv"]
    assert b"S1" not in ben[0]["pain.csv"]
    assert set(ben[2]["subject_id"]) == {"", "N1"}
    assert set(cleo[2]["subject_id"]) == {"", "S1"}


@pytest.mark.parametrize("door", [exported, selected])
def test_who_has_no_role_gets_nothing(kept, door):
    with_two_sites(kept.store)
    asked = DataFormat() if door is exported else LogSelection()

    with pytest.raises(EvidenceError, match="may not"):
        list(door(kept.store.by("gus"), asked))


def test_form_that_some_arms_alone_have_is_withheld_as_a_whole(kept):
    with_arms(kept.store, first_arm)
    opened = {
        "action": EventAction.FORM_OPENED, "form": "sessions",
        "details": '{"columns":["subject_id","minutes"],"withheld":[""]}',
    }  # fmt: skip
    place = {"form": "sessions", "subject_id": "N1"}
    said = [opened, {"action": EventAction.ROW_ADDED, **place},
            {"action": EventAction.FILLED, **place, "item": "minutes", "new": "45"}]  # fmt: skip
    append(kept.store, entries(said), by(FAY, 30))

    files, _, log, _ = everything_seen(logged_in(kept, "eve"))

    assert "sessions.csv" not in files
    assert "sessions" not in log["form"].to_list()
    assert b"45" in exported(logged_in(kept, "dan"), DataFormat())[0]["sessions.csv"]
    assert verify(kept.store.by("fay")).holds


def test_item_that_is_withheld_later_is_kept_apart_from_then_on(kept):
    with_arms(kept.store, first_arm)
    later = {
        "action": EventAction.FORM_OPENED, "form": "pain",
        "details": '{"columns":["subject_id","visit","vas"],"withheld":["vas"]}',
    }  # fmt: skip

    append(kept.store, entries([later]), by(FAY, 30))

    assert source_at(logged_in(kept, "eve"))[0].tables["pain"]["vas"].to_list() == ["", ""]
    assert source_at(logged_in(kept, "dan"))[0].tables["pain"]["vas"].to_list() == ["57", "31"]
    assert verify(kept.store.by("fay")).holds


def test_blinded_person_changes_a_row_beside_an_arm_and_the_arm_stays(kept):
    with_arms(kept.store, first_arm)
    day = {"action": EventAction.CHANGED, "form": "arms", "subject_id": "N1", "item": "day",
           "old": "2026-03-02", "new": "2026-03-03", "reason": "misread"}  # fmt: skip

    append(logged_in(kept, "ben"), entries([day]), by(BEN, 30))

    table = source_at(logged_in(kept, "dan"))[0].tables["arms"]
    assert table.filter(subject_id="N1").row(0) == ("N1", "2026-03-03", ARMS[0])
    assert verify(kept.store.by("fay")).holds


def test_redacted_arm_is_gone_from_its_own_table_too(kept):
    with_arms(kept.store, first_arm)
    with kept.store.by("fay").reading() as connection:
        from trialkit.evidence.log.reading import events

        log = pl.concat(events(connection))
    seq = log.filter(item="arm", subject_id="N1")["seq"].item()

    redact(kept.store, seq, by(FAY, 30), reason="entered into the wrong form")

    assert source_at(logged_in(kept, "dan"))[0].tables["arms"]["arm"].to_list()[0] == ""
    assert verify(kept.store.by("fay")).holds


def test_who_has_the_file_itself_sees_what_is_in_it():
    owner = Sight(person=None, sites={}, withheld={"arms": frozenset({"arm"})})
    nobody = Sight(person=StorePerson(account="gus", grants=()), sites={}, withheld=owner.withheld)
    tables = {"arms": pl.DataFrame({"subject_id": ["N1"], "arm": ["EG"]})}

    assert seen_tables(tables, owner)["arms"].equals(tables["arms"])
    assert seen_tables(tables, nobody) == {}
    assert next(seen_events([tables["arms"]], owner)) is tables["arms"]


ARMS_FORM = Form(
    id="arms", title="Arms", kind=FormKind.RANDOMISATION, expected=Expected.RANDOMISED,
    visits=(), repeating=False, rules=(), file="forms/arms.toml", sha256="",
    items=(
        Item(id="day", label="Day", type=ItemType.TEXT),
        Item(id="arm", label="Arm", type=ItemType.TEXT, required=True),
    ),
)  # fmt: skip


def test_arm_that_moves_to_another_name_is_withheld_there_at_once(two_stores):
    day, arm = ARMS_FORM.items
    newer = replace(ARMS_FORM, items=(day, replace(arm, id="grp")))
    old, new = (Schemas(forms=(each,), data=DataFormat()) for each in (ARMS_FORM, newer))
    mapping = DataMapping(
        reason="renamed",
        moved=(MovedItem(form="arms", item="arm", to="grp"),),
        accepted=(AcceptedChange(form="arms", item="grp", what="item"),),
    )
    seen = []
    for kept in two_stores:
        with pytest.raises(EvidenceError, match=r"arms.*: tells an arm") as refused:
            migrate(kept.store, old, new, mapping, definitions={"v": "2"}, occasion=by(ANN, 70))
        assert not any(each in str(refused.value) for each in ARMS)
        migrate(kept.store, old, new, mapping, definitions={"v": "2"}, occasion=by(FAY, 71))
        with kept.store.reading() as connection:
            assert withheld_of(connection)["arms"] == {"arm", "grp"}
            plain = connection.execute(sa.select(FORM_ROW.c.cells)).scalars().all()
        assert not any(each in text for text in plain for each in ARMS)
        assert verify(kept.store).problems == ()
        seen.append(everything_seen(logged_in(kept, "eve")))
        whole = source_at(logged_in(kept, "dan"))[0].tables["arms"]
        assert whole.columns == ["subject_id", "day", "grp"]
        assert set(whole["grp"]) == set(ARMS)

    one, two = seen
    assert one[0] == two[0]
    assert one[1] == two[1]
    assert one[2].equals(two[2])
    assert not any(arm.encode() in content for arm in ARMS for content in one[0].values())


def test_person_of_a_site_is_not_shown_what_newer_forms_make_of_the_others(kept):
    with_two_sites(kept.store)
    vas = Item(id="vas", label="Pain", type=ItemType.DECIMAL)
    form = replace(ARMS_FORM, id="pain", visits=("week_0",), items=(vas,))
    old = Schemas(forms=(form,), data=DataFormat())
    new = Schemas(forms=(replace(form, items=(replace(vas, id="vas_mm"),)),), data=DataFormat())
    mapping = DataMapping(
        reason="in millimetres",
        moved=(MovedItem(form="pain", item="vas", to="vas_mm", factor=10),),
        accepted=(AcceptedChange(form="pain", item="vas_mm", what="item"),),
    )

    of_north, of_all = (
        migration(logged_in(kept, each), old, new, mapping) for each in ("ben", "eve")
    )

    assert of_north.entries.filter(item="vas_mm").select("subject_id", "new").rows() == [
        ("N1", "570")
    ]
    assert set(of_all.entries.filter(item="vas_mm")["new"]) == {"570", "310"}


def test_hash_under_a_signature_does_not_tell_that_a_form_of_one_arm_was_filled_in(two_stores):
    """It is over what everybody sees who sees the participant, whoever signs."""
    opened = {
        "action": EventAction.FORM_OPENED, "form": "sessions",
        "details": '{"columns":["subject_id","minutes"],"withheld":[""]}',
    }  # fmt: skip
    place = {"form": "sessions", "subject_id": "N1"}
    said = [{"action": EventAction.ROW_ADDED, **place},
            {"action": EventAction.FILLED, **place, "item": "minutes", "new": "45"}]  # fmt: skip
    investigator = Actor(person="cleo", printed_name="Cleo Papas", role="investigator")
    hashes = []
    for kept, more in zip(two_stores, ([], said), strict=True):
        append(kept.store, entries([opened, *more]), by(FAY, 30))
        grant(kept.store, "cleo", by(ANN, 31), printed_name="C", role=TrialRole.INVESTIGATOR)
        cleo = logged_in(kept, "cleo")
        set_passphrase(cleo, "correct horse", by(investigator, 32), cost=ScryptCost(n=16, r=1, p=1))
        sign(
            cleo, Reach(subject_id="N1"), SignatureMeaning.REVIEW, by(investigator, 33),
            secret="correct horse",
        )  # fmt: skip
        (signed,) = signatures(logged_in(kept, "eve"))
        hashes.append(signed.content_sha256)
        assert verify(logged_in(kept, "fay")).problems == ()

    assert hashes[0] == hashes[1]
