"""What a trial needs beside its forms: a ``protocol.toml`` to fill in, and a ``redcap.toml`` of decisions.

Nothing is made up. A key that only a person can fill is a comment marked FILL IN, so that
``trialkit validate`` asks for it by name until it is there.
"""

from collections.abc import Iterator, Sequence

from trialkit.imports.redcap.decisions import FILE, ImportDecisions
from trialkit.imports.redcap.drafting import Project
from trialkit.imports.taking_in.taken_codes import in_protocol
from trialkit.protocol.trial.data_format import MissingCode
from trialkit.schemas.forms.form_text import quoted
from trialkit.schemas.forms.forms import Expected, FormKind, Purpose

_CANDIDATES = 40


def protocol_skeleton(
    project: Project,
    *,
    sites: Sequence[str],
    missing_codes: Sequence[MissingCode],
    undecided: Sequence[MissingCode] = (),
) -> str:
    """The protocol of a trial of which only the forms are known.

    ``undecided`` are spellings to propose for codes of the trial that answers have, too.
    """
    parts = [_HEAD, _ARMS, *_visits(project), *_sites(sites), *_outcomes(project), _PLAN]
    return "\n".join([*parts, *_data(missing_codes, undecided)]) + "\n"


_HEAD = """\
# A skeleton by trialkit import redcap. A data dictionary says nothing of how the trial is planned:
# everything marked FILL IN is for you (docs/protocol.md). Until it is there, `trialkit validate .`
# asks for it by name. Later imports do not touch this file.

[trial]
# id = ""                   # FILL IN, such as "ISRCTN00000000"
# title = ""                # FILL IN
# short_title = ""          # FILL IN
# framework = "superiority" # FILL IN: superiority, non-inferiority, equivalence or exploratory
# setting = ""
# start = 2025-01-06
# end = 2025-06-30

# [registration]            # FILL IN
# registry = ""
# id = ""
# date = 2024-12-01
# url = ""

[documents]

[funding]

[objectives]
# benefits = [""]           # FILL IN
# harms = [""]              # FILL IN

[eligibility]
# inclusion = [""]          # FILL IN
# exclusion = [""]          # FILL IN
"""
_ARMS = """\
# The arms by the codes of the item with the purpose "arm"; exactly one is the reference.
[[arms]]
# code = ""                 # FILL IN
# label = ""                # FILL IN

[[arms]]
# code = ""                 # FILL IN
# label = ""                # FILL IN
# reference = true          # FILL IN at one arm
"""
_PLAN = """\
# [[populations]]           # FILL IN
# code = "itt"
# label = "Intention to treat"
# definition = "All randomised participants, in the arm they were allocated to."

# [[estimands]]             # FILL IN
# code = "E1"
# treatment = ""
# population = "itt"
# variable = ""
# intercurrent_events = [{ event = "", strategy = "treatment policy" }]
# summary = ""

# [[analyses]]              # FILL IN
# id = "primary"
# role = "primary"
# outcomes = [""]
# population = "itt"
# estimand = "E1"
# method = "ancova"
# covariates = ["baseline"]

[plan]

[randomisation]
# type = ""                 # FILL IN: simple, permuted blocks, stratified permuted blocks ...

[blinding]
# participants = "no"       # FILL IN: yes, no or "not reported", as the next three
# providers = "no"
# assessors = "no"
# analysts = "no"

[harms]
# definition = ""           # FILL IN
# assessment = ""           # FILL IN
"""


def _visits(project: Project) -> Iterator[str]:
    yield "# Days are counted from randomisation, which is day 0; exactly one visit is the baseline."
    used = {visit for placed in project.layout.placed.values() for visit in placed.visits}
    named = [visit for visit in project.layout.visits if visit in used] or [""]
    others = [visit for visit in project.layout.visits if visit not in used]
    if others:
        yield f"# Forms of one event only belong to no visit ({FILE}): {', '.join(others)}."
    for visit in named:
        yield "[[visits]]"
        yield f"code = {quoted(visit)}" if visit else '# code = ""                 # FILL IN'
        label = visit.replace("_", " ").capitalize()
        yield f"label = {quoted(label)}" if visit else '# label = ""                # FILL IN'
        yield "# target_day = 0            # FILL IN"
        yield "# window = { early = 0, late = 0 }"
        yield "# baseline = true           # FILL IN at one visit"
        yield ""


def _sites(sites: Sequence[str]) -> Iterator[str]:
    if sites:
        yield "# The data access groups of the project."
    for site in sites:
        yield from ("[[sites]]", f"code = {quoted(site)}", f"label = {quoted(site)}", "")


def _outcomes(project: Project) -> Iterator[str]:
    candidates = [
        f"{each.form.id}.{item.id}"
        for each in project.forms
        for item in each.form.items
        if item.kind.is_number
    ]
    yield "# Items that hold numbers, and could be outcomes:"
    for begin in range(0, min(len(candidates), _CANDIDATES), 5):
        yield f"#   {', '.join(candidates[begin : begin + 5])}"
    if len(candidates) > _CANDIDATES:
        yield f"#   and {len(candidates) - _CANDIDATES} more"
    yield _OUTCOME


_OUTCOME = """\
# [[outcomes]]              # FILL IN
# code = ""
# label = ""
# type = "continuous"
# role = "primary"
# form = ""
# item = ""
# time_point = ""
# metric = "change from baseline"
# aggregation = "mean"
# direction = "lower"
# unit = ""
"""


def _data(missing_codes: Sequence[MissingCode], undecided: Sequence[MissingCode]) -> Iterator[str]:
    yield "# How the files in data/ are written; the import writes them so."
    yield from ("[data]", 'delimiter = ","', 'decimal = "."', 'dates = "ymd"', 'encoding = "utf-8"')
    if undecided:
        yield "# Answers have the code in whose place these would stand. FILL IN: respell, or --missing."
    if missing_codes or undecided:
        hide = "" if missing_codes else "# "
        yield f"{hide}missing_codes = ["
        yield from (f"  {in_protocol(code)}," for code in missing_codes)
        yield from (f"#   {in_protocol(code)}," for code in undecided)
        yield f"{hide}]"


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
        "# repeating = true says that it repeats though no export shows it. The kinds:",
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
