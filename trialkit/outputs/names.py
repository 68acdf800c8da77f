"""How the files are named that a run leaves."""

from pathlib import Path

from trialkit.report.writers.editions import FILES

LISTING_FOR_SITES = "findings.xlsx"
FINDINGS = ("findings.csv", LISTING_FOR_SITES, "findings.html")
SET_ASIDE = "findings_answered_"
"""How the listing of an earlier run is called that holds answers which nobody recorded."""
RESULTS = ("results.csv", "results.json", "series.csv")
MANIFEST = "manifest.json"
MANUSCRIPT = "manuscript.docx"
"""The file of a package that an author opens."""
REPORT = (*FILES.values(), "flow.svg", "flow.png", "checklist.csv", "lint.csv", MANIFEST)
FIGURES = "figures"
"""The folder of all drawings but the flow diagram."""


def set_aside(out: Path) -> tuple[Path, ...]:
    """The listings of earlier runs that wait for somebody to record their answers."""
    return tuple(sorted(out.glob(f"{SET_ASIDE}*{Path(LISTING_FOR_SITES).suffix}")))
