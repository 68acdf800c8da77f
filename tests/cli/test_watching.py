"""At the end of a run: every file that was written, and the hash to keep."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from trialkit.cli import watching
from trialkit.cli.report_summaries import show_anchor
from trialkit.cli.screen import Screen
from trialkit.cli.watching import OnScreen
from trialkit.report.content.manifest import sha256


def test_the_files_and_the_hash_of_the_manifest_stand_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("show_gaps", "show_lint"):
        monkeypatch.setattr(watching, name, lambda *_: None)
    watcher = OnScreen(Screen())
    watcher.show_files()
    assert capsys.readouterr().out == ""
    (tmp_path / "manifest.json").write_bytes(b"{}")
    written = [tmp_path / "report.html", tmp_path / "manifest.json"]
    published = SimpleNamespace(notices=("no PDF/UA",))
    watcher.has_published(published, written)  # type: ignore[arg-type]
    watcher.show_files()
    assert capsys.readouterr().out.splitlines() == [
        "Notice: no PDF/UA",
        f"  {written[0]}",
        f"  {written[1]}",
        f"SHA-256 of manifest.json: {sha256(b'{}')}",
        (
            "Keep it where nobody can change it; with it "
            f"'trialkit verify {tmp_path} --anchor HASH' tells whether all was made again."
        ),
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
