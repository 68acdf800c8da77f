"""From results to a published report: content, checklist, drawings, one page, and its manifest."""

from trialkit.report.checklist import checklists_frame, consort_2025
from trialkit.report.composing import compose
from trialkit.report.content import Content
from trialkit.report.inputs import ReportInputs
from trialkit.report.manifest import Manifest
from trialkit.report.render import find_templates, render_html
from trialkit.report.statements import AuthorStatement, read_statements

__all__ = [
    "AuthorStatement",
    "Content",
    "Manifest",
    "ReportInputs",
    "checklists_frame",
    "compose",
    "consort_2025",
    "find_templates",
    "read_statements",
    "render_html",
]
