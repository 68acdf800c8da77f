"""How the actions of ``trialkit store`` end, and calls of them to copy."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.cli.command_ends import CommandEnds

_CANNOT = "the trial, the store, a file, the disk, the server or the call does not allow it"

_NOT_ALL = {
    "workbook": "some rows were not taken, which are listed",
    **dict.fromkeys(
        ("redcap", "statfile", "xlsform"),
        "it is to be decided what some answers mean, which are listed",
    ),
}
_IMPORTS = {
    "redcap": ("store import redcap dictionary.csv export.csv --into my_trial",),
    "workbook": ("store import workbook my_trial entry.xlsx --write",),
    "csv": ("store import csv my_trial pain.csv --form pain --mapping map.toml",),
    "statfile": ("store import statfile my_trial pain.sav --form pain --subject ID",),
    "xlsform": ("store import xlsform survey.xlsx my_trial --submissions export.zip",),
    "folder": (
        "store import folder my_trial",
        'store import folder my_trial returned --write --reason "source data verified"',
    ),
}

STORE_ENDS: Mapping[str, CommandEnds] = MappingProxyType(
    {
        "store init": CommandEnds(
            fine="the store is begun",
            cannot=_CANNOT,
            examples=(
                'store init my_trial --person "Ann Miller"',
                "store init my_trial --url postgresql://owner@db.example/trial --application entry",
            ),
        ),
        **{
            f"store import {source}": CommandEnds(
                fine="shown; or, with --write, in the store",
                findings=_NOT_ALL.get(source, ""),
                cannot=_CANNOT,
                examples=calls,
            )
            for source, calls in _IMPORTS.items()
        },
        "store export": CommandEnds(
            fine="the folder is written",
            cannot=_CANNOT,
            examples=(
                "store export my_trial as_of_march --as-of 2026-03-31",
                "store export my_trial frozen --as-of 1042",
            ),
        ),
        "store log": CommandEnds(
            fine="shown, or written",
            cannot=_CANNOT,
            examples=(
                "store log my_trial --subject 001 --form pain",
                "store log my_trial --since 2026-03-01 --to log.csv",
                "store log my_trial --to log.pdf",
            ),
        ),
        "store diff": CommandEnds(
            fine="the data are the same at both moments",
            findings="they differ, as is shown",
            cannot=_CANNOT,
            examples=("store diff my_trial 2026-02-28 2026-03-31 --all",),
        ),
        "store verify": CommandEnds(
            fine="the store holds together",
            findings="something does not fit, which is listed, each kind of tampering in its own words",
            cannot=_CANNOT,
            examples=("store verify my_trial --anchors ../kept/anchors.txt",),
        ),
        "store anchor": CommandEnds(
            fine="the end of the log is written down",
            cannot=_CANNOT,
            examples=(
                "store anchor my_trial --anchors ../kept/anchors.txt",
                "store anchor my_trial --authority https://tsa.example/rfc3161 --authority-certificates tsa.pem",
            ),
        ),
        "store backup": CommandEnds(
            fine="the copy is there, and holds together",
            cannot=_CANNOT,
            examples=(
                "store backup my_trial copies/2026-03-31.sqlite",
                "store backup my_trial copies/2026-03-31.sqlite --url postgresql://ann@db.example/trial",
            ),
        ),
        "store restore": CommandEnds(
            fine="the copy is in the place of the store",
            findings="something does not fit, such as an anchor of a later event; nothing was restored",
            cannot=_CANNOT,
            examples=(
                "store restore my_trial copies/2026-03-31.sqlite --sha256 HASH",
                "store restore my_trial copy.sqlite --url postgresql://owner@db.example/new --application entry",
            ),
        ),
        "store status": CommandEnds(
            fine="shown", cannot=_CANNOT, examples=("store status my_trial",)
        ),
        "store query": CommandEnds(
            fine="done, and shown",
            findings="of 'answer --from', some rows are of no query that is known, or named none; the rest is "
            "recorded",
            cannot=_CANNOT,
            examples=(
                "store query my_trial import",
                'store query my_trial ask --subject 001 --form pain --item vas --text "Is 97 right?"',
                "store query my_trial answer q1a2b --answer corrected --right-value 79 --text misread",
                "store query my_trial answer --from findings_A.xlsx",
                "store query my_trial apply q1a2b",
                "store query my_trial show q1a2b",
            ),
        ),
        "store mark": CommandEnds(
            fine="marked, or the mark is taken back",
            cannot=_CANNOT,
            examples=("store mark my_trial --as source --subject 001 --visit BL",),
        ),
        "store freeze": CommandEnds(
            fine="frozen, or unfrozen",
            cannot=_CANNOT,
            examples=(
                "store freeze my_trial --subject 001 --form pain",
                'store freeze my_trial --lift 412 --reason "a late report"',
            ),
        ),
        "store lock": CommandEnds(
            fine="locked; or, with --check, nothing is open",
            findings="the database is not locked, since something is open, which is listed",
            cannot=_CANNOT,
            examples=(
                "store lock my_trial --subject 001",
                "store lock my_trial --database --check",
                'store lock my_trial --database --reason "last visit done" --waive "source=no monitor"',
            ),
        ),
        "store unlock": CommandEnds(
            fine="asked for; or, by a second person, unlocked",
            cannot=_CANNOT,
            examples=(
                'store unlock my_trial 412 --reason "a late report"',
                "store unlock my_trial 413",
            ),
        ),
        "store sign": CommandEnds(
            fine="signed",
            cannot=_CANNOT,
            examples=("store sign my_trial --subject 001 --meaning approval",),
        ),
        "store passphrase": CommandEnds(
            fine="set", cannot=_CANNOT, examples=("store passphrase my_trial",)
        ),
        "store redact": CommandEnds(
            fine="the text is gone",
            cannot=_CANNOT,
            examples=('store redact my_trial 1042 --reason "held a name" --write',),
        ),
        "store migrate": CommandEnds(
            fine="shown; or, with --write, in the store",
            findings="a change leaves open what becomes of data that are there, or, with --tables, the store does "
            "not hold together; nothing was written",
            cannot=_CANNOT,
            examples=(
                "store migrate my_trial",
                "store migrate my_trial --mapping v2.toml --write",
                "store migrate my_trial --tables --write",
            ),
        ),
        "store again": CommandEnds(
            fine="the second entry is kept",
            cannot=_CANNOT,
            examples=('store again my_trial second.csv --form pain --person "Ben Okoro"',),
        ),
        "store compare": CommandEnds(
            fine="no difference waits for a decision",
            findings="differences wait for a decision, which are listed",
            cannot=_CANNOT,
            examples=("store compare my_trial", "store compare my_trial --to differences.csv"),
        ),
        "store adjudicate": CommandEnds(
            fine="the decision is written",
            cannot=_CANNOT,
            examples=(
                'store adjudicate my_trial 001 pain.vas 75 --visit BL --reason "the source says 75"',
            ),
        ),
        "store grant": CommandEnds(
            fine="the role is granted",
            cannot=f"{_CANNOT}; or it would be the first role, without --begin-roles",
            examples=(
                "store grant my_trial dora 'data manager' --begin-roles",
                'store grant my_trial ben coordinator --name "Ben Okoro" --at N',
                "store grant my_trial dan 'unblinded statistician'",
            ),
        ),
        "store revoke": CommandEnds(
            fine="the grant has ended",
            cannot=_CANNOT,
            examples=('store revoke my_trial 12 --reason "left the trial"',),
        ),
        "store people": CommandEnds(
            fine="shown",
            cannot=_CANNOT,
            examples=("store people my_trial",),
        ),
        "store place": CommandEnds(
            fine="the sites of participants are kept",
            cannot=_CANNOT,
            examples=("store place my_trial",),
        ),
        "store allocate": CommandEnds(
            fine="the participant has a slot, and the arm was shown",
            cannot=_CANNOT,
            examples=("store allocate my_trial 001 --vault ../vault --level sex=f",),
        ),
        "store unblind": CommandEnds(
            fine="the arm was shown, and the log has who saw it",
            cannot=_CANNOT,
            examples=('store unblind my_trial 001 --vault ../vault --reason "a reaction"',),
        ),
    }
)
"""By the words of the call."""
