"""At the end of a run: what came of it, the hash to keep, and what to open."""

from argparse import Namespace
from pathlib import Path

import pytest

from trialkit.cli import watching
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.report_summaries import show_anchor
from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone
from trialkit.cli.watching import OnScreen
from trialkit.report.content.manifest import sha256


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Namespace:
    """What a run comes to, as far as the summary asks; the parts of the summary are its names."""
    for name in ("show_gaps", "show_lint"):
        monkeypatch.setattr(watching, name, lambda *_: None)
    for name in ("brief_result", "brief_unanswered", "brief_state", "counts_of"):
        monkeypatch.setattr(watching, name, lambda *_, name=name: name)
    monkeypatch.setattr(watching, "show_errors", lambda *_: None)
    monkeypatch.setattr(watching, "ended_by", lambda _: ExitCode.FINE)
    for name in ("tone_of", "tone_of_report"):
        monkeypatch.setattr(watching, name, lambda _: Tone.GOOD)
    trial = Namespace(name="Mini", synthetic="Made up")
    opened = Namespace(protocol=Namespace(trial=trial), folder=Path("trial"))
    analysed = Namespace(validated=Namespace(trial=opened, log=None))
    return Namespace(analysed=analysed, notices=("no PDF/UA",))


def test_a_run_ends_in_six_lines_of_which_the_last_says_what_to_open(
    reached: Namespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}")
    written = [tmp_path / name for name in ("checklist.csv", "report.html", "manifest.json")]
    watcher = OnScreen(Screen())
    watcher.has_published(reached, written)  # type: ignore[arg-type]
    watcher.sum_up(reached.analysed, reached)  # type: ignore[arg-type]
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Notice: no PDF/UA",
        "Mini (Made up)",
        "counts_of brief_state",
        "brief_result",
        "brief_unanswered",
        (
            f"Keep the SHA-256 of manifest.json where nobody can change it: {sha256(b'{}')}; "
            f"'trialkit verify {tmp_path} --trial trial --anchor HASH' then tells whether all was "
            "made again."
        ),
        f"Open {tmp_path / 'report.html'}",
    ]


def test_verbose_lists_every_file(
    reached: Namespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = [tmp_path / name for name in ("results.csv", "series.csv")]
    watcher = OnScreen(Screen(), verbose=True)
    watcher.has_published(reached, written)  # type: ignore[arg-type]
    watcher.sum_up(reached.analysed, reached)  # type: ignore[arg-type]
    assert capsys.readouterr().out.splitlines()[-3:] == [
        f"  {written[0]}",
        f"  {written[1]}",
        f"Open {written[0]}",
    ]


def test_a_report_outside_its_trial_is_verified_with_the_trial_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = tmp_path / "out" / "manifest.json"
    manifest.parent.mkdir()
    manifest.write_bytes(b"{}")
    show_anchor(manifest, tmp_path / "trial", Screen())
    assert (
        f"verify {manifest.parent} --trial {tmp_path / 'trial'} --anchor" in capsys.readouterr().out
    )
    show_anchor(manifest, tmp_path, Screen())
    assert "--trial" not in capsys.readouterr().out
