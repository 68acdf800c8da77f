"""How each command ends, and calls of it to copy: what its help says, and ``docs/exit-codes.md``."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.cli.command_ends import CommandEnds
from trialkit.cli.store_ends import STORE_ENDS

_CALL = "the call, or a file that it needs, does not allow it"
_PRIMARY = (
    "the trial, a file, the disk or the call does not allow it; or a primary analysis that is due "
    "could not be carried out, and all the rest is written"
)
_STOPPED = "hard findings stop it, and they alone were written"
_STRICT = "with --strict also a missing author's statement or an error of the lint"
_UNDECIDED = "it is to be decided what some answers mean, which are listed"

ENDS: Mapping[str, CommandEnds] = MappingProxyType(
    {
        "new": CommandEnds(
            fine="the trial is written",
            examples=("new my_trial", "new my_trial --empty"),
        ),
        "validate": CommandEnds(
            fine="no hard finding",
            findings=f"hard findings; {_STRICT}",
            examples=(
                "validate my_trial",
                "validate my_trial --cut 2025-03-31 --no-queries",
                "validate my_trial --strict",
                "validate my_trial --data pain.parquet --limit 50",
            ),
        ),
        "analyse": CommandEnds(
            fine="the plan is carried out",
            findings=_STOPPED,
            cannot=_PRIMARY,
            examples=("analyse my_trial", "analyse my_trial --only primary --allow-hard"),
        ),
        "report": CommandEnds(
            fine="the report is written",
            findings=f"hard findings stop it; {_STRICT}",
            cannot=_PRIMARY,
            examples=(
                "report my_trial",
                "report my_trial --formats html,docx --style jama --reference house.docx",
                "report my_trial --strict",
            ),
        ),
        "run": CommandEnds(
            fine="results and report are written",
            findings=f"{_STOPPED}; {_STRICT}",
            cannot=_PRIMARY,
            examples=(
                "run my_trial",
                "run my_trial --cut 2025-03-31 --draft --verbose",
                "run my_trial --pooled",
            ),
        ),
        "import redcap": CommandEnds(
            fine="taken in; or shown, with --dry-run",
            findings=_UNDECIDED,
            examples=(
                "import redcap dictionary.csv --into my_trial --dry-run",
                "import redcap dictionary.csv export.csv --into my_trial --missing=-99=UNK",
            ),
        ),
        "import workbook": CommandEnds(
            fine="taken in; or shown, with --dry-run",
            findings="some rows were not taken, which are listed",
            examples=(
                "import workbook my_trial entry.xlsx --dry-run",
                'import workbook my_trial entry.xlsx --replace --by "A. Monitor"',
            ),
        ),
        "import csv": CommandEnds(
            fine="taken in; or shown, with --dry-run",
            examples=(
                "import csv my_trial pain.csv --form pain --dry-run",
                "import csv my_trial export.csv --form pain --mapping map.toml",
            ),
        ),
        "import statfile": CommandEnds(
            fine="taken in; or shown, with --dry-run",
            findings=_UNDECIDED,
            examples=(
                "import statfile my_trial pain.sav --form pain --subject ID",
                "import statfile my_trial vs.xpt --form vitals --missing=.A=REF",
            ),
        ),
        "import xlsform": CommandEnds(
            fine="taken in; or shown, with --dry-run",
            findings=_UNDECIDED,
            examples=(
                "import xlsform survey.xlsx my_trial --subject id --dry-run",
                "import xlsform survey.xlsx my_trial --submissions export.zip",
            ),
        ),
        "forms check": CommandEnds(
            fine="every form was read, and no test failed",
            findings="a test failed; with --strict also a rule without a test that breaks it",
            examples=("forms check my_trial", "forms check my_trial --strict"),
        ),
        "forms diff": CommandEnds(
            fine="nothing changed, or what changed is safe",
            findings="a change needs a mapping of the data entered before, or is destructive",
            examples=(
                "forms diff my_trial_v1 my_trial",
                "forms diff my_trial_v1 my_trial --out lists",
            ),
        ),
        "forms sae": CommandEnds(
            fine="the page is written",
            examples=("forms sae my_trial 007", "forms sae my_trial 007 --number 2 --out pages"),
        ),
        "instruments list": CommandEnds(
            fine="listed", cannot=_CALL, examples=("instruments list",)
        ),
        "instruments show": CommandEnds(
            fine="shown", cannot=_CALL, examples=("instruments show odi",)
        ),
        "instruments add": CommandEnds(
            fine="the form and its empty table are written",
            examples=("instruments add my_trial odi --visits BL,W6",),
        ),
        "plan check": CommandEnds(
            fine="nothing is lacking for any step",
            findings="something is lacking or wrong, which is listed",
            cannot=_CALL,
            examples=("plan check my_trial",),
        ),
        "plan lock": CommandEnds(
            fine="the plan is recorded",
            examples=(
                'plan lock my_trial --by "A. Statistician"',
                'plan lock my_trial --reason "a second sensitivity analysis, asked for by the DMC"',
            ),
        ),
        "plan history": CommandEnds(
            fine="the plan is locked as it stands",
            findings="it was never locked, was changed since, or the record is no evidence",
            cannot=_CALL,
            examples=("plan history my_trial",),
        ),
        "protocol": CommandEnds(
            fine="protocol and analysis plan are written",
            examples=("protocol my_trial", "protocol my_trial --formats docx,pdf --draft"),
        ),
        "datasets": CommandEnds(
            fine="the datasets are written",
            findings="hard findings stop it, and nothing is written; --allow-hard goes on",
            examples=("datasets my_trial", "datasets my_trial --cut 2025-03-31 --out for_r"),
        ),
        "trace": CommandEnds(
            fine="the result is followed, also in spite of hard findings",
            examples=(
                "trace my_trial primary/vas/mixed_anova/W6/EG+-+CG/-/estimate",
                "trace my_trial flow/-/descriptive/-/randomised/-/n --out trail",
            ),
        ),
        "statements import": CommandEnds(
            fine="nothing was edited, or all that was is written",
            findings="something was edited and is not written, or is to be settled by hand",
            cannot="the document, the trial or a file cannot be read or written; with --write also "
            "a statement that is to be settled by hand, and nothing is written then",
            examples=(
                "statements import edited.docx my_trial",
                "statements import edited.docx my_trial --write --only 6,20b",
            ),
        ),
        "verify": CommandEnds(
            fine="the report, or every marked number of a document, is as the trial's folder gives it",
            findings="it differs, or the anchor is not that of its manifest; what differs is listed",
            cannot="the report, the trial or a file cannot be read, or the trial is not whole",
            examples=(
                "verify my_trial/output",
                "verify sent/output --trial my_trial --anchor HASH",
                "verify edited.docx --trial my_trial",
            ),
        ),
        "power": CommandEnds(
            fine="the size, the power or the effect is told",
            findings="the protocol's number is not that of its own assumptions",
            examples=(
                "power two_sample_t difference=10 sd=24 --power 0.9 --dropout 0.1 --out sizes",
                "power two_sample_t difference=10 sd=24 --looks 3",
                "power two_sample_t difference=10 sd=24 --n 60",
                "power my_trial",
            ),
        ),
        "simulate": CommandEnds(
            fine="simulated",
            examples=(
                "simulate my_trial --write rehearsal",
                "simulate my_trial --replicates 10000 --workers 2",
            ),
        ),
        "randomise plan": CommandEnds(
            fine="the plan is written to the vault",
            examples=("randomise plan my_trial --vault ../vault --blocks 4,6",),
        ),
        "randomise commit": CommandEnds(
            fine="the list is sealed, and the commitment is published",
            examples=('randomise commit my_trial --vault ../vault --by "A. Statistician"',),
        ),
        "randomise allocate": CommandEnds(
            fine="the participant is randomised, and the arm was shown",
            cannot="nobody was randomised; or the arm is recorded and could not be shown, as it says",
            examples=(
                "randomise allocate my_trial --vault ../vault --by Ann --subject 009 --level site=A",
            ),
        ),
        "randomise void": CommandEnds(
            fine="the slot is void",
            examples=(
                "randomise void my_trial --vault ../vault --by Ann --subject 009 --reason error",
            ),
        ),
        "randomise correct": CommandEnds(
            fine="the correction is recorded",
            examples=(
                "randomise correct my_trial --vault ../v --by Ann --subject 008 --field site --to B "
                + "--reason typed",
            ),
        ),
        "randomise verify": CommandEnds(
            fine="everything agrees",
            findings="something is wrong, which is listed",
            cannot="there is no record, or what is needed cannot be read",
            examples=(
                "randomise verify my_trial",
                "randomise verify my_trial --vault ../vault --balance",
            ),
        ),
        "randomise unblind": CommandEnds(
            fine="the arm was shown, or the list is revealed",
            cannot="nobody was unblinded; or it is recorded and could not be shown, as it says",
            examples=(
                'randomise unblind my_trial --vault ../vault --by Ann --subject 008 --reason "rash"',
            ),
        ),
        "queries list": CommandEnds(
            fine="listed", cannot=_CALL, examples=("queries list my_trial --site A --all",)
        ),
        "queries send": CommandEnds(
            fine="a workbook for each site that has something to answer",
            examples=("queries send my_trial", "queries send my_trial --cut 2025-03-31"),
        ),
        "queries answer": CommandEnds(
            fine="the answers are recorded; or shown, with --dry-run",
            findings="some rows are of no query that is known, or named none; the rest is recorded",
            examples=("queries answer my_trial findings_A.xlsx --by 'B. Nurse' --dry-run",),
        ),
        "queries apply": CommandEnds(
            fine="the right values are in the data",
            findings="shown, and not confirmed; or not applied, as is listed; or stopped by a new "
            "hard finding",
            examples=(
                "queries apply my_trial",
                'queries apply my_trial --confirm --by "A. Manager"',
            ),
        ),
        "queries raise": CommandEnds(
            fine="it is asked",
            examples=('queries raise my_trial 002 pain.vas_mm "So high?" --visit W6',),
        ),
        "queries comment": CommandEnds(
            fine="it is said", examples=('queries comment my_trial 3f9a "Seen."',)
        ),
        "queries close": CommandEnds(
            fine="it is closed", examples=('queries close my_trial 3f9a "Confirmed by phone."',)
        ),
        "due": CommandEnds(
            fine="the visits are listed and written",
            examples=("due my_trial --from 2025-03-01 --to 2025-03-31 --site A",),
        ),
        "deviations": CommandEnds(
            fine="the log has what the data propose", examples=("deviations my_trial",)
        ),
        "codebook": CommandEnds(
            fine="codebook and forms are written", examples=("codebook my_trial --out printed",)
        ),
        "workbook": CommandEnds(
            fine="the workbook is written",
            examples=("workbook my_trial entry.xlsx", "workbook my_trial entry_A.xlsx --site A"),
        ),
        **STORE_ENDS,
    }
)
"""By the words of the call; every command and action has its line."""
