"""What is told of the analyses, before and after."""

from dataclasses import replace

from tests.protocol.locks.recorded import NOBODY, history
from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.report.content.content import Block
from trialkit.report.content.text import Bullets, CrossReference, Paragraph
from trialkit.report.sections.statistics import additional, analyses, populations
from trialkit.report.words.en.sentences.plan_record import NOT_DATED
from trialkit.report.words.language.account import Account
from trialkit.report.words.language.tense import Tense
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results


def words(block: Block) -> str:
    assert isinstance(block, Paragraph)
    return "".join(run for run in block.runs if isinstance(run, str))


def test_populations_are_grouped_in_a_plan_and_counted_in_a_report() -> None:
    before, after = (populations(made_up_protocol(), tense) for tense in Tense)
    assert isinstance(before, Bullets)
    assert isinstance(after, Bullets)
    assert before.items[1] == (
        "Safety: All who received care. Participants are grouped as received.",
    )
    assert after.items[1] == ("Safety: All who received care.",)
    pointed = [
        [run.anchor for run in block.items[-1] if isinstance(run, CrossReference)]
        for block in (before, after)
    ]
    assert pointed == [["table-estimands"], ["table-populations", "table-estimands"]]


def test_what_is_additional_is_planned_or_was_made() -> None:
    protocol = made_up_protocol()
    done = ResultIndex(Results(rows=()))
    assert words(additional(Account(protocol=protocol))).endswith("is planned.")
    assert words(additional(Account(protocol=protocol, index=done))).endswith(
        "was planned or made."
    )
    first, second = protocol.plan.analyses
    late = replace(second, role=AnalysisRole.POST_HOC, reason="Asked by a reviewer")
    own = replace(protocol, plan=replace(protocol.plan, analyses=(first, late)))
    assert words(additional(Account(protocol=own))) == (
        "Of the analyses above, one is additional. Added after the start of the trial: 1."
    )
    block = additional(Account(protocol=own, index=done))
    assert words(block) == (
        "Of the additional analyses named above, none stands in the protocol file and one is post "
        "hoc; no dated record shows when the plan was made."
    )
    assert [claim.lacks for claim in block.claims] == [NOT_DATED]
    recorded = Account(protocol=own, index=done, history=history(own, (own, NOBODY)))
    assert [claim.lacks for claim in additional(recorded).claims] == [""]


def test_harms_are_told_where_they_are_counted() -> None:
    account = Account(protocol=made_up_protocol())
    assert len(analyses(account)) == len(analyses(account, harms=False)) + 1
