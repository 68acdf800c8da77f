"""Every form that comes with trialkit brings rows that break each of its rules, and rows that keep it."""

import pytest

from tests.conftest import EXAMPLE, few_at_once
from tests.miniature import Miniature, protocol
from trialkit.checks.forms.self_test import try_forms
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.instruments.form_file import form_text
from trialkit.schemas.instruments.registry import INSTRUMENTS

FORMATS = (DataFormat(), DataFormat(dates=DateOrder.DMY, decimal=",", delimiter=";"))


@pytest.mark.parametrize("data", few_at_once(FORMATS, 1), ids=["ISO", "as in Austria"])
def test_each_rule_of_an_instrument_is_broken_and_kept_by_a_row(data, tmp_path):
    trial = Miniature(protocol=protocol(data))
    trial.forms |= {
        name: form_text(each, visits=() if each.repeating else ("BL", "W6"))
        for name, each in INSTRUMENTS.items()
    }
    tried = [each for each in try_forms(trial.schemas(tmp_path)) if each.form.id in INSTRUMENTS]

    assert len(tried) == len(INSTRUMENTS)
    found = [(row.test.name, row.broken) for each in tried for row in each.tried if not row.passed]
    assert found == []
    assert [rule for each in tried for rule in (*each.never_broken, *each.never_kept)] == []


@pytest.mark.slow
def test_the_forms_of_both_shipped_trials_are_tested(tmp_path):
    assert main(["forms", "check", str(EXAMPLE), "--strict"]) == ExitCode.FINE
    assert main(["new", str(tmp_path / "trial")]) == ExitCode.FINE
    assert main(["instruments", "add", str(tmp_path / "trial"), "sae"]) == ExitCode.FINE
    assert main(["forms", "check", str(tmp_path / "trial"), "--strict"]) == ExitCode.FINE
