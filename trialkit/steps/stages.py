"""What each step of the line gives to the next: a trial, then validated, analysed, published."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from trialkit.checks.findings.findings import Findings
from trialkit.checks.listings.marking import Listing, listing
from trialkit.checks.queries.queries import Queries
from trialkit.datasets.model import Datasets
from trialkit.errors import Complaint
from trialkit.protocol.authorship import Authorship
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.content import Content
from trialkit.report.content.manifest import Manifest
from trialkit.report.writers.editions import FILES, Document
from trialkit.results.external import ExternalTables
from trialkit.results.results import Result, Results
from trialkit.results.unanswered import unanswered, unanswered_contrasts
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.judged_part import NOTHING, Unjudged
from trialkit.steps.data_door import OWN_DOOR, DataDoor, TrialData, data_of
from trialkit.store.log_mark import LogMark
from trialkit.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTrial:
    """A trial as its folder defines it."""

    folder: Path
    protocol: Protocol
    schemas: Schemas
    later: tuple[Complaint, ...] = ()
    """What steps after the one that it was opened for would complain of."""
    door: DataDoor = OWN_DOOR
    """By which its data come."""
    by_definitions_then: bool = False
    """Whether protocol and forms are those of the door's moment, and not what the folder has now."""

    @property
    def data(self) -> TrialData:
        """The data as they are now, or at the moment that the call named."""
        return data_of(self.folder, self.schemas.data, self.door)

    @property
    def data_in_part(self) -> TrialData:
        """The same for whom something is withheld from, who is otherwise refused."""
        return data_of(self.folder, self.schemas.data, self.door, in_part=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Validated:
    """A trial, its data at the cut, what is wrong with them, and what was asked about it."""

    trial: OpenedTrial
    snapshot: Snapshot
    findings: Findings
    queries: Queries
    """The queries as they stand with these findings."""
    queries_before: Queries
    """The queries as they are kept: in the trial's folder, or in the store that has its data."""
    looks_back: bool
    """Whether the data are asked for as of a day before the last validation that was kept."""
    asks: bool = False
    """Whether what it means for the queries is kept in the trial's folder: without, nobody is asked."""
    today: date | None = None
    """The day of the run, where it was stated."""
    left_out: Unjudged = NOTHING
    """What was not judged, since it is withheld from whoever asks; ``trial`` is without it."""
    log: LogMark | None = None
    """Where in the log of a store the data were taken from; None for files."""

    def with_queries(self, queries: Queries) -> "Validated":
        """The same validation with what became of the queries since."""
        return replace(self, queries=queries)

    @property
    def listing(self) -> Listing:
        """The findings with the state of their queries; what nobody was asked has no date."""
        today = self.cut if self.today is None else self.today.isoformat()
        asked = self.queries if self.asks else self.queries_before
        return listing(self.findings, self.queries, today, asked=asked, left_out=self.left_out)

    @property
    def cut(self) -> str:
        """The data cut as text; empty where nobody stated one."""
        return "" if self.snapshot.days.cut is None else self.snapshot.days.cut.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Analysed:
    """A validated trial and the results of its plan."""

    validated: Validated
    datasets: Datasets
    results: Results
    external: ExternalTables = field(default_factory=dict)
    """The results that other programs made, as they were read."""
    only: tuple[str, ...] = ()
    """The ids of the analyses that were asked for; empty for all."""
    protocol: Protocol
    """The protocol that the results know: that of the trial, or the same with all arms pooled."""

    @property
    def unanswered(self) -> tuple[Result, ...]:
        """Of each analysis of the plan, or contrast of it, that has no number, a row that says why."""
        rows = self.results.rows
        return (*unanswered(rows), *unanswered_contrasts(rows))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Published:
    """The report of an analysed trial: what it says, how it looks, and what it was made from."""

    analysed: Analysed
    content: Content
    documents: tuple[Document, ...]
    manifest: Manifest

    @property
    def html(self) -> str:
        """The report as a page; raises :class:`LookupError` when none was asked for."""
        by_file = {each.file: each.data for each in self.documents}
        return by_file[FILES[ReportFormat.HTML]].decode()

    @property
    def notices(self) -> tuple[str, ...]:
        """What whoever asked for the documents should know of them."""
        return tuple(each.notice for each in self.documents if each.notice)

    @property
    def gaps(self) -> tuple[str, ...]:
        """The checklist items that are not fully reported."""
        open_rows = {RowStatus.MISSING, RowStatus.PARTIAL}
        return tuple(row.number for row in self.content.checklist.rows if row.status in open_rows)

    @property
    def is_complete(self) -> bool:
        """Whether a strict run ends well: no open item, and no error of the lint."""
        return not self.gaps and not any(each.counts for each in self.content.lint)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packaged:
    """A published report as what a journal takes."""

    published: Published
    authorship: Authorship | None
    """Who wrote it; None where the trial's folder does not say."""
    documents: tuple[Document, ...]

    @property
    def notices(self) -> tuple[str, ...]:
        """What whoever asked for the documents should know of them."""
        return tuple(each.notice for each in self.documents if each.notice)
