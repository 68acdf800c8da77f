"""``forms check`` tells which rules no row breaks, and is strict about them only when asked."""

from argparse import Namespace

import pytest

from trialkit.cli.commands import forms
from trialkit.newtrial.writing import write_new_trial


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_a_rule_without_a_test_is_a_fault_of_a_strict_check(tmp_path, capsys, strict, code) -> None:
    write_new_trial(tmp_path / "trial")
    form = tmp_path / "trial" / "forms" / "screening.toml"
    text, _, _ = form.read_text(encoding="utf-8").partition("# Rows that show")
    form.write_text(text, encoding="utf-8")

    assert forms.run(Namespace(action="check", trial=tmp_path / "trial", strict=strict)) == code
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "forms/screening.toml: no test breaks SCR01"
    assert said[-1].endswith("1 without a row that breaks it.")
