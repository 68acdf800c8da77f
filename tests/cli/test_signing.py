"""Whoever changes something has a name: by option, by environment, or as the computer knows them."""

from argparse import Namespace
from datetime import UTC

import pytest

from trialkit.cli import signing
from trialkit.cli.signing import VARIABLE, person, signed
from trialkit.errors import DataFileError


def test_the_option_goes_before_the_environment_and_that_before_the_login(monkeypatch) -> None:
    monkeypatch.setattr(signing, "getuser", lambda: "ana")
    monkeypatch.delenv(VARIABLE, raising=False)
    assert person(Namespace(by="")) == "ana"
    monkeypatch.setenv(VARIABLE, "Ana Sá")
    assert person(Namespace(by="")) == "Ana Sá"
    assert person(Namespace(by="  Bo\nLi ")) == "Bo Li"


def test_nobody_changes_anything_without_a_name(monkeypatch) -> None:
    def nobody() -> str:
        raise KeyError("uid 4711")

    monkeypatch.setattr(signing, "getuser", nobody)
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(DataFileError, match="pass --by NAME, or set TRIALKIT_BY"):
        person(Namespace(by=""))


def test_a_signature_has_the_reason_that_was_given_else_the_usual_one() -> None:
    usual = signed(Namespace(by="Ann", reason=""), reason="import of a.csv")
    given = signed(Namespace(by="Ann", reason="typing errors"), reason="import of a.csv")

    assert (usual.who, usual.reason, given.reason) == ("Ann", "import of a.csv", "typing errors")
    assert usual.on.tzinfo is UTC
