"""What a trial needs beside its forms: a ``protocol.toml`` to fill in, and a ``redcap.toml`` of decisions."""

from collections.abc import Iterator, Sequence

from trialkit.imports.redcap.decisions import FILE, ImportDecisions
from trialkit.imports.redcap.drafting import Project
from trialkit.imports.taking_in.export_day import ExportDay
from trialkit.imports.taking_in.protocol_skeleton import protocol_skeleton
from trialkit.protocol.trial.data_format import MissingCode
from trialkit.protocol.trial.visits import Visit
from trialkit.schemas.forms.form_text import quoted
from trialkit.schemas.forms.forms import Expected, FormKind, Purpose

_CANDIDATES = 40


def project_protocol(
    project: Project,
    *,
    trial: str,
    sites: Sequence[str],
    missing_codes: Sequence[MissingCode],
    undecided: Sequence[MissingCode] = (),
    export: ExportDay | None = None,
) -> str:
    """The protocol of a trial of which only the forms are known, called ``trial`` for now.

    ``undecided`` are spellings to propose for codes of the trial that answers have, too.
    """
    used = {visit for placed in project.layout.placed.values() for visit in placed.visits}
    others = [visit for visit in project.layout.visits if visit not in used]
    once = f"Forms of one event only belong to no visit ({FILE}): {', '.join(others)}."
    return protocol_skeleton(
        origin="A skeleton by trialkit import redcap. Later imports do not touch this file.",
        trial=trial,
        visits=tuple(
            Visit(code=visit, label=visit.replace("_", " ").capitalize())
            for visit in project.layout.visits
            if visit in used
        ),
        sites=sites,
        missing_codes=missing_codes,
        undecided=undecided,
        export=export,
        remarks={
            "visits": (once,) if others else (),
            "sites": ("The data access groups of the project.",) if sites else (),
            "arms": ('By the codes of the item with the purpose "arm".',),
            "outcomes": tuple(_candidates(project)),
        },
    )


def _candidates(project: Project) -> Iterator[str]:
    """The items that hold numbers, a few on a line."""
    found = [
        f"{each.form.id}.{item.id}"
        for each in project.forms
        for item in each.form.items
        if item.kind.is_number
    ]
    yield "Items that hold numbers, and could be outcomes:"
    for begin in range(0, min(len(found), _CANDIDATES), 5):
        yield f"  {', '.join(found[begin : begin + 5])}"
    if len(found) > _CANDIDATES:
        yield f"  and {len(found) - _CANDIDATES} more"


def decisions_skeleton(project: Project, decisions: ImportDecisions) -> str:
    """A ``redcap.toml`` that names what there is to decide, with what was decided on the call."""
    lines = [
        "# What neither a dictionary nor an export of REDCap says. Fill in what fits, and import",
        "# again: the forms follow (docs/import.md). Later imports do not touch this file.",
        "",
        "# Which visit of the protocol an event is; left out, it has the event's own name.",
    ]
    for event, visit in project.layout.visit_of.items():
        lines += ["# [[visits]]", f"# event = {quoted(event)}", f"# visit = {quoted(visit)}"]
    lines += [
        "",
        "# What a form is for. visits = true ties a form of a single event to its visit, and",
        '# repeating = true says that it repeats though no export shows it; day = "visit_date" names',
        "# the field that holds the day on which the form was filled in, which 'today' is. The kinds:",
        f"#   {', '.join(FormKind)}",
        f"# For whom it is expected: {', '.join(Expected)}.",
    ]
    for each in project.forms:
        lines += [
            "# [[forms]]",
            f"# form = {quoted(each.name)}",
            f"# kind = {quoted(each.form.kind.value)}",
            f"# expected = {quoted(each.form.expected.value)}",
        ]
    lines += [
        "",
        "# What a field is used for (docs/forms.md), such as the date of randomisation:",
        '# [[purposes]]\n# field = ""',
        f"# purpose = {quoted(Purpose.RANDOMISATION_DATE.value)}",
        "",
        "# Other codes for choices, such as the arms' (codes of arms begin with a letter):",
        '# [[codes]]\n# field = ""\n# code = "1"\n# becomes = "NEW"',
        "",
        "# What the missing data codes of the project mean here:",
    ]
    if not decisions.missing_codes:
        lines += ['# [[missing_codes]]\n# code = "-99"\n# means = "UNK"']
    for code in decisions.missing_codes:
        lines += [
            "[[missing_codes]]",
            f"code = {quoted(code.code)}",
            f"means = {quoted(code.means)}",
        ]
    return "\n".join(lines) + "\n"
