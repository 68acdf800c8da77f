"""What the command says and writes of a sample size, a power and an effect."""

import csv
from argparse import Namespace
from xml.etree import ElementTree

import pytest
from scipy.stats import nct, t

from trialkit.cli.commands import power
from trialkit.cli.exit_codes import ExitCode
from trialkit.errors import DesignError


def called(capsys, *assumptions, what="two_sample_t", **changed):
    options = {
        "power": 0.8, "n": None, "detect": False, "dropout": 0.0, "looks": None,
        "boundary": "obrien-fleming-spending", "futility": None, "binding": False, "out": None,
    }  # fmt: skip
    arguments = Namespace(what=what, assumptions=list(assumptions), **{**options, **changed})
    code = power.run(arguments)
    return code, capsys.readouterr().out.splitlines()


def power_of(n_each, effect, alpha=0.05):
    """The power of Student's test with so many in each arm, by the noncentral t distribution."""
    df, shift = 2 * n_each - 2, effect * (n_each / 2) ** 0.5
    limit = t.ppf(1 - alpha / 2, df)
    return 1 - nct.cdf(limit, df, shift) + nct.cdf(-limit, df, shift)


def test_the_smallest_size_with_the_power_is_said_and_written(tmp_path, capsys):
    n = next(n for n in range(2, 200) if power_of(n, 0.5) >= 0.9)

    code, said = called(capsys, "difference=5", "sd=10", power=0.9, dropout=0.2, out=tmp_path)

    assert code == ExitCode.FINE
    assert f"{2 * n} participants ({n} reference and {n} experimental)" in said[0]
    with (tmp_path / "sample_size.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # of each arm a fifth drops out
    assert [int(row["randomised"]) for row in rows] == [108, 108, 216]
    assert n == 86  # and 86 / 0.8 is 107.5
    with (tmp_path / "assumptions.csv").open(encoding="utf-8") as file:
        assert {"5.0", "10.0"} <= {cell for row in csv.reader(file) for cell in row}
    assert (tmp_path / "sample_size.txt").read_text("utf-8").splitlines()[0] == said[0]
    drawing = ElementTree.parse(tmp_path / "power_curve.svg").getroot()
    assert drawing.tag.endswith("svg")
    names = ("sample_size.txt", "power_curve.svg", "sample_size.csv", "assumptions.csv",
             "sensitivity.csv", "power_curve.csv")  # fmt: skip
    assert said[-6:] == [f"  {tmp_path / name}" for name in names]
    with (tmp_path / "power_curve.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) > 5


def test_the_power_of_a_number_is_said(capsys):
    code, said = called(capsys, "difference=5", "sd=10", n="60")

    assert code == ExitCode.FINE
    assert f"{power_of(30, 0.5):.4f}"[:5] in said[0]


def test_the_effect_that_a_number_can_show_is_said_alone(capsys):
    code, said = called(capsys, "difference=1", "sd=1", n="128", detect=True)

    assert (code, len(said)) == (ExitCode.FINE, 1)
    words, effect = said[0].removesuffix(".").rsplit(" is ", 1)
    assert words == "With n = 128 the difference with a power of 0.8"
    assert power_of(64, float(effect)) == pytest.approx(0.8, abs=1e-6)


def test_looks_add_their_boundaries_and_a_larger_size(tmp_path, capsys):
    _, said = called(capsys, "difference=5", "sd=10", looks="2", boundary="pocock", out=tmp_path)

    with (tmp_path / "boundaries.csv").open(encoding="utf-8") as file:
        bounds = list(csv.DictReader(file))
    # Pocock's constant for two looks at 5 %, two-sided, is 2.178 (Jennison & Turnbull 2000)
    assert [float(row["upper_z"]) for row in bounds] == pytest.approx([2.178, 2.178], abs=5e-4)
    assert [float(row["time"]) for row in bounds] == [0.5, 1.0]
    assert said[-2:] == [f"  {tmp_path / 'boundaries.csv'}", f"  {tmp_path / 'looks.csv'}"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"detect": True}, "--detect needs --n"),
        ({"n": "20", "looks": "3"}, "--looks goes with a size that is solved for, not with --n"),
        ({"what": "two_sample_tt"}, "neither a method nor a trial's folder"),
    ],
)
def test_a_call_that_contradicts_itself_is_refused(changed, words, capsys):
    with pytest.raises(DesignError, match=words):
        called(capsys, "difference=5", "sd=10", **changed)
