"""A trial small enough to read at a glance: a protocol, six forms, and data for four people."""

from dataclasses import dataclass, field
from pathlib import Path

from trialkit.checks.trial.checking import check
from trialkit.protocol.methods.plan import Plan
from trialkit.protocol.trial.conduct import (
    Blinded,
    Blinding,
    Harms,
    Randomisation,
    RandomisationType,
)
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.people import Eligibility, Site
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Documents, Framework, Funding, Objectives, Trial
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

FORMS = {
    "screening": """
        [form]
        id = "screening"
        title = "Screening"
        kind = "screening"
        expected = "everyone"

        [[items]]
        id = "screening_date"
        label = "Date of screening"
        type = "date"
        range = { low = 2025-01-01, high = 2025-12-31 }
        required = true
        purpose = "screening_date"

        [[items]]
        id = "age_years"
        label = "Age"
        type = "integer"
        unit = "years"
        range = { low = 18, high = 99 }
        expected_range = { high = 80 }
        required = true

        [[items]]
        id = "eligible"
        label = "Eligible"
        type = "yes_no"
        required = true
        purpose = "eligible"
    """,
    "randomisation": """
        [form]
        id = "randomisation"
        title = "Randomisation"
        kind = "randomisation"
        expected = "randomised"

        [[items]]
        id = "randomisation_date"
        label = "Date of randomisation"
        type = "date"
        range = { low = 2025-01-01, high = 2025-12-31 }
        required = true
        purpose = "randomisation_date"

        [[items]]
        id = "arm"
        label = "Arm"
        type = "text"
        required = true
        purpose = "arm"

        [[rules]]
        id = "RND01"
        expression = "screening.screening_date <= randomisation_date"
        severity = "hard"
        message = "Randomised on {randomisation_date}, before the screening."
        items = ["randomisation_date"]
    """,
    "pain": """
        [form]
        id = "pain"
        title = "Pain"
        kind = "assessment"
        expected = "randomised"
        visits = ["BL", "W6"]

        [[items]]
        id = "visit_date"
        label = "Date of the visit"
        type = "date"
        range = { low = 2025-01-01, high = 2025-12-31 }
        required = true
        purpose = "visit_date"

        [[items]]
        id = "vas_mm"
        label = "Pain"
        type = "decimal"
        unit = "mm"
        range = { low = 0, high = 100 }
        expected_range = { high = 95 }
        required = true

        [[items]]
        id = "side"
        label = "Side"
        type = "choice"
        choices = [{ code = "l", label = "Left" }, { code = "r", label = "Right" }]

        [[items]]
        id = "drug"
        label = "Took a drug"
        type = "yes_no"
        required = true

        [[items]]
        id = "drug_name"
        label = "Which drug"
        type = "text"
        shown_when = "drug = TRUE"
        required_when = "drug = TRUE"

        [[rules]]
        id = "PAIN01"
        expression = "visit <> 'W6' OR visit_date > randomisation.randomisation_date"
        severity = "hard"
        message = "The assessment on {visit_date} came before the randomisation."
        items = ["visit_date"]

        [[rules]]
        id = "PAIN02"
        expression = "visit <> 'W6' OR ABS(vas_mm - BL.pain.vas_mm) <= 60"
        severity = "soft"
        message = "Pain of {vas_mm} mm is far from the baseline."
        items = ["vas_mm"]
    """,
    "diary": """
        [form]
        id = "diary"
        title = "Diary"
        kind = "other"
        expected = "as_needed"
        repeating = true

        [[items]]
        id = "started"
        label = "Started at"
        type = "time"

        [[items]]
        id = "note"
        label = "Note"
        type = "text"
    """,
    "end_of_study": """
        [form]
        id = "end_of_study"
        title = "End of study"
        kind = "end_of_study"
        expected = "randomised"

        [[items]]
        id = "end_date"
        label = "Last day"
        type = "date"
        range = { low = 2025-01-01, high = 2025-12-31 }
        required = true
        purpose = "end_date"

        [[items]]
        id = "completed"
        label = "Completed"
        type = "yes_no"
        required = true
        purpose = "completed"

        [[rules]]
        id = "END01"
        expression = "completed = FALSE OR W6.pain.vas_mm IS NOT NULL OR W6.pain.vas_mm__missing IS NOT NULL"
        severity = "hard"
        message = "Completed, but there is neither a pain value nor a code for it."
        items = ["completed"]
    """,
}

DATA = {
    "screening": """
        subject_id,screening_date,age_years,eligible
        S1,2025-01-10,30,yes
        S2,2025-01-11,40,yes
        S3,2025-01-12,50,yes
        S4,2025-01-13,60,no
    """,
    "randomisation": """
        subject_id,randomisation_date,arm
        S1,2025-01-15,A
        S2,2025-01-15,P
        S3,2025-01-16,A
    """,
    "pain": """
        subject_id,visit,visit_date,vas_mm,side,drug,drug_name
        S1,BL,2025-01-14,50,l,no,
        S1,W6,2025-02-26,30.5,l,yes,ibuprofen
        S2,BL,2025-01-15,60,r,no,
        S2,W6,2025-02-26,55,r,no,
        S3,BL,2025-01-16,70,,no,
        S3,W6,2025-02-27,ND,,no,
    """,
    "diary": """
        subject_id,repeat,started,note
        S1,1,8:30,slept well
        S1,2,09:15,
    """,
    "end_of_study": """
        subject_id,end_date,completed
        S1,2025-02-26,yes
        S2,2025-02-26,yes
        S3,2025-02-27,yes
    """,
}


def protocol(data: DataFormat | None = None) -> Protocol:
    """Two arms, two visits, one site; nothing is analysed."""
    return Protocol(
        trial=Trial(id="MINI", title="Mini", short_title="Mini", framework=Framework.SUPERIORITY),
        registration=None,
        documents=Documents(),
        funding=Funding(),
        objectives=Objectives(),
        eligibility=Eligibility(),
        sites=(Site(code="01", label="Clinic"),),
        arms=(Arm(code="P", label="Placebo", reference=True), Arm(code="A", label="Active")),
        visits=(
            Visit(
                code="BL",
                label="Baseline",
                target_day=0,
                window=Window(early=7, late=0),
                baseline=True,
            ),
            Visit(code="W6", label="Week 6", target_day=42, window=Window(early=3, late=7)),
        ),
        outcomes=(),
        populations=(),
        estimands=(),
        plan=Plan(alpha=0.05, confidence_level=0.95, families=(), analyses=()),
        characteristics=(),
        sample_size=None,
        interim=None,
        randomisation=Randomisation(type=RandomisationType.SIMPLE),
        blinding=Blinding(
            participants=Blinded.YES,
            providers=Blinded.NO,
            assessors=Blinded.YES,
            analysts=Blinded.NO,
        ),
        harms=Harms(),
        data=data or DataFormat(),
        not_reported=(),
        source_sha256="0" * 64,
    )


SITE = """
[[items]]
id = "site"
label = "Clinic"
type = "text"
purpose = "site"
"""
"""An item for the clinic, which the small trial does not ask."""


_READ: dict[object, Schemas] = {}
"""The forms that were read already, by what they and the protocol say."""


@dataclass(kw_only=True)
class Miniature:
    """The trial as texts, to be changed by a test before it is written."""

    forms: dict[str, str] = field(
        default_factory=lambda: {k: dedented(v) for k, v in FORMS.items()}
    )
    data: dict[str, str] = field(default_factory=lambda: {k: dedented(v) for k, v in DATA.items()})
    protocol: Protocol = field(default_factory=protocol)

    def write(self, folder: Path) -> Path:
        """The trial in a folder."""
        for kind, files, suffix in (("forms", self.forms, "toml"), ("data", self.data, "csv")):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            for name, text in files.items():
                (folder / kind / f"{name}.{suffix}").write_text(text, "utf-8", newline="\n")
        return folder

    def schemas(self, folder: Path) -> Schemas:
        """The forms of the trial, which is written; forms that most tests leave alone are read once."""
        self.write(folder)
        stated = (tuple(sorted(self.forms.items())), repr(self.protocol))
        if stated not in _READ:
            _READ[stated] = form_schemas(folder, self.protocol)
        return _READ[stated]

    def findings(self, folder: Path, cut=None, today=None):
        schemas = self.schemas(folder)
        snapshot = freeze(FolderSource(folder=folder), schemas, cut=cut, today=today)
        return check(snapshot, schemas, self.protocol).to_frame()


def dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"
