"""Trials of which no form asks some thing: the same data, read by forms without an item or a form."""

from collections.abc import Collection
from dataclasses import replace

from tests.line import Line
from trialkit.datasets.building import build_datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.schemas.forms.forms import Form, FormKind, Purpose


def unasked(line: Line, *taken: Purpose | FormKind) -> Line:
    """The trial without the forms of these kinds, and without items for these purposes."""
    forms = tuple(_without(form, taken) for form in line.schemas.forms if form.kind not in taken)
    return read_by(line, forms)


def for_one_arm(line: Line, kind: FormKind, arm: str) -> Line:
    """The trial in which participants of one arm alone have the form of this kind."""
    forms = (replace(f, arms=(arm,)) if f.kind is kind else f for f in line.schemas.forms)
    return read_by(line, tuple(forms))


def read_by(line: Line, forms: tuple[Form, ...]) -> Line:
    """The trial's data as other forms read them, and its plan carried out."""
    schemas = replace(line.schemas, forms=forms)
    datasets = build_datasets(line.snapshot, schemas, line.protocol)
    return replace(
        line,
        schemas=schemas,
        datasets=datasets,
        results=carry_out(line.protocol, datasets),
    )


def _without(form: Form, purposes: Collection[Purpose | FormKind]) -> Form:
    items = (
        replace(item, purpose=None if item.purpose in purposes else item.purpose)
        for item in form.items
    )
    return replace(form, items=tuple(items))
