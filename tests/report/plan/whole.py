"""A trial whose protocol says all that SPIRIT 2025 asks: the template, its fields and a statement for each item."""

from pathlib import Path

from trialkit.newtrial.writing import write_new_trial
from trialkit.report.plan.statements import spirit_2025

FIELDS = """
[sponsor]
name = "Town clinic"
contact = "1 Road, Town"
role = "Decides on design, conduct and report"

[[contributors]]
name = "Ada Bee"
role = "Principal investigator"
affiliation = "Town clinic"
signs = true

[[contributors]]
name = "Ben Cee"
role = "Wrote the analysis plan"
affiliation = "Town university"
signs = true

[[amendments]]
version = "1.1"
date = 2025-02-01
changes = "A second department takes part."
reason = "Recruitment was slower than planned."
"""


def write_whole_trial(folder: Path) -> Path:
    """The folder of a trial without data of which no item of SPIRIT is open."""
    write_new_trial(folder)
    protocol = folder / "protocol.toml"
    text = protocol.read_text(encoding="utf-8")
    dated = text.replace(
        'analysis_plan = ""', 'analysis_plan = ""\nversion = "1.1"\nversion_date = 2025-02-01'
    ).replace('short_title = "', 'acronym = "NEWC"\nshort_title = "', 1)
    protocol.write_text(dated + FIELDS, encoding="utf-8")
    for row in spirit_2025().requirements:
        words = "\n\n".join(f"## {part}\nWhat is planned of it." for part in row.author)
        statement = words if len(row.author) > 1 else "What is planned of it."
        (folder / "statements" / f"spirit-{row.number}.md").write_text(statement, encoding="utf-8")
    return folder
