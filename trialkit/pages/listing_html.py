"""The page of findings becomes one HTML file that loads nothing and runs nothing."""

from pathlib import Path

from jinja2 import TemplateError

from trialkit.errors import ReportError
from trialkit.pages.listing_page import ListingPage
from trialkit.report.writers.render import page_environment

LISTING_PAGE = "findings.html.j2"


def render_listing(page: ListingPage, templates: Path) -> str:
    """The page as HTML, made with the templates in a folder.

    Raises :class:`ReportError` when a template is not there, or asks for what the page has not.
    """
    try:
        return page_environment(templates).get_template(LISTING_PAGE).render(page=page)
    except TemplateError as error:
        raise ReportError(
            f"the listing cannot be rendered with the templates in {templates}: "
            f"{type(error).__name__}: {error}"
        ) from error
