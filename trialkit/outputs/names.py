"""How the files are named that a run leaves."""

from trialkit.report.writers.editions import FILES

FINDINGS = ("findings.csv", "findings.xlsx", "findings.html")
RESULTS = ("results.csv", "results.json", "series.csv")
MANIFEST = "manifest.json"
MANUSCRIPT = "manuscript.docx"
"""The file of a package that an author opens."""
REPORT = (*FILES.values(), "flow.svg", "flow.png", "checklist.csv", "lint.csv", MANIFEST)
FIGURES = "figures"
"""The folder of all drawings but the flow diagram."""
