"""Parts of a rule made by hand, and what they come to over a table."""

import polars as pl

from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.forms.forms import Expected, Form, FormKind
from trialkit.schemas.rules.draft import Draft
from trialkit.schemas.rules.kinds import RuleTerm
from trialkit.schemas.rules.names import Scope

FORM = Form(
    id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
    repeating=False, items=(), rules=(), file="", sha256="",
)  # fmt: skip


def draft() -> Draft:
    return Draft(scope=Scope(form=FORM, forms={"f": FORM}, missing_codes=()))


def column(name: str, kind: Kind, **more: object) -> RuleTerm:
    return RuleTerm(kind=kind, value=pl.col(name), words=name, **more)


def quoted(text: str) -> RuleTerm:
    return RuleTerm(
        kind=Kind.QUOTED, value=pl.lit(text), words=f"'{text}'", quoted=text, literal=True
    )


def come_to(term: RuleTerm, written: Draft, table: pl.DataFrame) -> list[object]:
    """What a part is in each row."""
    table = table.with_columns(*written.literals)
    for step in written.steps:
        table = table.with_columns(step)
    return table.select(found=term.value)["found"].to_list()
