"""Six participants of three arms, each with something of its own, small enough to count by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.miniature import Miniature, dedented, protocol
from trialkit.datasets.sources import Sources
from trialkit.protocol.trial.interventions import Arm, Intervention
from trialkit.protocol.trial.protocol import Protocol
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

TEXT = '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "text"\npurpose = "{1}"\n'
YES_NO = '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "yes_no"\npurpose = "{1}"\n'
DATE = '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "date"\npurpose = "{1}"\n'
DECIMAL = '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "decimal"\npurpose = "{1}"\n'
CHOICE = (
    '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "choice"\npurpose = "{1}"\n'
    'choices = [{{ code = "1", label = "Mild" }}, {{ code = "2", label = "Severe" }},'
    ' {{ code = "3", label = "Unbearable" }}]\n'
)
REASON = (
    '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "choice"\npurpose = "{1}"\n'
    'choices = [{{ code = "m", label = "Moved" }}, {{ code = "w", label = "Withdrew" }}]\n'
)


def form(kind: str, *items: str, expected: str = "randomised", repeating: bool = False) -> str:
    again = "repeating = true\n" if repeating else ""
    head = f'[form]\nid = "{kind}"\ntitle = "{kind}"\nkind = "{kind}"\nexpected = "{expected}"\n'
    return "\n".join([head + again, *items])


FORMS = {
    "screening": form(
        "screening",
        TEXT.format("site", "site"),
        DATE.format("seen", "screening_date"),
        DATE.format("agreed", "consent_date"),
        YES_NO.format("eligible", "eligible"),
        REASON.format("why_not", "not_enrolled_reason"),
        expected="everyone",
    ),
    "randomisation": form(
        "randomisation",
        DATE.format("day", "randomisation_date"),
        TEXT.format("group", "arm"),
        TEXT.format("box", "block"),
        TEXT.format("layer", "stratum"),
    ),
    "end_of_study": form(
        "end_of_study",
        TEXT.format("got", "arm_received"),
        TEXT.format("not_got", "not_received_reason"),
        YES_NO.format("stopped", "discontinued"),
        TEXT.format("why_stopped", "discontinuation_reason"),
        YES_NO.format("completed", "completed"),
        DATE.format("last_day", "end_date"),
        REASON.format("why_left", "end_reason"),
    ),
    "adverse_events": form(
        "adverse_events",
        TEXT.format("what", "event_term"),
        DATE.format("began", "event_start"),
        CHOICE.format("how_bad", "event_severity"),
        YES_NO.format("serious", "event_serious"),
        YES_NO.format("related", "event_related"),
        YES_NO.format("left", "event_led_to_withdrawal"),
        expected="as_needed",
        repeating=True,
    ),
    "concomitant_care": form(
        "concomitant_care",
        REASON.format("care", "treatment_term").replace("Moved", "Massage"),
        expected="as_needed",
        repeating=True,
    ),
    "deviations": form(
        "deviations",
        TEXT.format("deviation", "deviation_term"),
        expected="as_needed",
        repeating=True,
    ),
    "sessions": form(
        "sessions",
        DATE.format("held", "session_date"),
        YES_NO.format("came", "attended"),
        DECIMAL.format("minutes", "session_minutes"),
        expected="as_needed",
        repeating=True,
    ),
}

DATA = {
    "screening": """
        subject_id,site,seen,agreed,eligible,why_not
        S1,01,2025-01-10,2025-01-11,yes,
        S2,02,2025-01-11,2025-01-12,yes,
        S3,01,2025-01-12,2025-01-13,no,
        S4,02,2025-01-13,2025-01-14,no,w
        S5,01,2025-01-14,2025-01-15,yes,
        S6,02,2025-01-15,2025-01-16,,
    """,
    "randomisation": """
        subject_id,day,group,box,layer
        S1,2025-01-15,A,1,low
        S2,2025-01-16,P,1,high
        S3,2025-01-17,B,2,low
        S5,2025-01-18,A,2,high
        S6,2025-01-19,B,3,low
        S7,2025-01-20,P,3,high
    """,
    "end_of_study": """
        subject_id,got,not_got,stopped,why_stopped,completed,last_day,why_left
        S1,A,,no,,yes,2025-02-26,
        S2,A,mix-up,yes,bored,no,2025-02-10,m
        S3,,never came,yes,ill,no,2025-02-05,w
        S5,,,no,,yes,2025-03-01,
        S6,B,,,,,2025-01-30,
    """,
    "adverse_events": """
        subject_id,repeat,what,began,how_bad,serious,related,left
        S1,1,Bruise,2025-01-20,2,no,yes,no
        S1,2,Ache,2025-01-14,1,yes,no,no
        S2,1,Fall,2025-01-16,2,no,no,yes
        S3,1,Bruise,,1,,yes,no
        S4,1,Cough,2025-01-20,1,no,no,no
    """,
    "concomitant_care": """
        subject_id,repeat,care
        S5,1,m
        S2,1,w
        S4,1,m
        S5,2,w
    """,
    "deviations": """
        subject_id,repeat,deviation
        S1,1,Unblinded
        S6,1,Drug stopped late
        S4,1,Unblinded
        S6,2,
    """,
    "sessions": """
        subject_id,repeat,held,came,minutes
        S1,1,2025-01-17,yes,30
        S1,2,2025-01-20,no,
        S1,3,2025-01-24,yes,40.5
        S3,1,2025-01-18,yes,20
        S3,2,2025-02-05,yes,10
        S3,3,2025-02-06,yes,90
        S5,1,2025-01-20,ND,60
        S5,2,2025-01-22,yes,50
        S6,1,2025-01-20,yes,25
        S2,1,2025-01-20,yes,77
    """,
    "pain": """
        subject_id,visit,visit_date,vas_mm,side,drug,drug_name
        S1,BL,2025-01-08,50,l,no,
        S1,W6,2025-03-05,30.5,l,no,
        S2,BL,2025-01-08,60,r,no,
        S2,W6,2025-02-23,55,r,no,
        S3,BL,2025-01-18,70,,no,
        S5,W6,2025-03-09,41,,no,
        S6,BL,2025-01-19,44,,no,
        S6,W6,2025-02-27,43,,no,
        S7,W6,2025-03-10,42,,no,
    """,
}


def small_protocol() -> Protocol:
    """Placebo is the reference but stands last; A trains six times in six weeks, B four in two."""

    def training(sessions: int, weeks: float) -> Intervention:
        return Intervention(name="Training", sessions=sessions, weeks=weeks)

    return replace(
        protocol(),
        arms=(
            Arm(code="A", label="Active", intervention=training(6, 6)),
            Arm(code="B", label="Brief", intervention=training(4, 2)),
            Arm(code="P", label="Placebo", reference=True),
        ),
    )


def small(
    folder: Path,
    *,
    without: tuple[str, ...] = (),
    cut: date | None = None,
    forms: dict[str, str] | None = None,
    **data: str,
) -> tuple[Sources, Protocol]:
    """The trial as its derivations read it; ``data`` replace the rows of a form."""
    mine = Miniature(protocol=small_protocol())
    mine.forms |= FORMS | (forms or {})
    mine.forms["pain"] = mine.forms["pain"].partition("[[rules]]")[0]
    mine.data |= {name: dedented(rows) for name, rows in (DATA | data).items()}
    for name in ("diary", *without):
        del mine.forms[name], mine.data[name]
    schemas = mine.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=cut)
    return Sources(snapshot=snapshot, schemas=schemas), mine.protocol


def lacking(sources: Sources, form_id: str) -> Sources:
    """The same without a form that loading would insist on."""
    forms = tuple(each for each in sources.schemas.forms if each.id != form_id)
    return replace(sources, schemas=replace(sources.schemas, forms=forms))
