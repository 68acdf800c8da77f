"""What a site answers to a query of a store."""

from datetime import date

from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.queries import Queries
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Schemas

NO_FORMS = Schemas(forms=(), data=DataFormat())


def answered(
    queries: Queries,
    key: str,
    answer: str,
    *,
    by: str,
    reason: str = "seen",
    schemas: Schemas = NO_FORMS,
) -> Queries:
    """The queries after an answer by the mark that is shown of the question."""
    query = queries.by_key[key]
    row = AnswerRow(
        place="a", query_key=key, asked=query.asked, trial="", answer=answer, reason=reason,
        answered_by=by, turn=query.turn, right_value="",
    )  # fmt: skip
    return record_answers([row], queries, trial="T", on=date(2026, 3, 3), schemas=schemas).queries
