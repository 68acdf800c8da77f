"""A store is taken to newer forms: data fit them afterwards, and every cell that changed says why."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.evidence.world import every_event, occasion
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.contents.moments import definitions_at
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.copies.migrating import FormsMigration, migrate, migration
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.evidence.database.opening import Store, sqlite_store
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.founding import found
from trialkit.evidence.writing.holding import hold
from trialkit.schemas.versions.mapping import (
    AcceptedChange,
    DataMapping,
    DroppedItem,
    MovedItem,
    RenamedCode,
)
from trialkit.steps.defining import definition_files, schemas_in
from trialkit.steps.opening import open_trial
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


class Trial:
    """A trial with its data in a store, whose forms are edited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.old = open_trial(folder, step=TrialStep.VALIDATE)
        found(
            StoreAddress(folder=folder), trial="T", definitions=definition_files(self.old),
            occasion=occasion(0, door=Door.STORE),
        )  # fmt: skip
        self.store: Store = sqlite_store(folder / "evidence.sqlite")
        entered = difference(self.store, FolderSource(folder=folder), self.old.schemas)
        append(self.store, entered.entries, occasion(1, door=Door.IMPORT))

    def edit(self, form: str, before: str, after: str) -> None:
        path = self.folder / "forms" / f"{form}.toml"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")

    def look(self, mapping: DataMapping | None = None) -> FormsMigration:
        new = open_trial(self.folder, step=TrialStep.VALIDATE)
        return migration(self.store, self.old.schemas, new.schemas, mapping)

    def take(self, mapping: DataMapping | None = None) -> None:
        new = open_trial(self.folder, step=TrialStep.VALIDATE)
        migrate(
            self.store, self.old.schemas, new.schemas, mapping,
            definitions=definition_files(new), occasion=occasion(5, door=Door.STORE),
        )  # fmt: skip

    def column(self, form: str, item: str) -> list[str]:
        return source_at(self.store)[0].tables[form][item].to_list()

    def is_whole(self) -> bool:
        """Whether its log verifies and its data can be frozen by the newer forms."""
        new = open_trial(self.folder, step=TrialStep.VALIDATE)
        freeze(source_at(self.store)[0], new.schemas)
        return verify(self.store).problems == ()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrating") / "trial"
    assert main(["new", str(folder)]) == ExitCode.FINE
    return folder


@pytest.fixture
def trial(made: Path, tmp_path: Path) -> Trial:
    folder = tmp_path / "trial"
    shutil.copytree(made, folder)
    return Trial(folder)


def test_what_is_safe_needs_no_mapping_and_touches_no_answer(trial: Trial) -> None:
    before = trial.column("assessment", "walk_m")
    trial.edit("assessment", "high = 1000", "high = 2000")
    assert trial.look().unsaid == ()
    trial.take()
    assert trial.column("assessment", "walk_m") == before
    last = every_event(trial.store)
    assert last["action"].to_list()[-2:] == [EventAction.DEFINED, EventAction.MIGRATED]
    assert definitions_at(trial.store, None) == definition_files(
        open_trial(trial.folder, step=TrialStep.VALIDATE)
    )
    assert trial.is_whole()


def test_forms_that_were_in_force_before_are_gone_back_to(trial: Trial) -> None:
    """The version is kept once, and the log says from when on it holds again."""
    first = definitions_at(trial.store, None)
    trial.edit("assessment", "high = 1000", "high = 2000")
    trial.take()
    second = definitions_at(trial.store, None)
    trial.edit("assessment", "high = 2000", "high = 1000")
    trial.take()
    assert first == definitions_at(trial.store, None) != second
    assert trial.is_whole()


def test_a_unit_is_converted_number_by_number(trial: Trial) -> None:
    before = trial.column("assessment", "walk_m")
    trial.edit("assessment", 'id = "walk_m"\nlabel = "Distance walked in six minutes"\ntype = "integer"\nunit = "m"', 'id = "walk_m"\nlabel = "Distance walked in six minutes"\ntype = "decimal"\nunit = "km"')  # fmt: skip
    with pytest.raises(EvidenceError, match=r"assessment\.walk_m, unit"):
        trial.take()
    assert trial.column("assessment", "walk_m") == before
    moved = MovedItem(form="assessment", item="walk_m", to="walk_m", factor=0.001)
    trial.take(DataMapping(reason="kilometres from now on", moved=(moved,)))
    after = trial.column("assessment", "walk_m")
    numbers = [(a, b) for a, b in zip(before, after, strict=True) if a.isdigit()]
    assert numbers
    assert all(float(b) == pytest.approx(int(a) / 1000) for a, b in numbers)
    assert all(a == b for a, b in zip(before, after, strict=True) if not a.isdigit())
    changed = every_event(trial.store).filter(pl.col("reason") == "kilometres from now on")
    assert len(changed) == len(numbers)
    assert trial.is_whole()


def test_a_renamed_question_takes_its_answers_along(trial: Trial) -> None:
    before = trial.column("demographics", "age_years")
    trial.edit("demographics", 'id = "age_years"', 'id = "age"')
    protocol = trial.folder / "protocol.toml"
    protocol.write_text(
        protocol.read_text("utf-8").replace("demographics.age_years", "demographics.age")
    )
    moved = MovedItem(form="demographics", item="age_years", to="age")
    required = AcceptedChange(form="demographics", item="age", what="item")
    trial.take(DataMapping(reason="renamed", moved=(moved,), accepted=(required,)))
    assert trial.column("demographics", "age") == before
    assert "age_years" not in source_at(trial.store)[0].tables["demographics"].columns
    assert trial.is_whole()


def test_a_code_becomes_another_one(trial: Trial) -> None:
    before = trial.column("demographics", "sex")
    assert "f" in before
    trial.edit("demographics", 'code = "f"', 'code = "female"')
    unsaid = trial.look().unsaid
    assert [(each.what, each.before) for each in unsaid] == [("choices", "f (Female)")]
    code = RenamedCode(form="demographics", item="sex", code="f", to="female")
    trial.take(DataMapping(reason="codes in full", codes=(code,)))
    assert trial.column("demographics", "sex") == [
        "female" if each == "f" else each for each in before
    ]
    assert trial.is_whole()


def test_answers_that_are_dropped_leave_the_table_and_stay_in_the_log(trial: Trial) -> None:
    held = [each for each in trial.column("adverse_events", "related") if each]
    assert held
    trial.edit("adverse_events", '[[items]]\nid = "related"\nlabel = "Related to the care given"\ntype = "yes_no"\nrequired = true\npurpose = "event_related"\n\n', "")  # fmt: skip
    dropped = DroppedItem(form="adverse_events", item="related")
    trial.take(DataMapping(reason="nobody could say", dropped=(dropped,)))
    assert "related" not in source_at(trial.store)[0].tables["adverse_events"].columns
    log = every_event(trial.store).filter(pl.col("item") == "related")
    assert log.filter(pl.col("action") == EventAction.EMPTIED)["old"].to_list() == held
    assert trial.is_whole()


def test_what_nobody_answered_needs_no_mapping(trial: Trial) -> None:
    trial.edit("adverse_events", '{ code = "severe", label = "Severe" },', '{ code = "severe", label = "Severe" },\n  { code = "fatal", label = "Fatal" },')  # fmt: skip
    trial.take()
    trial.old = open_trial(trial.folder, step=TrialStep.VALIDATE)
    trial.edit("adverse_events", '  { code = "fatal", label = "Fatal" },\n', "")
    assert trial.look().unsaid == ()
    trial.take()
    assert trial.is_whole()


def test_two_answers_never_stand_in_one_place(trial: Trial) -> None:
    moved = MovedItem(form="assessment", item="symptom_score", to="walk_m")
    with pytest.raises(EvidenceError, match="walk_m holds an answer already"):
        trial.look(DataMapping(reason="x", moved=(moved,)))


def test_a_lock_holds_against_a_migration(trial: Trial) -> None:
    trial.edit("demographics", 'code = "f"', 'code = "female"')
    hold(trial.store, Reach(form="demographics"), HoldKind.LOCK, occasion(4))
    before = every_event(trial.store).height
    code = RenamedCode(form="demographics", item="sex", code="f", to="female")
    with pytest.raises(EvidenceError, match="lock"):
        trial.take(DataMapping(reason="codes in full", codes=(code,)))
    assert every_event(trial.store).height == before


def test_definitions_kept_as_texts_are_the_forms_again(trial: Trial) -> None:
    kept = definitions_at(trial.store, None)
    assert schemas_in(kept) == trial.old.schemas
    with pytest.raises(EvidenceError, match="which is none"):
        schemas_in({**kept, "../outside.toml": ""})
