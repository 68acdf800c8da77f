"""The recipes of CONTRIBUTING, each carried out in a copy of the package by the recipe alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "trialkit"
ALL_BUT_ONE = '''"""The methods of a plan in French, as far as they are translated."""

from dataclasses import replace
from types import MappingProxyType

from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.methods import every_method as english

METHODS = MappingProxyType(
    {
        **english.METHODS,
        Method.ANCOVA: replace(
            english.METHODS[Method.ANCOVA], names={Method.ANCOVA: "analyse de covariance"}
        ),
    }
)
'''
RUN = "import sys; from trialkit.cli.main import main; sys.exit(main())"


def copied(folder: Path) -> Path:
    """A copy of the package, with its templates beside it, to change."""
    shutil.copytree(PACKAGE.parent / "templates", folder / "templates")
    return Path(
        shutil.copytree(
            PACKAGE, folder / "trialkit", ignore=shutil.ignore_patterns("__pycache__", "output")
        )
    )


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line of the copy."""
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_language_by_the_recipe(tmp_path: Path) -> None:
    words = copied(tmp_path) / "report" / "words"
    (words / "fr" / "methods").mkdir(parents=True)
    for each in ("fr", "fr/methods"):
        (words / each / "__init__.py").write_text('"""French."""\n', "utf-8")
    (words / "fr" / "methods" / "every_method.py").write_text(ALL_BUT_ONE, "utf-8")
    list_of = words / "languages.py"
    text = list_of.read_text("utf-8")
    imported = "from trialkit.report.words.en.methods import every_method as english\n"
    entered = 'Language(code="en", methods=english.METHODS),'
    assert imported in text
    assert entered in text
    list_of.write_text(
        text.replace(
            imported, imported + imported.replace(".en.", ".fr.").replace("english", "fr")
        ).replace(entered, f'{entered} Language(code="fr", methods=fr.METHODS),'),
        "utf-8",
    )
    trial = Path(shutil.copytree(PACKAGE / "newtrial", tmp_path / "trial"))
    protocol = trial / "protocol.toml"
    original = protocol.read_text("utf-8")

    protocol.write_text(original + '\n[report]\nlanguage = "fr"\n', "utf-8")
    done = run(tmp_path, "protocol", "trial", "--out", "out", "--formats", "md")
    assert done.returncode == 0, done.stderr
    (written,) = (tmp_path / "out").glob("*.md")
    assert "Symptoms: analyse de covariance, final value" in written.read_text("utf-8")

    protocol.write_text(original + '\n[report]\nlanguage = "de"\n', "utf-8")
    refused = run(tmp_path, "protocol", "trial", "--out", "out", "--formats", "md")
    assert refused.returncode == 2
    assert "found 'de'; known are en, fr" in refused.stdout + refused.stderr
