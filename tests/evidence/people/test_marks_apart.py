"""An attacker who is blinded looks for who was marked as not having a form that some arms alone have."""

from dataclasses import replace

import polars as pl
import pytest
import sqlalchemy as sa

from tests.evidence.contents.test_half_sight import FIRST, OTHER, ROLES, listing_of
from tests.evidence.standing.test_withholding import RANDOM
from tests.evidence.world import close_all, on_engine
from tests.evidence.world_of_people import ANN, FAY, by, logged_in
from tests.schemas.reading.blinded_trial import blinded_trial, written
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.comparing import between, difference
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.contents.log_selection import LogSelection, selected
from trialkit.evidence.contents.tables_at import source_at, tables_at
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.tables import EVENT, FORM_ROW
from trialkit.evidence.people.marks_apart import APART, TellingMarks
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append, append_past_the_gate
from trialkit.evidence.writing.beginning import begin
from trialkit.evidence.writing.granting import grant
from trialkit.evidence.writing.holding import hold
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.roles import TrialRole
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Schemas
from trialkit.store.sources.folder_source import FolderSource

HEAD = "subject_id,visit,form,reason\n"
SHARED = "S3,W6,pain,ND\n"
NOBODY = {"S1": "P", "S2": "P", "S3": "P"}


def filled(kept, folder, arms, *, marks=SHARED, first=()):
    """A store with the trial, its people, and a mark of the diary of each who has that arm."""
    trial = blinded_trial(arms)
    of_arm = "".join(f"{who},,diary,ND\n" for who, arm in arms.items() if arm == "A")
    trial.data["not_done"] = HEAD + marks + of_arm
    trial.data["pain"] = trial.data["pain"].replace(",99,", ",,")
    trial.data["diary"] = "subject_id,repeat,started,note\n"
    folder = written(trial, folder)
    schemas = trial.schemas(folder)
    begin(kept.store, trial="MINI", occasion=by(ANN))
    for said in first:
        with kept.store.by("ann").writing() as connection:
            append_past_the_gate(connection, entries(said), by(ANN))
    found = difference(kept.store.by("ann"), FolderSource(folder=folder), schemas)
    append(kept.store.by("ann"), found.entries, by(ANN, 1, Door.IMPORT))
    for minute, (each, role) in enumerate(ROLES.items(), start=2):
        grant(kept.store, each.person, by(ANN, minute), printed_name=each.printed_name, role=role)
    return trial, schemas, folder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def stores(request, tmp_path):
    """The same trial with the arms exchanged, and with nobody in the arm that has the form."""
    made = []
    for name, arms in (("one", FIRST), ("two", OTHER), ("none", NOBODY)):
        kept = on_engine(request, tmp_path / name)
        made.append((kept, *filled(kept, tmp_path / f"trial_{name}", arms)))
    yield made
    for kept, *_ in made:
        close_all(kept)


def everything_holds(kept):
    """As somebody says who sees the whole log."""
    grant(kept.store, "ann", by(FAY, 70), printed_name="Ann Miller", role=TrialRole.DATA_MANAGER,
          arms=True)  # fmt: skip
    return verify(logged_in(kept, "ann")).problems == ()


def seen_by(kept, trial, schemas, folder, person):
    """All that somebody gets to see: files, listing, log, and what lies between two moments."""
    store = logged_in(kept, person)
    files, _ = exported(store, schemas.data)
    log = pl.concat(selected(store, LogSelection())).drop(RANDOM).drop("details")
    lies_between = between({}, source_at(store)[0].tables)
    return files, listing_of(kept, trial, schemas, folder, person), log, lies_between


def test_blinded_person_sees_the_same_whoever_was_marked(stores):
    one, two, none = (seen_by(*each, "eve") for each in stores)

    assert one[:2] == two[:2] == none[:2]
    assert one[2].equals(two[2])
    assert one[3].equals(two[3])
    assert one[0]["not_done.csv"].decode() == HEAD + SHARED
    assert APART not in one[2]["form"].to_list()
    assert "diary" not in str(one[2].filter(form="not_done").rows())
    if stores[0][0].store.is_served:  # by SQL of their own
        with logged_in(stores[0][0], "eve").reading() as connection:
            for table in (EVENT, FORM_ROW):
                asked = sa.select(sa.func.count()).select_from(table).where(table.c.form == APART)
                assert connection.execute(asked).scalar() == 0


def test_who_reads_arms_finds_all_marks_in_one_file(stores):
    kept, _, schemas, folder = stores[0]
    dan = logged_in(kept, "dan")

    assert exported(dan, schemas.data)[0]["not_done.csv"].decode() == (
        HEAD + SHARED + 'S1,"",diary,ND\n'
    )
    assert difference(dan, FolderSource(folder=folder), schemas).entries.is_empty()
    assert len(pl.concat(selected(dan, LogSelection(form="not_done"))).filter(new="diary")) == 1
    assert everything_holds(kept)


def test_what_a_blinded_person_writes_of_such_a_mark_is_refused_in_the_same_words(stores, tmp_path):
    own = blinded_trial(FIRST)
    own.data = {"not_done": HEAD + "S1,,diary,ND\nS2,,Diary,ND\n"}
    refused = []
    for number, (kept, _, schemas, _) in enumerate(stores):
        fay = logged_in(kept, "fay")
        folder = tmp_path / f"own{number}"
        (folder / "data").mkdir(parents=True)
        for name, content in exported(fay, schemas.data)[0].items():
            (folder / "data" / name).write_bytes(content)
        (folder / "data/not_done.csv").write_text(own.data["not_done"])
        with pytest.raises(EvidenceError) as found:
            difference(fay, FolderSource(folder=folder), schemas)
        told = [str(found.value)]
        for form in ("not_done", APART):
            place = {"form": form, "subject_id": "S1", "copy": 1}
            row = [{"action": EventAction.ROW_ADDED, **place},
                   {"action": EventAction.FILLED, **place, "item": "form", "new": " diary "}]  # fmt: skip
            with pytest.raises(EvidenceError) as found:
                append(fay, entries(row), by(FAY, 60))
            told.append(str(found.value))
        refused.append(told)

    assert refused[0] == refused[1] == refused[2]
    of_file, in_the_open, apart = refused[0]
    assert of_file.startswith("not_done of Diary, diary: withheld from fay")
    assert "found diary; that a form which some arms alone have was not done" in in_the_open
    assert "read arms" in apart


def test_blinded_person_goes_on_marking_what_everybody_has(stores, tmp_path):
    kept, _, schemas, _ = stores[0]
    own = tmp_path / "own"
    (own / "data").mkdir(parents=True)
    for name, content in exported(logged_in(kept, "fay"), schemas.data)[0].items():
        (own / "data" / name).write_bytes(content)
    (own / "data/not_done.csv").write_text(HEAD + SHARED + "S2,,end_of_study,ND\n")

    found = difference(logged_in(kept, "fay"), FolderSource(folder=own), schemas)
    append(logged_in(kept, "fay"), found.entries, by(FAY, 60, Door.IMPORT))

    assert found.entries["new"].to_list() == ["", "end_of_study", "ND"]
    assert source_at(logged_in(kept, "dan"))[0].tables["not_done"]["form"].to_list() == [
        "pain", "end_of_study", "diary",
    ]  # fmt: skip


def test_file_with_such_marks_alone_is_as_no_file(kept, tmp_path):
    _, schemas, _ = filled(kept, tmp_path / "trial", FIRST, marks="")

    assert "not_done.csv" not in exported(logged_in(kept, "eve"), schemas.data)[0]
    files, _ = exported(logged_in(kept, "dan"), schemas.data)
    assert files["not_done.csv"].decode() == HEAD + 'S1,"",diary,ND\n'


def test_who_holds_the_marks_holds_those_that_tell_an_arm(kept, tmp_path):
    _, schemas, folder = filled(kept, tmp_path / "trial", FIRST)
    grant(kept.store, "ann", by(FAY, 20), printed_name="Ann Miller", role=TrialRole.DATA_MANAGER,
          arms=True)  # fmt: skip
    hold(kept.store, Reach(form="not_done"), HoldKind.FREEZE, by(FAY, 21))
    (folder / "data/not_done.csv").write_text(HEAD + SHARED + "S1,,diary,NA\n")
    found = difference(kept.store.by("ann"), FolderSource(folder=folder), schemas, reason="misread")

    assert found.entries["form"].to_list() == [APART]
    with pytest.raises(EvidenceError, match=r"^not_done, S1, reason: .*froz"):
        append(kept.store.by("ann"), found.entries, by(ANN, 22, Door.IMPORT))


def test_marks_of_before_are_taken_apart_by_the_next_import_of_who_reads_arms(kept, tmp_path):
    """The line that stands first goes; that of the same participant which stays is not mixed up with it."""
    lines = (("S1", "diary"), ("S1", "end_of_study"), ("S2", "end_of_study"))
    before: list[dict[str, object]] = [
        {"action": EventAction.FORM_OPENED, "form": "not_done",
         "details": canonical({"columns": ["subject_id", "visit", "form", "reason"]})},
    ]  # fmt: skip
    for copy, (who, form) in zip((0, 1, 0), lines, strict=True):
        place = {"form": "not_done", "subject_id": who, "copy": copy}
        before.append({"action": EventAction.ROW_ADDED, **place})
        for item, text in (("form", form), ("reason", "ND")):
            before.append({"action": EventAction.FILLED, **place, "item": item, "new": text})
    _, schemas, _ = filled(
        kept, tmp_path / "trial", FIRST, marks="S1,,end_of_study,ND\n", first=(before,)
    )

    tables = tables_at(logged_in(kept, "dan"))[0]
    assert tables["not_done"].rows() == [
        ("S1", "", "end_of_study", "ND"), ("S2", "", "end_of_study", "ND"),
    ]  # fmt: skip
    assert tables[APART].rows() == [("S1", "", "diary", "ND")]
    assert b"diary" not in exported(logged_in(kept, "eve"), schemas.data)[0]["not_done.csv"]
    assert everything_holds(kept)


def test_blinded_person_waits_until_marks_of_before_are_taken_apart(kept, tmp_path):
    _, schemas, _ = filled(kept, tmp_path / "trial", FIRST)
    place = {"form": "not_done", "subject_id": "S1"}
    row = [{"action": EventAction.ROW_ADDED, **place},
           {"action": EventAction.FILLED, **place, "item": "form", "new": "diary"}]  # fmt: skip
    with kept.store.by("ann").writing() as connection:
        append_past_the_gate(connection, entries(row), by(ANN, 30))
    files, _ = exported(logged_in(kept, "eve"), schemas.data)
    own = tmp_path / "own"
    (own / "data").mkdir(parents=True)
    for name, content in files.items():
        (own / "data" / name).write_bytes(content)

    with pytest.raises(
        EvidenceError, match="not_done: the store has marks of forms that some arms"
    ):
        difference(logged_in(kept, "eve"), FolderSource(folder=own), schemas)


def test_mark_of_a_whole_visit_tells_an_arm_where_nothing_else_is_expected():
    form = Form(
        id="pain", title="P", kind=FormKind.ASSESSMENT, expected=Expected.RANDOMISED,
        visits=("W6",), repeating=False, rules=(), file="", sha256="", items=(),
    )  # fmt: skip
    dose = replace(form, id="dose", visits=("W6", "W9"))
    note = replace(form, id="note", visits=("W9",), expected=Expected.AS_NEEDED)
    schemas = Schemas(forms=(form, dose, note), data=DataFormat())
    lines = pl.DataFrame(
        [("W6", ""), (" W9", " "), ("W9", "note"), ("W6", " dose"), ("W6", "DOSE"), ("W1", "")],
        schema=["visit", "form"], orient="row",
    )  # fmt: skip

    told = TellingMarks.of(schemas, {"dose": {""}})

    assert told.among(lines).to_list() == [False, True, False, True, True, False]
    assert not TellingMarks.of(schemas, {"pain": {"vas"}}).among(lines).any()
