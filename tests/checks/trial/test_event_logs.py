"""Events of a log beside the time at risk that they would be counted in."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.line import line_of
from tests.report.recurrences import write_recurrences
from trialkit.checks.judging.others import CellsOfForms
from trialkit.checks.judging.people import people, rows_at
from trialkit.checks.judging.shape import check_shape
from trialkit.checks.queries.grounds import cells_rested_on
from trialkit.checks.trial.event_logs import check_event_logs
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

Log = list[dict[str, str]]
SECOND = """
[[outcomes]]
code = "all"
label = "Anything"
type = "recurrent_events"
role = "exploratory"
form = "log"
item = "happened"
time_point = "V3"
metric = "events"
aggregation = "rate"
direction = "lower"
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recurrences(tmp_path_factory.mktemp("again") / "trial", per_arm=12)


def found(
    folder: Path, spoil: Callable[[Log, dict[str, date], dict[str, date]], object] | None = None
) -> list[tuple[str, str, str, str]]:
    """Rule, subject, number and message of each finding on the log, as it was spoiled."""
    path = folder / "data" / "log.csv"
    before = path.read_text("utf-8")
    with path.open(encoding="utf-8") as file:
        log = [*csv.DictReader(file)]
    if spoil is not None:
        spoil(
            log,
            _days(folder, "randomisation", "randomisation_date"),
            _days(folder, "end_of_study", "end_date"),
        )
    lines = [",".join(log[0])] + [",".join(each.values()) for each in log]
    try:
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return _checked(folder)
    finally:
        path.write_text(before, "utf-8")


def _days(folder: Path, form: str, item: str) -> dict[str, date]:
    with (folder / "data" / f"{form}.csv").open(encoding="utf-8") as file:
        return {
            row["subject_id"]: date.fromisoformat(row[item])
            for row in csv.DictReader(file)
            if row[item]
        }


def _checked(folder: Path) -> list[tuple[str, str, str, str]]:
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    shape = check_shape(snapshot, schemas)
    cells = CellsOfForms(rows_at(snapshot, schemas, shape), schemas, snapshot.files, snapshot.days)
    everybody = people(shape.subjects, schemas, cells)
    return [
        (hits.rule_id, place.subject_id, place.repeat, place.message)
        for hits in check_event_logs(schemas, protocol, people=everybody, cells=cells)
        for place in hits.places.itertuples()
    ]


def event(log: Log, who: str = "P000", what: str = "pain") -> dict[str, str]:
    """A new event of a participant, on no day yet."""
    numbers = [int(each["repeat"]) for each in log if each["subject_id"] == who]
    made = {
        "subject_id": who,
        "repeat": str(max(numbers, default=0) + 1),
        "happened": "",
        "what": what,
    }
    log.append(made)
    return made


def test_a_log_in_order_is_not_asked_about(written: Path) -> None:
    assert [each for each in found(written) if each[0] != "events_on_one_day"] == []


def test_an_event_before_the_randomisation_is_asked_about_and_one_on_its_day_is_not(
    written: Path,
) -> None:
    def spoil(log: Log, start: dict[str, date], _: object) -> None:
        event(log)["happened"] = str(start["P000"] - timedelta(days=1))
        event(log, "P001")["happened"] = str(start["P001"])
        event(log, "P002", "medicine")["happened"] = str(start["P002"] - timedelta(days=9))

    start = _days(written, "randomisation", "randomisation_date")["P000"]
    ((rule, who, _, said),) = [each for each in found(written, spoil) if "day" not in each[0]]
    assert (rule, who) == ("event_before_origin", "P000")
    assert "is before the day of the randomisation, so that it is not counted." in said
    assert said.startswith(f"Day: {start - timedelta(days=1)}")


def test_an_event_after_the_last_day_is_asked_about_and_one_on_it_is_not(written: Path) -> None:
    def spoil(log: Log, _: object, end: dict[str, date]) -> None:
        event(log)["happened"] = str(end["P000"] + timedelta(days=1))
        event(log, "P001")["happened"] = str(end["P001"])

    ((rule, who, _, said),) = [each for each in found(written, spoil) if "day" not in each[0]]
    assert (rule, who) == ("event_after_end", "P000")
    assert "is after the last day in the study, so that it is not counted. Correct" in said


def test_the_second_of_two_events_on_a_day_is_asked_about_where_that_is_not_usual(
    written: Path,
) -> None:
    def spoil(log: Log, start: dict[str, date], _: object, *, many: int = 1) -> None:
        log[:] = [each for each in log if each["what"] == "medicine"]
        for each in range(many):
            for _again in range(2):
                who = f"P{each:03d}"
                event(log, who)["happened"] = str(start[who] + timedelta(days=5))

    ((rule, who, number, said),) = found(written, spoil)
    assert (rule, who) == ("events_on_one_day", "P000")
    assert f"is the day of row {int(number) - 1}, too, and both are counted" in said
    assert found(written, lambda *told: spoil(*told, many=4)) == []


def test_an_event_of_somebody_not_randomised_is_asked_about(written: Path) -> None:
    def spoil(log: Log, start: dict[str, date], _: object) -> None:
        made = event(log, who=_not_randomised(written))
        made["happened"] = str(start["P000"])

    ((rule, who, _, said),) = [each for each in found(written, spoil) if "day" not in each[0]]
    assert (rule, who) == ("event_never_at_risk", _not_randomised(written))
    assert "an event of somebody who was not randomised, so that it is not counted" in said


def _not_randomised(folder: Path) -> str:
    with (folder / "data" / "screening.csv").open(encoding="utf-8") as file:
        screened = [row["subject_id"] for row in csv.DictReader(file)]
    inside = _days(folder, "randomisation", "randomisation_date")
    return next(each for each in screened if each not in inside)


def test_an_origin_of_a_form_is_named_and_a_day_that_is_no_date_is_left_alone(
    tmp_path: Path,
) -> None:
    folder = write_recurrences(tmp_path / "trial", per_arm=6)
    file = folder / "protocol.toml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace('unit = "weeks"', 'unit = "weeks"\norigin = "end_of_study.end_date"'), "utf-8"
    )
    told = found(folder)
    assert told
    early = [each[3] for each in told if each[0] == "event_before_origin"]
    assert early
    assert all("is before 'End date' of the form 'End of study', so" in each for each in early)
    form = folder / "forms" / "log.toml"
    form.write_text(
        form.read_text("utf-8").replace('type = "date"', 'type = "partial_date"'), "utf-8"
    )
    assert found(folder) == []


def test_of_two_outcomes_that_read_one_log_an_event_is_asked_about_once(tmp_path: Path) -> None:
    folder = write_recurrences(tmp_path / "trial", per_arm=6)
    file = folder / "protocol.toml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace('[[outcomes]]\ncode = "better"', SECOND + '\n[[outcomes]]\ncode = "better"'),
        "utf-8",
    )

    def spoil(log: Log, start: dict[str, date], _: object) -> None:
        event(log)["happened"] = str(start["P000"] - timedelta(days=3))

    early = [each for each in found(folder, spoil) if each[0] == "event_before_origin"]
    assert len(early) == 1


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("event_after_end", ("end_of_study", "end_date")),
        ("event_before_origin", ("randomisation", "randomisation_date")),
    ],
)
def test_an_event_that_is_not_counted_rests_on_the_day_beside_it(
    rule: str, place: tuple[str, str], written: Path
) -> None:
    schemas = form_schemas(written, load_protocol(written))
    rested = cells_rested_on(rule, schemas.form("log"), "happened", schemas)
    assert place in {(each.form, each.item) for each in rested}


def test_outcome_whose_form_is_not_there_yet_is_not_looked_at(tmp_path: Path) -> None:
    line = line_of(write_recurrences(tmp_path / "trial", per_arm=4))
    young = replace(line.schemas, forms=())
    people = line.datasets.subjects
    assert check_event_logs(young, line.protocol, people=people, cells={}) == ()
