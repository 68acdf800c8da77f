"""A trial is judged by blinded people as they see it: the same to the byte, whatever the arms are."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.evidence.world import Kept, close_all, on_engine
from tests.evidence.world_of_people import ANN, DAN, EVE, FAY, by, logged_in
from tests.schemas.reading.blinded_trial import NOT_JUDGED, blinded_trial, written
from trialkit.checks.queries.by_hand import AskedCell, raised
from trialkit.checks.queries.queries import Queries, QueryState
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking_a_part import check_part, freeze_part, judged_alone
from trialkit.cli.store_queries import refuse_what_is_withheld
from trialkit.disk.content import whole
from trialkit.errors import DataFileError, EvidenceError
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.contents.half_sight import (
    judged_by,
    refuse_half_sight,
    withheld_from,
    without_forms,
)
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin
from trialkit.evidence.writing.granting import grant
from trialkit.outputs.findings_files import findings_files
from trialkit.protocol.trial.roles import TrialRole
from trialkit.schemas.reading.judged_part import WHOLE
from trialkit.steps.stages import OpenedTrial, Validated
from trialkit.store.sources.folder_source import FolderSource

FIRST = {"S1": "A", "S2": "P", "S3": "P"}
OTHER = {"S1": "P", "S2": "A", "S3": "P"}
ROLES = {
    DAN: TrialRole.UNBLINDED_STATISTICIAN, EVE: TrialRole.COORDINATOR, FAY: TrialRole.DATA_MANAGER,
}  # fmt: skip


def filled(kept: Kept, folder: Path, arms: dict[str, str]):
    """A store with the trial in it, and people; its trial and forms."""
    trial = blinded_trial(arms)
    folder = written(trial, folder)
    schemas = trial.schemas(folder)
    begin(kept.store, trial="MINI", occasion=by(ANN))
    found = difference(kept.store.by("ann"), FolderSource(folder=folder), schemas)
    append(kept.store.by("ann"), found.entries, by(ANN, 1, Door.IMPORT))
    for minute, (each, role) in enumerate(ROLES.items(), start=2):
        grant(
            kept.store, each.person, by(ANN, minute), printed_name=each.printed_name, role=role,
            arms=False,
        )  # fmt: skip
    return trial, schemas, folder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_trials(request, tmp_path):
    """The same trial twice, with the arms, and all that rests on them, exchanged."""
    made = []
    for name, arms in (("one", FIRST), ("two", OTHER)):
        kept = on_engine(request, tmp_path / name)
        made.append((kept, *filled(kept, tmp_path / f"trial_{name}", arms)))
    yield made
    for kept, *_ in made:
        close_all(kept)


@pytest.fixture
def kept_trial(kept, tmp_path):
    return (kept, *filled(kept, tmp_path / "trial", FIRST))


def judged(kept, trial, schemas, person):
    source, part = judged_by(logged_in(kept, person), schemas)
    snapshot, findings = check_part(source, part, trial.protocol)
    return part, snapshot, findings


def listing_of(kept, trial, schemas, folder, person) -> dict[str, bytes]:
    """The files of the listing, as somebody gets them."""
    part, snapshot, findings = judged(kept, trial, schemas, person)
    opened = OpenedTrial(folder=folder, protocol=trial.protocol, schemas=part.schemas)
    validated = Validated(
        trial=opened, snapshot=snapshot, findings=findings, queries=Queries(),
        queries_before=Queries(), looks_back=False, left_out=part.left_out,
    )  # fmt: skip
    return {name: whole(each) for name, each in findings_files(validated).items()}


def test_blinded_person_judges_the_same_whatever_the_arms(two_trials):
    one, two = (listing_of(*each, "eve") for each in two_trials)

    assert one == two
    rows = one["findings.csv"].decode().splitlines()
    assert sum(",not_judged,note," in row for row in rows) == len(NOT_JUDGED)
    assert any("The rule PAIN03 was not judged" in row for row in rows)
    assert b"Not judged" in one["findings.html"]
    assert b"withheld from your role" in one["findings.html"]
    assert one["findings.csv"] != listing_of(*two_trials[0], "dan")["findings.csv"]


def test_no_blank_that_is_withheld_is_missing_and_the_rest_is_judged_in_full(kept_trial):
    kept, trial, schemas, _ = kept_trial

    part, _, seen = judged(kept, trial, schemas, "eve")
    _, _, everything = judged(kept, trial, schemas, "dan")

    assert sorted(each.name for each in part.left_out.each) == sorted(NOT_JUDGED)
    expected = judged_alone(everything, part.left_out).to_frame()
    assert seen.to_frame().drop(columns="cause").equals(expected.drop(columns="cause"))
    rules = list(zip(expected["form"], expected["rule_id"], strict=True))
    assert ("screening", "unusual") in rules
    assert ("pain", "out_of_range") in rules
    of_arms = {*zip(everything.to_frame()["form"], everything.to_frame()["item"], strict=True)}
    assert {("pain", "dose"), ("diary", "started")} <= of_arms
    assert not {"dose", "arm", "arm_received"} & {*seen.to_frame()["item"]}


def test_who_reads_arms_judges_everything(kept_trial):
    kept, _, schemas, _ = kept_trial

    source, part = judged_by(logged_in(kept, "dan"), schemas)

    assert part.schemas is schemas
    assert "diary" in source.tables
    assert not withheld_from(logged_in(kept, "dan"))
    refuse_half_sight(logged_in(kept, "dan"), "it")
    with pytest.raises(
        EvidenceError, match="it reads every answer, and some are withheld from eve"
    ):
        refuse_half_sight(logged_in(kept, "eve"), "it")


def test_blinded_monitor_asks_by_hand_about_what_everybody_sees(kept_trial):
    kept, trial, schemas, _ = kept_trial
    source, part = judged_by(logged_in(kept, "eve"), schemas)
    asked = raised(
        Queries(), AskedCell(subject_id="S2", form="screening", item="age_years"), "On paper it is 40?",
        snapshot=freeze_part(source, part), schemas=part.schemas, protocol=trial.protocol,
        by="Eve Stone", on="2026-03-02",
    )  # fmt: skip

    (query,) = asked.by_key.values()
    assert (query.value, query.message) == ("90", "On paper it is 40?")
    for form, item in (("diary", "note"), ("pain", "dose"), ("pain", "half")):
        with pytest.raises(
            EvidenceError, match=f"^{form}.{item}: is withheld from your role, or rests"
        ):
            refuse_what_is_withheld(form, item, part.left_out)
    refuse_what_is_withheld("pain", "vas_mm", part.left_out)


def test_who_judges_a_part_asks_nothing_again_for_what_follows_from_a_finding(kept_trial):
    kept, trial, schemas, _ = kept_trial
    part, snapshot, seen = judged(kept, trial, schemas, "eve")
    asked = reconcile(Queries(), seen, snapshot, part.schemas, left_out=part.left_out)
    whole = [
        replace(each, asked=f"{each.asked}.abcdef") for each in asked.history if each.query_key
    ]
    before = Queries().followed_by(whole)

    after = reconcile(before, seen, snapshot, part.schemas, left_out=part.left_out)
    other = Queries().followed_by(replace(each, asked="v00000000.abcdef") for each in whole)
    changed = reconcile(other, seen, snapshot, part.schemas, left_out=part.left_out)

    assert whole
    assert after.history == before.history
    assert len(changed.history) >= 2 * len(whole)


def test_queries_about_what_is_not_judged_stay_as_they_are(kept_trial):
    kept, trial, schemas, _ = kept_trial
    _, snapshot, everything = judged(kept, trial, schemas, "dan")
    asked = reconcile(Queries(), everything, snapshot, schemas)
    part, snapshot, seen = judged(kept, trial, schemas, "eve")
    nothing = replace(seen, frame=seen.to_frame().head(0))

    same = reconcile(asked, seen, snapshot, part.schemas, left_out=part.left_out)
    mended = reconcile(asked, nothing, snapshot, part.schemas, left_out=part.left_out)

    assert {each.item for each in asked.by_key.values()} >= {"dose", "vas_mm"}
    assert same.history == asked.history
    closed = {each.item for each in mended.by_key.values() if each.state is QueryState.CLOSED}
    assert "vas_mm" in closed
    assert not closed & {"dose", "started"}


def test_who_reads_some_forms_judges_those_alone(kept_trial):
    kept, trial, schemas, _ = kept_trial
    for minute, (name, form) in enumerate((("ben", "screening"), ("cleo", "pain")), start=20):
        grant(
            kept.store,
            name,
            by(ANN, minute),
            printed_name=name,
            role=TrialRole.MONITOR,
            forms=(form,),
        )

    source, part = judged_by(logged_in(kept, "ben"), schemas)
    _, findings = check_part(source, part, trial.protocol)

    assert [form.id for form in part.schemas.forms] == ["screening"]
    assert findings.to_frame()["rule_id"].to_list() == ["unusual"]
    with pytest.raises(DataFileError, match="screening: participants exist by this form"):
        check_part(*judged_by(logged_in(kept, "cleo"), schemas), trial.protocol)


def test_form_that_is_withheld_is_not_among_the_tables():
    tables = {"pain": "p", "diary": "d"}

    assert without_forms(tables, {"diary": {WHOLE}, "pain": {"dose"}}) == {"pain": "p"}


def test_import_by_who_is_blinded_shows_the_same_whatever_the_arms(two_trials, tmp_path):
    """What the file says where nothing may be read is refused by its column; the rest is compared."""
    kept, _, schemas, folder = two_trials[0]
    files, _ = exported(logged_in(kept, "eve"), schemas.data)
    own = tmp_path / "own"
    (own / "data").mkdir(parents=True)
    for name, content in files.items():
        (own / "data" / name).write_bytes(content.replace(b"S3,2025-01-12,50", b"S3,2025-01-12,51"))
    shown, refused = [], []
    for kept, *_ in two_trials:
        store = logged_in(kept, "eve")
        shown.append(difference(store, FolderSource(folder=own), schemas, reason="misread"))
        with pytest.raises(EvidenceError) as found:
            difference(store, FolderSource(folder=folder), schemas)
        refused.append(str(found.value))

    one, two = shown
    assert one.entries.equals(two.entries)
    assert one.absent.equals(two.absent)
    assert one.entries.select("item", "old", "new").rows() == [("age_years", "50", "51")]
    assert "diary.csv" not in files
    assert refused[0] == refused[1]
    assert refused[0].startswith(
        "diary, randomisation.arm, randomisation.block, pain.dose, end_of_study.arm_received: withheld "
        "from eve, who may not enter there what they may not read"
    )
    append(store, one.entries, by(replace(EVE, role="coordinator"), 60, Door.IMPORT))
    assert source_at(store)[0].tables["screening"]["age_years"].to_list()[2] == "51"


def test_who_reads_arms_imports_them(kept_trial):
    kept, _, schemas, folder = kept_trial
    store = logged_in(kept, "dan")

    assert difference(store, FolderSource(folder=folder), schemas).entries.is_empty()


def test_files_of_a_blinded_person_empty_no_arm(kept_trial, tmp_path):
    """Whoever imports them; who reads arms empties one with a word of its own."""
    kept, _, schemas, folder = kept_trial
    grant(kept.store, "fay", by(ANN, 30), printed_name="Fay Lund", role=TrialRole.DATA_MANAGER,
          arms=True)  # fmt: skip
    own = tmp_path / "own"
    (own / "data").mkdir(parents=True)
    (own / "data/diary.csv").write_bytes((folder / "data/diary.csv").read_bytes())
    for name, content in exported(logged_in(kept, "eve"), schemas.data)[0].items():
        (own / "data" / name).write_bytes(content.replace(b"S3,2025-01-12,50", b"S3,2025-01-12,51"))
    fay, source = logged_in(kept, "fay"), FolderSource(folder=own)

    found = difference(fay, source, schemas, reason="misread")
    emptied = difference(fay, source, schemas, reason="misread", emptying=True)

    assert found.entries.select("item", "new").rows() == [("age_years", "51")]
    assert found.left.group_by("form", "item", maintain_order=True).len().rows() == [
        ("randomisation", "arm", 3), ("randomisation", "block", 3), ("pain", "dose", 1),
        ("end_of_study", "arm_received", 3),
    ]  # fmt: skip
    assert emptied.left.is_empty()
    assert len(emptied.entries) == 1 + len(found.left)
