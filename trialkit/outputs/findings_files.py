"""The listing of findings as files, and the workbooks that sites answer in."""

from trialkit.checks.listings.excerpt import excerpt
from trialkit.checks.listings.findings_workbook import findings_workbook
from trialkit.checks.listings.for_sites import for_sites
from trialkit.checks.listings.marking import Listing, with_left_out
from trialkit.checks.trial.course import course, expected_of
from trialkit.disk.content import Content, Pieces
from trialkit.files.workbook_writing import sheet_name
from trialkit.outputs.labelling import labelled_pieces
from trialkit.outputs.names import FINDINGS
from trialkit.pages.listing import compose_listing
from trialkit.pages.listing_html import render_listing
from trialkit.pages.listing_inputs import Column, ExpectedOf, ListingInputs
from trialkit.report.writers.template_folder import find_templates
from trialkit.steps.stages import Validated


def site_workbooks(validated: Validated) -> dict[str, bytes]:
    """``findings_<site>.xlsx`` for each site with something to answer, and nothing of the others."""
    listed = for_sites(validated.listing, validated.trial.schemas)
    names: set[str] = set()
    files = {}
    for site in listed.sites_to_answer:
        name = sheet_name("".join(c if c.isalnum() or c in "-_" else "_" for c in site), names)
        files[f"findings_{name if site else 'no_site'}.xlsx"] = _workbook(
            validated, listed, site=site
        )
    return files


def findings_files(validated: Validated) -> dict[str, Content]:
    """The listing: ``findings.csv``, ``findings.xlsx`` for the sites, ``findings.html`` to read."""
    trial, listed = validated.trial, validated.listing
    workbook = _workbook(validated, listed, site=None)
    label = trial.protocol.trial.synthetic
    rows = with_left_out(listed.frame, validated.left_out)
    table = Pieces(lambda: labelled_pieces(rows, "message", label))
    page = render_listing(compose_listing(_listing_inputs(validated, listed)), find_templates())
    return dict(zip(FINDINGS, (table, workbook, page.encode()), strict=True))


def _workbook(validated: Validated, listed: Listing, *, site: str | None) -> bytes:
    trial = validated.trial
    return findings_workbook(
        listed,
        trial.protocol,
        trial.schemas,
        queries=validated.queries.by_key,
        cut=validated.cut,
        site=site,
        left_out=validated.left_out,
    )


def _listing_inputs(validated: Validated, listed: Listing) -> ListingInputs:
    """The listing and the course of the trial, as the page of findings takes them."""
    protocol, schemas = validated.trial.protocol, validated.trial.schemas
    so_far = course(validated.snapshot, schemas, listed)
    findings = listed.worst_first
    chosen = excerpt(findings)
    size = protocol.sample_size
    return ListingInputs(
        trial=protocol.trial.id,
        title=protocol.trial.name,
        synthetic=protocol.trial.synthetic,
        data_cut=validated.snapshot.days.cut,
        findings=findings,
        listed=chosen.rows,
        of_each=chosen.of_each,
        columns=tuple(
            Column(
                form=form.id,
                title=form.title,
                visit=visit,
                expected=ExpectedOf(expected_of(form, visit, protocol)),
                arms=form.arms,
            )
            for form in schemas.forms
            for visit in form.visits or ("",)
        ),
        sites={site.code: site.label for site in protocol.sites},
        people=so_far.people,
        cells=so_far.cells,
        sessions=so_far.sessions,
        planned=size.planned if size else None,
        not_judged=validated.left_out.each,
    )
