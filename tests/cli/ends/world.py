"""Every command on one small trial: what it is called with, and what it leaves.

The world is made once and copied for each call: a trial with something to answer and a list that is
committed to, a vault, earlier outputs, and files to import.
"""

import shutil
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import polars as pl
import pyreadstat

from trialkit.checks.findings.findings import query_key
from trialkit.checks.queries.queries import QueryAnswer
from trialkit.cli.main import main
from trialkit.errors import TrialStep
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.database.addressing import FILE
from trialkit.evidence.database.opening import sqlite_store
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import Actor, Occasion
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.second_entries import enter_again
from trialkit.steps.opening import open_trial
from trialkit.store.sources.folder_source import FolderSource

REDCAP = Path(__file__).parents[2] / "imports" / "redcap_projects" / "classic"
BY = ("--vault", "vault", "--by", "Ann")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASKED = query_key(
    subject_id="001", visit="", repeat="", form="demographics", item="age_years", rule_id="unusual"
)

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "new": ("new", "made"),
    "validate": ("validate", "trial"),
    "validate --strict": ("validate", "trial", "--strict"),
    "validate --data": ("validate", "trial", "--data", "trial/data/assessment.csv"),
    "analyse": ("analyse", "trial"),
    "report": ("report", "trial"),
    "report --package": ("report", "trial", "--package", "packed"),
    "run": ("run", "trial"),
    "run --pooled": ("run", "trial", "--pooled", "--formats", "html"),
    "import redcap": ("import", "redcap", "dictionary.csv", "export.csv", "--into", "project", "--missing=NA=NA"),
    "import workbook": ("import", "workbook", "trial", "typed.xlsx"),
    "import csv": ("import", "csv", "trial", "rows.csv", "--form", "demographics"),
    "import statfile": ("import", "statfile", "trial", "rows.sav", "--form", "demographics"),
    "import xlsform": ("import", "xlsform", "survey.xlsx", "trial"),
    "forms check": ("forms", "check", "trial"),
    "forms diff": ("forms", "diff", "other", "trial", "--out", "lists"),
    "forms sae": ("forms", "sae", "reporting", "001"),
    "instruments list": ("instruments", "list"),
    "instruments show": ("instruments", "show", "pgic"),
    "instruments add": ("instruments", "add", "trial", "pgic", "--visits", "BL"),
    "plan check": ("plan", "check", "trial"),
    "plan lock": ("plan", "lock", "trial", "--by", "Ann"),
    "plan history": ("plan", "history", "trial"),
    "protocol": ("protocol", "trial"),
    "datasets": ("datasets", "trial"),
    "trace": ("trace", "trial", "flow/-/descriptive/-/randomised/-/n", "--out", "trail"),
    "statements import": ("statements", "import", "edited.docx", "trial", "--write"),
    "verify": ("verify", "trial/output"),
    "verify --trial": ("verify", "report.docx", "--trial", "trial"),
    "power": ("power", "two_sample_t", "difference=10", "sd=24", "--out", "sizes"),
    "simulate": ("simulate", "trial", "--write", "rehearsal", "--participants", "8", "--entropy", "1"),
    "randomise plan": ("randomise", "plan", "trial", "--vault", "planned", "--slots", "24", "--allow-fixed"),
    "randomise commit": ("randomise", "commit", "other", "--vault", "planned", "--by", "Ann"),
    "randomise allocate": ("randomise", "allocate", "trial", *BY, "--subject", "009"),
    "randomise void": ("randomise", "void", "trial", *BY, "--reason", "error"),
    "randomise correct": ("randomise", "correct", "trial", *BY, "--subject", "008", "--field", "subject_id", "--to", "018", "--reason", "typed"),
    "randomise verify": ("randomise", "verify", "trial", "--vault", "vault", "--balance"),
    "randomise unblind": ("randomise", "unblind", "trial", *BY, "--subject", "008", "--reason", "harm"),
    "queries list": ("queries", "list", "trial"),
    "queries send": ("queries", "send", "trial"),
    "queries answer": ("queries", "answer", "trial", "answered.xlsx"),
    "deviations": ("deviations", "trial"),
    "due": ("due", "trial", "--from", "2025-01-01", "--to", "2025-12-31"),
    "queries apply": ("queries", "apply", "corrected", "--confirm", "--allow-hard", "--by", "Ann"),
    "queries raise": ("queries", "raise", "trial", "002", "demographics.age_years", "So old?", "--by", "Ann"),
    "queries comment": ("queries", "comment", "trial", ASKED, "Seen.", "--by", "Ann"),
    "queries close": ("queries", "close", "trial", ASKED, "Seen.", "--by", "Ann"),
    "codebook": ("codebook", "trial"),
    "workbook": ("workbook", "trial", "entry.xlsx"),
    "store init": ("store", "init", "trial"),
    "store import redcap": ("store", "import", "redcap", "dictionary.csv", "export.csv", "--into", "projected", "--missing=NA=NA", "--write"),
    "store import workbook": ("store", "import", "workbook", "stored", "typed.xlsx", "--write"),
    "store import csv": ("store", "import", "csv", "stored", "rows.csv", "--form", "demographics", "--write"),
    "store import statfile": ("store", "import", "statfile", "stored", "rows.sav", "--form", "demographics", "--write"),
    "store import xlsform": ("store", "import", "xlsform", "survey.xlsx", "surveyed", "--submissions", "habits.csv", "--subject", "participant", "--write"),
    "store import folder": ("store", "import", "folder", "stored", "other", "--write", "--reason", "typed"),
    "store export": ("store", "export", "stored", "exported"),
    "store log": ("store", "log", "stored", "--to", "log.csv"),
    "store diff": ("store", "diff", "stored", "2", "9"),
    "store verify": ("store", "verify", "stored"),
    "store anchor": ("store", "anchor", "stored"),
    "store backup": ("store", "backup", "stored", "second.sqlite"),
    "store restore": ("store", "restore", "emptied", "backup.sqlite"),
    "store status": ("store", "status", "stored"),
    "store query": ("store", "query", "stored", "ask", "--subject", "001", "--form", "demographics", "--item", "age_years", "--text", "right?"),
    "store mark": ("store", "mark", "stored", "--subject", "001"),
    "store freeze": ("store", "freeze", "stored", "--subject", "001"),
    "store lock": ("store", "lock", "stored", "--database", "--check"),
    "store unlock": ("store", "unlock", "stored", "225", "--reason", "late"),
    "store sign": ("store", "sign", "stored", "--subject", "001", "--meaning", "review", "--passphrase-file", "secret.txt"),
    "store passphrase": ("store", "passphrase", "stored", "--passphrase-file", "secret.txt", "--before-file", "secret.txt"),
    "store grant": ("store", "grant", "stored", "gus", "coordinator", "--at", "north", "--begin-roles"),
    "store revoke": ("store", "revoke", "granted", "3", "--reason", "left"),
    "store people": ("store", "people", "stored"),
    "store place": ("store", "place", "sited"),
    "store allocate": ("store", "allocate", "randomised", "009", "--vault", "own vault"),
    "store unblind": ("store", "unblind", "randomised", "008", "--vault", "own vault", "--reason", "harm"),
    "store redact": ("store", "redact", "stored", "21", "--reason", "a name", "--write"),
    "store migrate": ("store", "migrate", "newer", "--write"),
    "store again": ("store", "again", "twice", "second.csv", "--form", "demographics", "--person", "Ben"),
    "store compare": ("store", "compare", "stored", "--to", "compared.csv"),
    "store adjudicate": ("store", "adjudicate", "twice", "001", "demographics.age_years", "35", "--reason", "seen", "--person", "Eve"),
}  # fmt: skip


def make_world(folder: Path) -> None:
    """What the commands are called on, in the current folder."""
    trial = folder / "trial"
    called("new", "trial")
    (trial / "statements" / "6.md").write_text("Patients were asked twice.\n", encoding="utf-8")
    demographics = trial / "data" / "demographics.csv"
    entered = demographics.read_text(encoding="utf-8")
    assert "001,f,34" in entered
    demographics.write_text(entered.replace("001,f,34", "001,f,94"), encoding="utf-8")
    called("run", "trial", "--formats", "html,md")
    called("validate", "trial")
    called("report", "trial", "--formats", "docx", "--out", "word")
    shutil.move(folder / "word" / "report.docx", folder / "report.docx")
    shutil.rmtree(folder / "word")
    _edit(folder / "report.docx", folder / "edited.docx")
    called("randomise", "plan", "trial", "--vault", "vault", "--slots", "20", "--allow-fixed")
    shutil.copytree(folder / "vault", folder / "planned")
    shutil.copytree(trial, folder / "other")
    called("randomise", "commit", "trial", *BY)
    called("randomise", "allocate", "trial", *BY, "--subject", "008")
    called("workbook", "trial", "typed.xlsx")
    _report(folder / "reporting")
    _type(folder / "typed.xlsx")
    _answer(trial / "output" / "findings.xlsx", folder / "answered.xlsx")
    _answer(trial / "output" / "findings.xlsx", folder / "righted.xlsx", right_value="34")
    shutil.copytree(trial, folder / "corrected")
    called("queries", "answer", "corrected", "righted.xlsx")
    _survey(folder / "survey.xlsx")
    (folder / "rows.csv").write_text("subject_id,sex,age_years\n012,f,41\n", encoding="utf-8")
    pyreadstat.write_sav(
        pd.DataFrame({"subject_id": ["012"], "sex": ["f"], "age_years": [41]}), folder / "rows.sav"
    )
    for name in ("dictionary.csv", "export.csv"):
        shutil.copy(REDCAP / name, folder)
    demographics.write_text(entered.replace("002,m,52", "002,m,95"), encoding="utf-8")
    _store(folder)


def _store(folder: Path) -> None:
    """Trials with a store, one that has lost it, and a backup of the first."""
    for name in ("stored", "emptied", "surveyed", "twice"):
        shutil.copytree(folder / "trial", folder / name)
    shutil.copytree(folder / "trial", folder / "sited")
    _say_sites(folder / "sited")
    called("store", "init", "sited")
    called("store", "import", "folder", "sited", "--write")
    called("store", "init", "twice", "--open")
    shutil.copytree(folder / "twice", folder / "newer")
    form = folder / "newer" / "forms" / "demographics.toml"
    form.write_text(form.read_text(encoding="utf-8").replace("Female", "Woman"), encoding="utf-8")
    _enter_twice(folder / "twice", folder / "second.csv")
    called("store", "init", "stored", "--open")
    called("store", "import", "folder", "stored", "--write")
    (folder / "secret.txt").write_text("correct horse battery\n", encoding="utf-8")
    called("store", "passphrase", "stored", "--passphrase-file", "secret.txt")
    called("store", "lock", "stored", "--subject", "003")
    called("store", "backup", "stored", "backup.sqlite")
    own = ("--vault", "own vault")
    called("new", "randomised")
    _screened(folder / "randomised" / "data", "008", "009")
    called("store", "init", "randomised")
    called("store", "import", "folder", "randomised", "--write")
    called("randomise", "plan", "randomised", *own, "--slots", "20", "--allow-fixed")
    called("randomise", "commit", "randomised", *own, "--by", "Ann")
    called("store", "allocate", "randomised", "008", *own)
    shutil.copytree(folder / "trial", folder / "granted")
    called("store", "init", "granted")
    called("store", "grant", "granted", "ben", "coordinator", "--begin-roles")
    called(
        "import", "redcap", "dictionary.csv", "export.csv", "--into", "projected", "--missing=NA=NA"
    )
    called("store", "init", "projected")
    called("import", "xlsform", "survey.xlsx", "surveyed", "--subject", "participant")
    called("store", "init", "surveyed")
    (folder / "habits.csv").write_text(
        "participant,habits-cups,KEY\n001,3,uuid:1\n", encoding="utf-8"
    )


def called(*argv: str) -> None:
    """A call that must end well."""
    assert main(argv) == 0, argv


def _screened(data: Path, *subjects: str) -> None:
    """Nothing stands there but that these were screened."""
    for path in data.glob("*.csv"):
        rows = path.read_text(encoding="utf-8").splitlines()[:1]
        if path.stem == "screening":
            rows += [f"{subject},2025-01-08,2025-01-08,yes," for subject in subjects]
        path.write_text("\n".join([*rows, ""]), encoding="utf-8")


def _report(trial: Path) -> None:
    """A trial in which a serious event was reported."""
    called("new", "reporting")
    called("instruments", "add", "reporting", "sae")
    data = trial / "data" / "sae.csv"
    heading = data.read_text(encoding="utf-8")
    data.write_text(f"{heading}001,1{',' * (heading.count(',') - 1)}\n", encoding="utf-8")


def _say_sites(trial: Path) -> None:
    """A form that says to which site each participant belongs."""
    form, data = trial / "forms" / "demographics.toml", trial / "data" / "demographics.csv"
    item = '\n[[items]]\nid = "site"\nlabel = "Site"\ntype = "text"\npurpose = "site"\n'
    form.write_text(form.read_text(encoding="utf-8") + item, encoding="utf-8")
    head, *rows = data.read_text(encoding="utf-8").splitlines()
    told = [f"{head},site", *(f"{row},{'north ' * 200}" for row in rows)]
    data.write_text("\n".join(told) + "\n", encoding="utf-8")


def _enter_twice(trial: Path, second: Path) -> None:
    """A store whose tables one person entered, and a row of them another one otherwise."""
    ann = Actor(person="ann", printed_name="Ann Miller", role="coordinator")
    ben = Actor(person="ben", printed_name="Ben Okafor", role="coordinator")
    schemas = open_trial(trial, step=TrialStep.VALIDATE).schemas
    store = sqlite_store(trial / FILE)
    found = difference(store, FolderSource(folder=trial), schemas)
    append(store, found.entries, Occasion(author=ann, at=AT, door=Door.IMPORT))
    row = pl.DataFrame({"subject_id": ["001"], "sex": ["f"], "age_years": ["35"]})
    form = schemas.form("demographics")
    enter_again(store, form, row, Occasion(author=ben, at=AT, door=Door.ENTRY))
    store.close()
    second.write_text("subject_id,sex,age_years\n002,m,52\n", encoding="utf-8")


def _edit(report: Path, edited: Path) -> None:
    """The report with one statement said otherwise."""
    with ZipFile(report) as made, ZipFile(edited, "w") as kept:
        for name in made.namelist():
            content = made.read(name)
            kept.writestr(name, content.replace(b"asked twice", b"asked three times"))


def _type(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["demographics"]
    for column, typed in enumerate(("011", "m", "50"), start=1):
        sheet.cell(sheet.max_row + 1 if column == 1 else sheet.max_row, column).value = typed
    book.save(path)


def _answer(path: Path, answered: Path, right_value: str = "") -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        heads = [cell.value for cell in sheet[1]]
        for name, said in {
            "answer": QueryAnswer.CORRECTED if right_value else QueryAnswer.CONFIRMED,
            "right value": right_value,
            "reason": "so",
            "answered by": "A",
        }.items():
            if name in heads:
                sheet.cell(2, heads.index(name) + 1).value = str(said)
    book.save(answered)


def _survey(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    for row in (
        ("type", "name", "label"),
        ("text", "participant", "Participant"),
        ("begin group", "habits", "Habits"),
        ("integer", "cups", "Cups of coffee"),
        ("end group", "", ""),
    ):
        sheet.append(row)
    book.create_sheet("choices").append(("list_name", "name", "label"))
    settings = book.create_sheet("settings")
    settings.append(("form_id", "form_title"))
    settings.append(("habits", "Habits"))
    book.save(path)


def leaves(parser: ArgumentParser, name: str = "") -> Iterator[str]:
    """Every command and action that there is."""
    below = [each for each in parser._actions if isinstance(each, _SubParsersAction)]
    if not below:
        yield name
    for action in below:
        for word, inner in action.choices.items():
            yield from leaves(inner, f"{name} {word}".strip())
