"""The ``protocol.toml`` of a trial of which little is known yet: data can be checked by it at once.

Nothing is made up. What is known stands in it; every other part is a comment marked FILL IN, of which
``trialkit plan check`` says by name which step needs it.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from trialkit.imports.taking_in.export_day import ExportDay
from trialkit.imports.taking_in.taken_codes import in_protocol
from trialkit.protocol.parts import PARTS
from trialkit.protocol.trial.data_format import MissingCode
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.form_text import quoted

FILL_IN = "FILL IN"
BASELINE = Visit(
    code="BL", label="Baseline", target_day=0, window=Window(early=14, late=0), baseline=True
)
"""The visit that every trial has, for one that has no other yet."""
_NO_REMARKS: Mapping[str, Sequence[str]] = MappingProxyType({})
_REPORTED = """\
# [registration]            # FILL IN
# registry = ""
# id = ""
# date = 2024-12-01
# url = ""

# [objectives]              # FILL IN
# benefits = [""]
# harms = [""]

# [eligibility]             # FILL IN
# inclusion = [""]
# exclusion = [""]

# [harms]                   # FILL IN
# definition = ""
# assessment = ""
"""


def protocol_skeleton(
    *,
    origin: str,
    trial: str,
    visits: Sequence[Visit] = (),
    sites: Sequence[str] = (),
    missing_codes: Sequence[MissingCode] = (),
    undecided: Sequence[MissingCode] = (),
    export: ExportDay | None = None,
    remarks: Mapping[str, Sequence[str]] = _NO_REMARKS,
) -> str:
    """The protocol of a trial that is called ``trial`` until somebody gives it a better name.

    ``origin`` says what wrote it, and ``remarks``, by part, what is known of a part without being
    the part itself. ``undecided`` are spellings to propose for codes of the trial that answers have.
    The day of the ``export`` becomes the data cut.
    """
    lines = [
        f"# {origin}",
        "# Data can be entered and checked by what is here. Everything marked FILL IN is for you",
        "# (docs/protocol.md): `trialkit plan check` says which step needs what.",
        "",
        "[trial]",
        f"id = {quoted(trial)} # {FILL_IN}: its registered number, once it has one",
        *_left_open("trial")[3:],
    ]
    for part in PARTS:
        known = [f"# {remark}" for remark in remarks.get(part.table, ())]
        if part.table == "visits":
            known += _visits(visits)
        elif part.table == "sites":
            known += _sites(sites)
        elif part.example and part.table != "trial":
            known += _left_open(part.table)
        lines += ["", *known] if known else []
    lines += ["", *_REPORTED.splitlines(), "", *_data(missing_codes, undecided, export)]
    return "\n".join(lines) + "\n"


def _left_open(table: str) -> list[str]:
    """The example of a part as a comment."""
    example = next(part.example for part in PARTS if part.table == table)
    head, *lines = example.splitlines()
    return [f"# {FILL_IN}", f"# {head}", *(f"# {line}" for line in lines)]


def _visits(visits: Sequence[Visit]) -> Iterator[str]:
    yield "# Days are counted from randomisation, which is day 0; exactly one visit is the baseline."
    if not visits:
        yield from _left_open("visits")
    for number, visit in enumerate(visits):
        yield from ([""] if number else [])
        yield from ("[[visits]]", f"code = {quoted(visit.code)}", f"label = {quoted(visit.label)}")
        if visit.target_day is None or visit.window is None:
            yield f"# target_day = 0 # {FILL_IN}"
            yield f"# window = {{ early = 0, late = 0 }} # {FILL_IN}"
        else:
            window = visit.window
            yield f"target_day = {visit.target_day}"
            yield f"window = {{ early = {window.early}, late = {window.late} }}"
        yield "baseline = true" if visit.baseline else f"# baseline = true # {FILL_IN} at one visit"


def _sites(sites: Sequence[str]) -> Iterator[str]:
    for number, site in enumerate(sites):
        yield from ([""] if number else [])
        yield from ("[[sites]]", f"code = {quoted(site)}", f"label = {quoted(site)}")


def _data(
    missing_codes: Sequence[MissingCode],
    undecided: Sequence[MissingCode],
    export: ExportDay | None,
) -> Iterator[str]:
    yield "# How the files in data/ are written; the import writes them so."
    yield from ("[data]", 'delimiter = ","', 'decimal = "."', 'dates = "ymd"', 'encoding = "utf-8"')
    if export is not None:
        yield f"# The data cut: the day of the export, by {export.told_by}. A later export has a later"
        yield "# day; without the line each run is of its own day (docs/validation.md)."
        yield f"cut = {export.day}"
    if undecided:
        yield "# Answers have the code in whose place these would stand. FILL IN: respell, or --missing."
    if missing_codes or undecided:
        hide = "" if missing_codes else "# "
        yield f"{hide}missing_codes = ["
        yield from (f"  {in_protocol(code)}," for code in missing_codes)
        yield from (f"#   {in_protocol(code)}," for code in undecided)
        yield f"{hide}]"
