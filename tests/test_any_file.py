"""Any file, however harmed, ends in what it says or in one error of ours: every kind that is read."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.any_file.doors import DOORS, Door, opened_by_command
from tests.any_file.harming import harmed
from tests.any_file.world import made_world
from tests.conftest import examples, few_at_once
from trialkit import limits
from trialkit.errors import TrialkitError

PACKAGE = Path(limits.__file__).parent
OPENING = re.compile(
    r"(?<!os)(?:\.open|read_text|read_bytes|bytes_within|read_csv|read_parquet|scan_parquet|read_parquet_schema"
    r"|ZipFile|tomllib\.loads|json\.loads|json_object|read_whole|load_toml|FileSystemLoader)\("
    r"|Document\(BytesIO"
)
"""How the package opens a file, or reads a text that may come from one."""
READ_BY = {
    "checks/deviations/log_file.py": "log of deviations",
    "checks/queries/query_files.py": "history of the queries, state of the queries",
    "design/randomisation/audit.py": "audit trail",
    "design/randomisation/keeping.py": "audit trail, plan of a list",
    "design/randomisation/plans.py": "plan of a list, revealed list",
    "design/randomisation/record.py": "audit trail",
    "design/randomisation/trail_file.py": "audit trail",
    "design/randomisation/vault.py": "plan of a list, secret of a list, key of the seal, sealed list",
    "design/randomisation/verifying.py": "revealed list, commitment",
    "design/simulation/assumptions.py": "assumptions of a simulation",
    "design/simulation/rehearsal.py": "protocol",
    "disk/reading.py": "all that follow",
    "evidence/verifying/anchoring.py": "anchors with time stamps",
    "evidence/verifying/time_stamps.py": "certificates of an authority",
    "files/csv_blocks.py": "one data file, CSV",
    "imports/external/reading.py": "results of another program",
    "files/csv_reading.py": "data of a form, results of another program, marks of what was not done, data from elsewhere, CSV",
    "files/json_reading.py": "plan of a list, secret of a list, sealed list, manifest of a run",
    "imports/xlsform/submission_tables.py": "submissions of an XLSForm",
    "imports/xlsform/sheets.py": "XLSForm as text",
    "files/loose_tables.py": "answers of a site, CSV; loose table",
    "files/whole_files.py": "history of the queries",
    "files/whole_folders.py": "form, XLSForm",
    "files/office_archive.py": "workbook of entries, XLSForm, answers of a site, workbook, Word "
    "report that came back",
    "imports/entry_workbook/as_it_was.py": "workbook of entries",
    "imports/redcap/decisions.py": "decisions of an import",
    "imports/redcap/project_import.py": "form, decisions of an import",
    "imports/redcap/project_xml.py": "project of REDCap",
    "imports/redcap/text_table.py": "data dictionary of REDCap, export of REDCap, events of REDCap",
    "imports/statistical/stat_file.py": "statistical file, rows.sav, statistical file, rows.zsav, "
    "statistical file, rows.dta, statistical file, rows5.xpt, statistical file, rows8.xpt",
    "imports/taking_in/mapping.py": "mapping",
    "imports/taking_in/planned_files.py": "form, protocol",
    "imports/taking_in/writing.py": "data of a form",
    "files/own_files.py": "manifest of a package, manifest of datasets",
    "outputs/package_files.py": "manifest of a package",
    "outputs/replacing.py": "manifest of a run",
    "protocol/authorship.py": "authors",
    "protocol/loading.py": "protocol",
    "protocol/tables/definitions.py": "protocol, form, mapping",
    "report/citing/checking.py": "protocol, statement",
    "report/citing/csl_json.py": "references, CSL-JSON",
    "report/citing/library.py": "references, BibTeX; references, CSL-JSON",
    "report/content/manifest.py": "manifest of a run, statement",
    "report/guidelines/statements.py": "statement",
    "report/writers/word_file.py": "Word file of looks",
    "schemas/instruments/value_sets.py": "value set",
    "schemas/reading/loading.py": "form",
    "schemas/versions/mapping_file.py": "mapping of data to newer forms",
    "steps/publishing.py": "Word file of looks",
    "steps/returned/writing.py": "statement",
    "store/changes/change_log.py": "changes of the data",
    "store/changes/plan_lock_file.py": "locks of the plan",
    "store/one_file/key_uniqueness.py": "one data file, CSV; one data file, Parquet",
    "store/one_file/scanning.py": "one data file, Parquet",
    "verifying/recomputed.py": "results that are verified, page that is verified",
    "verifying/verify.py": "manifest of a run",
    "verifying/recorded.py": "manifest of a run, page that is verified",
}
"""Every module that opens a file of a user, and the kinds that it opens."""
OWN = {
    "design/randomisation/lock.py",  # who holds it
    "cli/report_summaries.py",
    "disk/temporary.py",
    "store/one_file/by_participant.py",  # what it wrote there itself
    "cli/store_event_words.py",  # details of events, which the store wrote
    "cli/design_words.py",  # words of the command line
    "steps/trial_folder.py",  # trialkit.open, which opens no file itself
    "analysis/imputation/keeping.py",  # bytes of its own; tests/analysis/imputation harms them
    "evidence/verifying/asking_authorities.py",  # no file; tests/evidence/verifying/test_time_stamps.py harms the answer
    "evidence/copies/backing_up.py",  # the copy that it made
    "evidence/log/kept_json.py",  # what the store wrote; tests/evidence/verifying/test_verifying.py harms it
    "evidence/database/table_listing.py",  # files of the package
    "evidence/database/network_disks.py",  # the system's list of disks
    "outputs/answers_set_aside.py",  # a listing, by the door of the answers of a site
    "files/workbook_writing.py",  # what was just made
    "report/guidelines/checklist.py",  # files of the package
    "report/lettering/font_files.py",
    "report/writers/render.py",
    "report/writers/template_folder.py",
    "schemas/instruments/stated_instruments.py",
}
"""Modules that open what trialkit itself has written or brings along."""


def by_kind(doors: Sequence[Door], at_once: int) -> pytest.MarkDecorator:
    cases = few_at_once(doors, at_once)
    return pytest.mark.parametrize("door", cases, ids=[each.kind for each in doors])


BY_KIND = by_kind(DOORS, 8)
HERE = by_kind([each for each in DOORS if not each.is_apart], len(DOORS))
OF_ITS_OWN_PROCESS = by_kind([each for each in DOORS if each.is_apart], len(DOORS))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_world(tmp_path_factory.mktemp("any_file") / "world")


def test_every_module_that_opens_a_file_is_in_the_table_and_every_kind_has_a_door() -> None:
    opening = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if OPENING.search(path.read_text(encoding="utf-8"))
    }
    kinds = {each.kind for each in DOORS}

    assert opening - READ_BY.keys() - OWN == set()
    for module, read in READ_BY.items():
        assert read == "all that follow" or any(kind in read for kind in kinds), module
    for kind in kinds:
        assert any(kind in read for read in READ_BY.values()) or kind in {
            "results that are verified"
        }, kind


@BY_KIND
def test_a_sound_file_is_read(door: Door, world: Path) -> None:
    door.read(world)


def read_harmed(door: Door, world: Path, seed: int, *, used: bool) -> None:
    """Either what the file says or one error of ours, in words that are not too many."""
    place = world / door.place
    sound = place.read_bytes()
    others = [path.read_bytes() for path in sorted(world.glob(door.alike or door.place))]
    place.write_bytes(harmed(sound, Random(seed), others))
    said = "nothing, since it can be read"
    try:
        (door.use if used and door.use else door.read)(world)
    except TrialkitError as error:
        said = str(error)
    finally:
        place.write_bytes(sound)
    assert 0 < len(said) < 200_000


@BY_KIND
@settings(max_examples=examples(5), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_a_harmed_file_ends_in_what_it_says_or_in_one_error(
    door: Door, world: Path, seed: int
) -> None:
    read_harmed(door, world, seed, used=False)


@pytest.mark.slow
@HERE
@settings(max_examples=examples(90), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_a_harmed_file_is_used_or_refused(door: Door, world: Path, seed: int) -> None:
    read_harmed(door, world, seed, used=True)


@pytest.mark.slow
@OF_ITS_OWN_PROCESS
@settings(max_examples=examples(5), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_a_harmed_file_of_another_process_is_used_or_refused(
    door: Door, world: Path, seed: int
) -> None:
    read_harmed(door, world, seed, used=True)


@pytest.mark.slow
@BY_KIND
@settings(max_examples=examples(4), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), number=st.integers(0, 3))
def test_a_harmed_file_ends_no_command_in_a_fault(
    door: Door, tmp_path_factory: pytest.TempPathFactory, world: Path, seed: int, number: int
) -> None:
    if not door.commands:
        return
    copy = tmp_path_factory.mktemp("harmed") / "world"
    shutil.copytree(world, copy)
    place = copy / door.place
    others = [path.read_bytes() for path in sorted(copy.glob(door.alike or door.place))]
    place.write_bytes(harmed(place.read_bytes(), Random(seed), others))

    assert opened_by_command(door, copy, number) in {0, 1, 2}
