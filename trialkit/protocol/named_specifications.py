"""The methods that a plan names, before anybody knows that their options are right."""

from collections.abc import Iterator, Mapping

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specification import MODEL, Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.tables.raw_tables import Table, rows, text


def tables_read(raw: Table) -> Iterator[tuple[str, Table]]:
    """The tables that say what is read of the data: that of an analysis, or of the model that it holds."""
    for table, each in rows(raw, "analyses"):
        specification, model = specification_named(text(each, "method")), each.get(MODEL)
        if specification and specification.HOLDS_A_MODEL and isinstance(model, Mapping):
            yield f"{table}.{MODEL}", {"outcomes": each.get("outcomes"), **model}
            if specification.IMPUTES:  # and reads by itself what it imputes from
                yield table, each
        else:
            yield table, each


def specification_named(method: str) -> type[Specification] | None:
    """The class of a method by its name; None of a name that is no method's, of which others complain."""
    return SPECIFICATIONS.get(Method(method)) if method in list(Method) else None
