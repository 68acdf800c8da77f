"""In which heads and order a journal has an article, each as one frozen noun.

An article says what the report says: its heads gather the report's sections, by their anchors.
Where each form comes from stands in ``docs/report.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.words.en.abstract_terms import AbstractTerm as Term


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractHead:
    """A head of the abstract, and what of it stands there."""

    title: str
    of: tuple[Term, ...] = ()
    asks: str = ""
    """What the author is to write here before the rest; empty where nothing."""
    concludes: bool = False
    """Whether the author's conclusions stand here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHead:
    """A head of the article, and the sections of the report that it gathers."""

    title: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryBox:
    """A box beside the abstract that only the author can fill."""

    title: str
    anchor: str
    asks: tuple[tuple[str, str], ...]
    """Its heads, each with what is to be written there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleForm:
    """The heads of an article, in their order, and how wide its figures are."""

    abstract: tuple[AbstractHead, ...]
    methods: tuple[ArticleHead, ...]
    results: tuple[ArticleHead, ...]
    discussion: tuple[ArticleHead, ...]
    statements: tuple[ArticleHead, ...]
    """What stands after the discussion."""
    box: SummaryBox | None = None
    box_first: bool = False
    """Whether the box stands before the abstract."""
    column_mm: float = 85
    page_mm: float = 175
    """How wide a figure is in one column, and across the page."""

    @property
    def heads(self) -> tuple[ArticleHead, ...]:
        """Every head behind the introduction."""
        return (*self.methods, *self.results, *self.discussion, *self.statements)


INTRODUCTION = ("background", "objectives")
"""What the introduction gathers, without heads."""
STATISTICS = ("statistics",)
_WHERE = (Term.SETTING, Term.RECRUITMENT)
_FOUND = (Term.PARTICIPANTS, Term.RESULTS, Term.HARMS)
_DESIGNED = (Term.DESIGN, Term.RANDOMISATION, Term.BLINDING)
_DONE = (*_DESIGNED, *_WHERE, Term.INTERVENTIONS, Term.METHODS)
_DISCUSSED = (
    ArticleHead(title="Interpretation", of=("interpretation",)),
    ArticleHead(title="Strengths and limitations", of=("limitations",)),
)
_RESULTS = (
    ArticleHead(title="Participants", of=("flow-of-participants", "recruitment", "baseline")),
    ArticleHead(title="Interventions as delivered", of=("delivery",)),
    ArticleHead(title="Outcomes", of=("outcome-results", "missing-data")),
    ArticleHead(title="Harms", of=("harms",)),
    ArticleHead(title="Additional analyses", of=("ancillary",)),
)

PLAIN = ArticleForm(
    abstract=(
        AbstractHead(title="Background", of=(Term.OBJECTIVE,)),
        AbstractHead(title="Methods", of=_DONE),
        AbstractHead(title="Results", of=_FOUND),
        AbstractHead(title="Conclusions", concludes=True),
        AbstractHead(title="Trial registration", of=(Term.REGISTRATION,)),
        AbstractHead(title="Funding", of=(Term.FUNDING,)),
    ),
    methods=(
        ArticleHead(
            title="Trial design",
            of=("design", "registration", "protocol-and-plan", "changes", "patient-involvement"),
        ),
        ArticleHead(title="Setting and participants", of=("setting", "eligibility")),
        ArticleHead(title="Interventions", of=("interventions",)),
        ArticleHead(title="Outcomes and harms", of=("outcomes", "harms-methods")),
        ArticleHead(title="Sample size", of=("sample-size",)),
        ArticleHead(title="Randomisation and blinding", of=("randomisation", "blinding")),
        ArticleHead(title="Statistical methods", of=STATISTICS),
    ),
    results=_RESULTS,
    discussion=_DISCUSSED,
    statements=(
        ArticleHead(title="Funding and competing interests", of=("funding",)),
        ArticleHead(title="Data sharing", of=("data-sharing",)),
    ),
)

JAMA = ArticleForm(
    box=SummaryBox(
        title="Key Points",
        anchor="key-points",
        asks=(
            ("Question", "The question of the trial, in one sentence."),
            ("Findings", "Design and main result with numbers, in one or two sentences."),
            ("Meaning", "What follows from it, in one sentence."),
        ),
    ),
    box_first=True,
    abstract=(
        AbstractHead(title="Importance", asks="Why the question matters, in a sentence or two."),
        AbstractHead(title="Objective", of=(Term.OBJECTIVE,)),
        AbstractHead(title="Design, Setting, and Participants", of=(*_DESIGNED, *_WHERE)),
        AbstractHead(title="Interventions", of=(Term.INTERVENTIONS,)),
        AbstractHead(title="Main Outcomes and Measures", of=(Term.METHODS,)),
        AbstractHead(title="Results", of=_FOUND),
        AbstractHead(title="Conclusions and Relevance", concludes=True),
        AbstractHead(title="Trial Registration", of=(Term.REGISTRATION,)),
        AbstractHead(title="Funding", of=(Term.FUNDING,)),
    ),
    methods=(
        ArticleHead(
            title="Study Design",
            of=("design", "registration", "protocol-and-plan", "changes", "patient-involvement"),
        ),
        ArticleHead(title="Setting and Participants", of=("setting", "eligibility")),
        ArticleHead(title="Randomization and Blinding", of=("randomisation", "blinding")),
        ArticleHead(title="Interventions", of=("interventions",)),
        ArticleHead(title="Outcomes", of=("outcomes", "harms-methods")),
        ArticleHead(title="Sample Size Calculation", of=("sample-size",)),
        ArticleHead(title="Statistical Analysis", of=STATISTICS),
    ),
    results=(
        ArticleHead(title="Participants", of=("flow-of-participants", "recruitment", "baseline")),
        ArticleHead(title="Interventions as Delivered", of=("delivery",)),
        ArticleHead(title="Primary and Secondary Outcomes", of=("outcome-results", "missing-data")),
        ArticleHead(title="Adverse Events", of=("harms",)),
        ArticleHead(title="Additional Analyses", of=("ancillary",)),
    ),
    discussion=(
        ArticleHead(title="Interpretation", of=("interpretation",)),
        ArticleHead(title="Limitations", of=("limitations",)),
    ),
    statements=(
        ArticleHead(title="Funding and Conflict of Interest Disclosures", of=("funding",)),
        ArticleHead(title="Data Sharing Statement", of=("data-sharing",)),
    ),
)

NEJM = ArticleForm(
    abstract=(
        AbstractHead(title="Background", of=(Term.OBJECTIVE,)),
        AbstractHead(title="Methods", of=_DONE),
        AbstractHead(title="Results", of=_FOUND),
        AbstractHead(title="Conclusions", concludes=True),
        AbstractHead(title="Funding and registration", of=(Term.FUNDING, Term.REGISTRATION)),
    ),
    methods=(
        ArticleHead(
            title="Trial Design and Oversight",
            of=("design", "registration", "protocol-and-plan", "changes", "patient-involvement"),
        ),
        ArticleHead(title="Participants", of=("setting", "eligibility")),
        ArticleHead(
            title="Randomization and Interventions",
            of=("randomisation", "blinding", "interventions"),
        ),
        ArticleHead(title="Outcomes", of=("outcomes", "harms-methods")),
        ArticleHead(title="Statistical Analysis", of=("sample-size", *STATISTICS)),
    ),
    results=(
        ArticleHead(title="Participants", of=("flow-of-participants", "recruitment", "baseline")),
        ArticleHead(title="Interventions as Delivered", of=("delivery",)),
        ArticleHead(title="Primary and Secondary Outcomes", of=("outcome-results", "missing-data")),
        ArticleHead(title="Safety", of=("harms",)),
        ArticleHead(title="Additional Analyses", of=("ancillary",)),
    ),
    discussion=_DISCUSSED,
    statements=(
        ArticleHead(title="Funding and Disclosures", of=("funding",)),
        ArticleHead(title="Data Sharing", of=("data-sharing",)),
    ),
)

LANCET = ArticleForm(
    abstract=(
        AbstractHead(
            title="Background",
            of=(Term.OBJECTIVE,),
            asks="The context of the trial, in a sentence or two.",
        ),
        AbstractHead(title="Methods", of=(*_DONE, Term.REGISTRATION)),
        AbstractHead(title="Findings", of=_FOUND),
        AbstractHead(title="Interpretation", concludes=True),
        AbstractHead(title="Funding", of=(Term.FUNDING,)),
    ),
    box=SummaryBox(
        title="Research in context",
        anchor="research-in-context",
        asks=(
            ("Evidence before this study", "How evidence was searched for, and what it showed."),
            ("Added value of this study", "What this trial adds to it."),
            ("Implications of all the available evidence", "What follows for practice and policy."),
        ),
    ),
    methods=(
        ArticleHead(
            title="Study design and participants",
            of=(
                "design",
                "registration",
                "protocol-and-plan",
                "changes",
                "setting",
                "eligibility",
                "patient-involvement",
            ),
        ),
        ArticleHead(title="Randomisation and masking", of=("randomisation", "blinding")),
        ArticleHead(title="Procedures", of=("interventions",)),
        ArticleHead(title="Outcomes", of=("outcomes", "harms-methods")),
        ArticleHead(title="Statistical analysis", of=("sample-size", *STATISTICS)),
    ),
    results=_RESULTS,
    discussion=_DISCUSSED,
    statements=(
        ArticleHead(title="Funding and declaration of interests", of=("funding",)),
        ArticleHead(title="Data sharing", of=("data-sharing",)),
    ),
    column_mm=75,
    page_mm=154,
)

BMJ = ArticleForm(
    abstract=(
        AbstractHead(title="Objective", of=(Term.OBJECTIVE,)),
        AbstractHead(title="Design", of=_DESIGNED),
        AbstractHead(title="Setting", of=_WHERE),
        AbstractHead(title="Participants", of=(Term.PARTICIPANTS,)),
        AbstractHead(title="Interventions", of=(Term.INTERVENTIONS,)),
        AbstractHead(title="Main outcome measures", of=(Term.METHODS,)),
        AbstractHead(title="Results", of=(Term.RESULTS, Term.HARMS)),
        AbstractHead(title="Conclusions", concludes=True),
        AbstractHead(title="Trial registration", of=(Term.REGISTRATION,)),
        AbstractHead(title="Funding", of=(Term.FUNDING,)),
    ),
    box=SummaryBox(
        title="Summary box",
        anchor="summary-box",
        asks=(
            ("What is already known on this topic", "Two or three short points."),
            ("What this study adds", "Two or three short points."),
        ),
    ),
    methods=(
        ArticleHead(
            title="Trial design", of=("design", "registration", "protocol-and-plan", "changes")
        ),
        ArticleHead(title="Setting and participants", of=("setting", "eligibility")),
        ArticleHead(title="Interventions", of=("interventions",)),
        ArticleHead(title="Outcomes", of=("outcomes", "harms-methods")),
        ArticleHead(title="Sample size", of=("sample-size",)),
        ArticleHead(title="Randomisation and blinding", of=("randomisation", "blinding")),
        ArticleHead(title="Statistical analysis", of=STATISTICS),
        ArticleHead(title="Patient and public involvement", of=("patient-involvement",)),
    ),
    results=_RESULTS,
    discussion=(
        ArticleHead(title="Principal findings and comparison", of=("interpretation",)),
        ArticleHead(title="Strengths and limitations", of=("limitations",)),
    ),
    statements=(
        ArticleHead(title="Funding and competing interests", of=("funding",)),
        ArticleHead(title="Data sharing", of=("data-sharing",)),
    ),
)

ARTICLE_FORMS: Mapping[ReportStyle, ArticleForm] = MappingProxyType(
    {
        ReportStyle.PLAIN: PLAIN,
        ReportStyle.JAMA: JAMA,
        ReportStyle.NEJM: NEJM,
        ReportStyle.LANCET: LANCET,
        ReportStyle.BMJ: BMJ,
    }
)
