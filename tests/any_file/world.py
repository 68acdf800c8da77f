"""A folder with a sound file of every kind that the product reads, each made by what writes it."""

import contextlib
import csv
import html
import io
import json
import shutil
from datetime import date
from itertools import product
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import polars as pl
import pyreadstat
from docx import Document

from tests.conftest import THREE_ARMS
from tests.evidence.authorities import made_signing
from tests.imports.books import book, sheet, texts
from tests.planned.external import SOUND
from tests.signed import SIGNED
from trialkit.cli.main import main
from trialkit.evidence.verifying.anchoring import Anchor, with_anchor
from trialkit.evidence.verifying.time_stamps import question
from trialkit.files.whole_files import write_together
from trialkit.newtrial.writing import write_new_trial
from trialkit.store.changes.change_log import DataRow, change, with_changes

PROJECT = """<?xml version="1.0" encoding="UTF-8" ?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org"><Study><MetaDataVersion>
<FormDef OID="Form.base" redcap:FormName="base"><ItemGroupRef ItemGroupOID="g"/></FormDef>
<ItemGroupDef OID="g"><ItemRef ItemOID="rec"/><ItemRef ItemOID="age"/></ItemGroupDef>
<ItemDef OID="rec" redcap:Variable="rec" redcap:FieldType="text"><Question><TranslatedText>R</TranslatedText></Question></ItemDef>
<ItemDef OID="age" redcap:Variable="age" redcap:FieldType="text" redcap:TextValidationType="int"><Question>
<TranslatedText>Age</TranslatedText></Question><RangeCheck Comparator="LE"><CheckValue>90</CheckValue></RangeCheck></ItemDef>
</MetaDataVersion></Study><ClinicalData><SubjectData SubjectKey="1"><FormData FormOID="Form.base" FormRepeatKey="1">
<ItemGroupData><ItemData ItemOID="rec" Value="1"/><ItemData ItemOID="age" Value="40"/></ItemGroupData></FormData>
</SubjectData></ClinicalData></ODM>
"""
AUTHORS = """
[[authors]]
name = "Ann Example"
orcid = "0000-0002-1825-0097"
affiliations = ["clinic"]
contributions = ["methodology"]

[[affiliations]]
id = "clinic"
name = "A clinic"
"""
PROJECTS = Path(__file__).parents[1] / "imports" / "redcap_projects"
TO_NEWER_FORMS = """
reason = "second version"
moved = [{ form = "assessment", item = "walk_m", to = "walk_km", factor = 0.001 }]
codes = [{ form = "demographics", item = "sex", code = "f", to = "female" }]
dropped = [{ form = "assessment", item = "remark" }]
accepted = [{ form = "assessment", item = "symptom_score", what = "label" }]
"""
MAPPING = """
[missing]
"-99" = "ND"

[[tables]]
form = "assessment"
ignore = ["remark"]

[tables.columns]
subject_id = "id"
symptom_score = "score"
walk_m = "walk"

[tables.values.visit]
"Baseline" = "BL"
"""
INCOMING = "id,visit,score,walk,remark\n001,Baseline,58,-99,x\n002,BL,63,401,\n"
REFERENCES = r"""@string{j = "Trials"}
@article{lee2020, author={Lee, Ann and M{\"u}ller, B}, title={{CO}$_2$ \& more}, journal=j # " Open",
  year=2020, month=mar, pages={1--2}}
"""
SIMULATION = """
[conduct]
participants = 12
dropout = 0.1

[[outcomes]]
code = "symptoms"
baseline = 50
sd = 12
"""
SURVEY = (
    ("type", "name", "label", "hint", "relevant", "constraint", "required", "calculation"),
    ("text", "who", "Participant"),
    ("begin group", "g", "About you", "", "${who} != ''"),
    ("integer", "age", "Age", "in years", "", ". &gt;= 18 and . &lt;= 99", "yes"),
    ("select_one yn", "well", "Well?", "", "${age} &gt; 20", "", "true()"),
    ("select_multiple why", "why", "Why", "", "selected(${well}, 'no')"),
    ("end group",),
    ("date", "day", "Day", "", "", ". &gt;= date('2025-01-01')"),
    ("calculate", "twice", "", "", "", "", "", "${age} * 2"),
    ("begin repeat", "falls", "Falls"),
    ("decimal", "height", "Height"),
    ("end repeat",),
)
CHOICES = (
    ("list_name", "name", "label"),
    ("yn", "yes", "Yes"),
    ("yn", "no", "No"),
    ("why", "ill", "Ill"),
    ("why", "work", "Work"),
)


def command(*arguments: str) -> int:
    """What a command ends with, its words left unprinted."""
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        try:
            return int(main(list(arguments)))
        except SystemExit as ended:
            return int(ended.code or 0)


def _without_pictures(report: Path, edited: Path) -> None:
    """A Word file of its text alone, small enough to be harmed without being cut."""
    with ZipFile(report) as made, ZipFile(edited, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            if not name.startswith("word/media/"):
                kept.writestr(name, made.read(name))


def done(*arguments: str) -> None:
    """A command of which the next ones need the outcome."""
    if (code := command(*arguments)) > 1:
        raise AssertionError(f"{' '.join(arguments)} ended with {code}")


def made_world(folder: Path) -> Path:
    """All of them, in a folder that is made."""
    trial = folder / "trial"
    folder.mkdir(parents=True)
    write_new_trial(trial)
    scores = trial / "data" / "assessment.csv"
    scores.write_text(scores.read_text().replace(",412\n", ",990\n").replace(",39,", ",UNK,"))
    (trial / "data" / "not_done.csv").write_text("subject_id,visit,form,reason\n")
    (trial / "statements" / "6.md").write_text(
        "Patients were *asked* [@lee2020; @who, p. 3].\n\n- Twice.\n"
    )
    (trial / "references.bib").write_text(REFERENCES)
    (trial / "references.json").write_text(
        '[{"id": "who", "title": "T", "author": [{"literal": "WHO"}]}]'
    )
    (trial / "simulation.toml").write_text(SIMULATION)
    (trial / "authors.toml").write_text(AUTHORS)
    done("run", str(trial), "--formats", "html")
    done("report", str(trial), "--formats", "docx", "--out", str(folder / "word"))
    _without_pictures(folder / "word" / "report.docx", folder / "edited.docx")
    done("queries", "send", str(trial))
    done("deviations", str(trial))
    done("workbook", str(trial), str(folder / "entry.xlsx"))
    shutil.copytree(trial / "output", folder / "as_made")
    _of_answers(trial, folder)
    _of_imports(folder)
    _of_lists(folder)
    _of_time_stamps(folder / "stamped")
    row = DataRow(form="assessment", subject_id="001", visit="BL")
    line = change(row, "walk_m", old="990", new="412", signed=SIGNED, query_key="q0")
    write_together(with_changes(trial / "data", (line,)))
    done("plan", "lock", str(trial), "--by", "Ann")
    (folder / "packed").mkdir()
    listed = {"files": [{"file": "manuscript.docx", "sha256": "0" * 64}]}
    (folder / "packed" / "package.json").write_text(json.dumps(listed))
    (folder / "derived").mkdir()
    tables = {"files": [{"file": "subjects.csv", "sha256": "0" * 64}]}
    (folder / "derived" / "datasets.json").write_text(json.dumps(tables))
    document = Document()
    document.add_heading("A trial", 1)
    document.add_paragraph("Looks.")
    document.save(str(folder / "looks.docx"))
    states = ("".join(each) for each in product("12345", repeat=5))
    rows = "\n".join(f"{each},{1 - int(each) / 60000:.3f}" for each in states)
    (folder / "outside" / "external").mkdir(parents=True)
    (folder / "outside" / "external" / "cox.csv").write_text(SOUND)
    (folder / "values.csv").write_text(f"state,value\n{rows}\n")
    return folder


def _of_time_stamps(folder: Path) -> None:
    signing = made_signing(folder)
    plain = Anchor(seq=42, hash="a" * 64)
    stamp = signing.answer(question(plain.stated).encoded)
    stamped = Anchor(seq=plain.seq, hash=plain.hash, stamp=stamp)
    write_together(with_anchor(folder / "anchors.txt", stamped))


def _of_answers(trial: Path, folder: Path) -> None:
    [listing] = sorted((trial / "output" / "sites").rglob("*.xlsx"))
    shutil.copy(listing, folder / "answers.xlsx")
    keys = pl.read_csv(trial / "queries" / "queries.csv", infer_schema=False)["query_key"]
    rows = "\n".join(f"{key},confirmed,as measured,Ann" for key in keys)
    (folder / "answers.csv").write_text(f"query_key,answer,reason,answered_by\n{rows}\n")


def _of_imports(folder: Path) -> None:
    shutil.copytree(PROJECTS / "longitudinal", folder / "redcap")
    (folder / "redcap" / "project.xml").write_text(PROJECT, encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING)
    (folder / "newer.toml").write_text(TO_NEWER_FORMS)
    (folder / "incoming.csv").write_text(INCOMING)
    pages = {
        name: sheet(*(texts(*row) for row in rows))
        for name, rows in (("survey", SURVEY), ("choices", CHOICES))
    }
    book(folder / "xlsform.xlsx", sheets=pages)
    with ZipFile(folder / "submissions.zip", "w") as archive:
        archive.writestr("survey.csv", "who,g-age,g-well,day,KEY\nP1,30,yes,2025-02-01,u1\n")
        archive.writestr("survey-falls.csv", "height,PARENT_KEY,KEY\n1.5,u1,u1/1\n")
    rows = ((name, each) for name, each in (("survey", SURVEY), ("choices", CHOICES)))
    with (folder / "xlsform.csv").open("w", encoding="utf-8", newline="") as file:
        for name, sheet_rows in rows:
            csv.writer(file).writerows(
                [[name], *(["", *map(html.unescape, row)] for row in sheet_rows)]
            )
    frame = pd.DataFrame(
        {
            "subject_id": ["001", "002"],
            "visit": ["BL", "W6"],
            "symptom_score": [58.0, 99.0],
            "walk_m": [411.0, None],
            "day": [date(2025, 3, 1), None],
        }
    )
    labels = {"symptom_score": {58: "so", 99: "unknown"}}
    pyreadstat.write_sav(
        frame,
        folder / "rows.sav",
        variable_value_labels=labels,
        missing_ranges={"symptom_score": [99]},
    )
    pyreadstat.write_sav(frame, folder / "rows.zsav", compress=True)
    pyreadstat.write_dta(frame, folder / "rows.dta", variable_value_labels=labels)
    for version in (5, 8):
        short = frame.rename(columns={"symptom_score": "score", "subject_id": "id"})
        pyreadstat.write_xport(short, folder / f"rows{version}.xpt", file_format_version=version)
    cells = pl.read_csv(folder / "trial" / "data" / "assessment.csv", infer_schema_length=0)
    cells.with_columns(pl.col("walk_m").cast(pl.Int64, strict=False)).write_parquet(
        folder / "assessment.parquet"
    )
    shutil.copy(folder / "trial" / "data" / "assessment.csv", folder / "assessment.csv")


def _of_lists(folder: Path) -> None:
    """A randomisation that goes on, and one that was ended and revealed."""
    for name in ("list", "ended"):
        trial, vault = folder / name, ("--vault", str(folder / f"{name}_vault"))
        shutil.copytree(THREE_ARMS, trial, ignore=shutil.ignore_patterns("data", "*.py"))
        by = (*vault, "--by", "Ann")
        done("randomise", "plan", str(trial), *vault, "--allow-fixed", "--slots", "10")
        done("randomise", "commit", str(trial), *by)
        for subject, site in (("1", "N"), ("2", "N"), ("3", "S")):
            who = ("--subject", subject, "--level", f"site={site}")
            done("randomise", "allocate", str(trial), *by, *who)
        why = ("--subject", "3", "--reason", "not eligible")
        done("randomise", "void", str(trial), *by, *why)
    done("randomise", "unblind", str(folder / "ended"), *by, "--all", "--reason", "the end")
    assert json.loads((folder / "ended" / "randomisation" / "revealed.json").read_bytes())
