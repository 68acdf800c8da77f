"""The content of a report, made by hand and as small as it can be."""

from datetime import date
from typing import Any

from trialkit.report.content.checklists import Checklist
from trialkit.report.content.content import Content
from trialkit.report.guidelines.checklist import consort_2025, fill_checklist


def empty_checklist() -> Checklist:
    return fill_checklist(consort_2025(), (), head=(), not_reported=())


def content(**changes: Any) -> Content:
    given: dict[str, Any] = {
        "title": "A whole title", "short_title": "Short title", "identity": ("Line one",),
        "synthetic": "", "warnings": (), "sections": (), "checklist": empty_checklist(),
        "facts": (), "dated": date(2025, 3, 31),
    }  # fmt: skip
    return Content(**given | changes)
