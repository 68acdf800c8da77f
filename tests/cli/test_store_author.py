"""Who acts is the account of the computer, under the name that is given; the moment is the door's."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialkit.cli.store_author import account_of, address, author, occasion, time_zone
from trialkit.errors import EvidenceError
from trialkit.evidence.database import addressing
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import NO_ROLE

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ann")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.delenv("TRIALKIT_BY", raising=False)


def arguments(**said: str) -> Namespace:
    usual = {"person": "", "role": "", "site": "", "moment": AT, "url": "", "action": "redact"}
    return Namespace(**usual | {"trial": Path("trial")} | said)


def test_account_of_a_server_is_the_login_of_the_call() -> None:
    url = "postgresql://ben@db.example/trial"
    assert account_of(arguments(url=url)) == "ben"
    assert account_of(arguments(url="postgresql://db.example/trial")) == "ann"
    assert account_of(arguments(url=url, action="init")) == "ann"
    assert address(arguments(url=url)).person == "ben"
    assert address(arguments()).person == "ann"


def test_account_and_printed_name_are_two_things() -> None:
    found = author(arguments(person=" Ann  Miller ", role="monitor", site="A"))
    assert (found.person, found.printed_name, found.role, found.site, found.zone) == (
        "ann", "Ann Miller", "monitor", "A", "Europe/Berlin",
    )  # fmt: skip


def test_who_gives_no_name_acts_by_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    assert author(arguments()).printed_name == "ann"
    assert author(arguments()).role == NO_ROLE
    monkeypatch.setenv("TRIALKIT_BY", "A. Miller")
    assert author(arguments()).printed_name == "A. Miller"


def test_a_computer_without_accounts_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError

    monkeypatch.setattr(addressing, "getuser", nobody)
    with pytest.raises(EvidenceError, match="set LOGNAME"):
        author(arguments())


def test_the_moment_is_that_of_the_door() -> None:
    found = occasion(arguments(), Door.IMPORT, definition="d")
    assert (found.moment, found.door, found.definition) == (
        "2026-03-02T08:00:00.000Z", Door.IMPORT, "d",
    )  # fmt: skip


def test_a_zone_is_named_or_its_distance_told(monkeypatch, tmp_path) -> None:
    zones = tmp_path / "zoneinfo" / "Asia"
    zones.mkdir(parents=True)
    (zones / "Tokyo").touch()
    link = tmp_path / "localtime"
    link.symlink_to(zones / "Tokyo")
    monkeypatch.setenv("TZ", "nonsense/../..")
    assert time_zone("+0900", link) == "Asia/Tokyo"
    assert time_zone("+0530", tmp_path / "none") == "UTC+05:30"
    assert time_zone("+0000", tmp_path / "none") == "UTC"
