"""Fields of a data dictionary made by hand, each with what a test needs of it and nothing else."""

from dataclasses import replace

from trialkit.imports.redcap.dictionary import Dictionary, Field

_BLANK = Field(
    row=0, name="", form="", section="", kind="text", label="", choices="", note="", validation="",
    low="", high="", identifier=False, branching="", required=False, matrix="", ranking=False,
    annotation="",
)  # fmt: skip


def field(name: str, form: str = "base", kind: str = "text", **more: object) -> Field:
    return replace(_BLANK, **{"name": name, "form": form, "kind": kind, **more})


def dictionary(*fields: Field) -> Dictionary:
    """The fields of a project, below a first one that names the record, numbered from row 2."""
    rows = (field("record_id", fields[0].form), *fields)
    numbered = tuple(replace(each, row=row) for row, each in enumerate(rows, start=2))
    return Dictionary(file="dictionary.csv", fields=numbered)
