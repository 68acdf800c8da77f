"""What the protocol needs of the forms: an item for each outcome, arms that are its arms."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from trialkit.errors import Complaint, ProtocolError, TrialStep
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.labels import EXPECTED, alike
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Purpose
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Nature, Reading
from trialkit.schemas.reading.asking import visits_that_ask
from trialkit.schemas.reading.at_risk_needs import complain_of_time_at_risk
from trialkit.schemas.reading.exposures import complain_of_counts
from trialkit.schemas.reading.filled_baselines import complain_of_filled_baselines
from trialkit.schemas.reading.intercurrent_needs import complain_of_intercurrent_events
from trialkit.schemas.reading.picks import complain_of_picks
from trialkit.schemas.reading.plan_needs import complain_of_plan
from trialkit.schemas.rules.patterns import whole_text_pattern
from trialkit.schemas.values.parsing import parse_column

PROTOCOL = "protocol.toml"
_ONE_OF_A_KIND = (
    FormKind.SCREENING,
    FormKind.DEMOGRAPHICS,
    FormKind.RANDOMISATION,
    FormKind.SESSIONS,
    FormKind.ADVERSE_EVENTS,
    FormKind.SERIOUS_EVENTS,
    FormKind.END_OF_STUDY,
)
_ANY_TEXT = frozenset({Nature.TEXT, Nature.CODE, Nature.CODES})


def complain_of_needs(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """A complaint for everything that they lack as the forms of this trial."""
    yield from _kinds_are_single(forms)
    yield from _titles_tell_forms_apart(forms)
    yield from _screening_is_recorded(forms)
    yield from _randomisation_is_recorded(forms)
    yield from _codes_are_the_protocols(forms, protocol)
    yield from _missing_codes_are_no_values(forms, protocol)
    yield from _rule_ids_are_unique(forms)
    yield from _patterns_of_sites_can_be_run(protocol)


def _patterns_of_sites_can_be_run(protocol: Protocol) -> Iterator[Complaint]:
    for site in protocol.sites:
        if site.subject_pattern:
            try:
                whole_text_pattern(site.subject_pattern)
            except ProtocolError as error:
                yield Complaint(
                    file=PROTOCOL,
                    table=f"sites {site.code!r}",
                    key="subject_pattern",
                    found=str(error),
                    expected='a regular expression for the whole name, such as "N-[0-9]{3}"',
                )


def complain_of_analyses(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """A complaint for everything that the analyses ask of the forms and do not find."""
    asked = (
        _outcomes_are_asked,
        _characteristics_are_asked,
        complain_of_plan,
        complain_of_filled_baselines,
        complain_of_intercurrent_events,
    )
    for complain in asked:
        yield from (replace(each, step=TrialStep.ANALYSE) for each in complain(forms, protocol))


def _outcomes_are_asked(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    for outcome in protocol.outcomes:
        table = f"outcomes {outcome.code!r}"
        complaint = _unasked(forms, table, outcome.form, outcome.item)
        if complaint:
            yield complaint
            continue
        form = next(form for form in forms if form.id == outcome.form)
        item = form.item(outcome.item)
        if item.kind.outcome is not outcome.kind.values:
            can_be = (each for each in ItemType if each.kind.outcome is outcome.kind.values)
            kinds = " or ".join(each.value for each in can_be)
            yield Complaint(
                file=PROTOCOL,
                table=table,
                key="item",
                found=f"{form.id}.{item.id}, an item of type {item.type.value}",
                expected=f"an item of type {kinds} for a {outcome.type.value} outcome",
            )
        if outcome.kind.is_of_time:
            pass  # its days may come from any visit
        elif form.visits and outcome.time_point not in form.visits:
            yield Complaint(
                file=PROTOCOL,
                table=table,
                key="time_point",
                found=f"{outcome.time_point!r}, at which {form.id} is not asked",
                expected=f"one of {', '.join(form.visits)}",
            )
        elif form.visits and outcome.time_point not in visits_that_ask(form, item, tuple(forms)):
            yield Complaint(
                file=PROTOCOL,
                table=table,
                key="time_point",
                found=f"{outcome.time_point!r}, at which {item.id} is never asked: {item.shown_when}",
                expected="a visit at which its shown_when can hold",
            )
        yield from complain_of_picks(outcome, form)
        yield from complain_of_time_at_risk(outcome, forms)
        yield from complain_of_counts(outcome, form, item, forms)


def _characteristics_are_asked(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    for row in protocol.characteristics:
        table = f"characteristics {row.form}.{row.item}"
        complaint = _unasked(forms, table, row.form, row.item)
        if complaint:
            yield complaint
            continue
        form = next(form for form in forms if form.id == row.form)
        if row.visit and row.visit not in form.visits:
            yield Complaint(
                file=PROTOCOL,
                table=table,
                key="visit",
                found=f"{row.visit!r}, at which {form.id} is not asked",
                expected=f"one of {', '.join(form.visits)}" if form.visits else "no visit",
            )


def _unasked(forms: Sequence[Form], table: str, form_id: str, item_id: str) -> Complaint | None:
    ids = [form.id for form in forms]
    if form_id not in ids:
        near = suggestion(form_id, ids)
        return Complaint(
            file=PROTOCOL,
            table=table,
            key="form",
            found=repr(form_id),
            expected=f"a form of the trial, {', '.join(ids)}{near}",
        )
    items = [item.id for form in forms if form.id == form_id for item in form.items]
    if item_id not in items:
        return Complaint(
            file=PROTOCOL,
            table=table,
            key="item",
            found=repr(item_id),
            expected=f"an item of {form_id}{suggestion(item_id, items)}",
        )
    return None


def _kinds_are_single(forms: Sequence[Form]) -> Iterator[Complaint]:
    for kind in _ONE_OF_A_KIND:
        ours = [form for form in forms if form.kind is kind]
        for form in ours[1:]:
            yield Complaint(
                file=form.file,
                table="form",
                key="kind",
                found=f"a second form of kind {kind.value}, beside {ours[0].file}",
                expected="one; others are of kind other",
            )


def _titles_tell_forms_apart(forms: Sequence[Form]) -> Iterator[Complaint]:
    files = {form.id: form.file for form in forms}
    for each in alike((form.id, form.title) for form in forms):
        yield Complaint(
            file=files[each.code], table="form", key="title", found=each.found, expected=EXPECTED
        )


def _screening_is_recorded(forms: Sequence[Form]) -> Iterator[Complaint]:
    """Without it nobody knows how many were assessed for eligibility (CONSORT 22)."""
    form = next((form for form in forms if form.kind is FormKind.SCREENING), None)
    if form is None:
        yield Complaint(
            file="forms/",
            table="",
            key="",
            found="no form of kind screening",
            expected="one row for everybody who was assessed for eligibility, randomised or not, "
            "such as forms/screening.toml of `trialkit new`",
            step=TrialStep.ANALYSE,
        )
    elif form.key != ("subject_id",):
        yield Complaint(
            file=form.file,
            table="form",
            key="visits" if form.visits else "repeating",
            found="several rows for a person",
            expected="one row for each person who was assessed for eligibility",
        )


def _randomisation_is_recorded(forms: Sequence[Form]) -> Iterator[Complaint]:
    form = next((form for form in forms if form.kind is FormKind.RANDOMISATION), None)
    if form is None:
        waiting = [each for each in forms if each.expected is Expected.RANDOMISED]
        for each in waiting[:1]:
            yield Complaint(
                file=each.file,
                table="form",
                key="expected",
                found="'randomised', but no form is of kind randomisation",
                expected="a form that records who was randomised, when, and into which arm",
                step=TrialStep.RANDOMISE,
            )
        return
    if form.key != ("subject_id",):
        yield Complaint(
            file=form.file,
            table="form",
            key="visits" if form.visits else "repeating",
            found="several rows for a participant",
            expected="one row for each randomised participant",
        )
    for purpose in (Purpose.RANDOMISATION_DATE, Purpose.ARM):
        if form.item_for(purpose) is None:
            yield Complaint(
                file=form.file,
                table="items",
                key="purpose",
                found=f"no item with purpose = {purpose.value!r}",
                expected="one in the form of kind randomisation",
                step=TrialStep.RANDOMISE,
            )


def _codes_are_the_protocols(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    arms = [arm.code for arm in protocol.arms]
    sites = [site.code for site in protocol.sites]
    known = {Purpose.ARM: arms, Purpose.ARM_RECEIVED: arms, Purpose.SITE: sites}
    for form in forms:
        for item in form.items:
            codes = known.get(item.purpose) if item.purpose else None
            for choice in item.choices if codes else ():
                if codes is not None and choice.code not in codes:
                    yield Complaint(
                        file=form.file,
                        table=f"items {item.id!r}",
                        key="choices",
                        found=repr(choice.code),
                        expected=f"codes of the protocol, {', '.join(codes)}"
                        + suggestion(choice.code, codes),
                    )


def _missing_codes_are_no_values(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """A code that an item could mean as its value would make it missing without a word."""
    codes = pl.Series("code", [code.code for code in protocol.data.missing_codes], dtype=pl.String)
    plain = replace(protocol.data, missing_codes=())
    for form in forms:
        for item in form.items if len(codes) else ():
            if item.kind.nature in _ANY_TEXT:
                continue
            read = parse_column(codes, item.kind, Reading(data=plain)).values
            for code in codes.filter(read.is_not_null()):
                yield Complaint(
                    file=form.file,
                    table=f"items {item.id!r}",
                    key="type",
                    found=f"{item.type.value}, as which the missing code {code!r} can be read",
                    expected="a code in [data] missing_codes that is no value, such as 'ND'",
                )


def _rule_ids_are_unique(forms: Sequence[Form]) -> Iterator[Complaint]:
    seen: dict[str, Form] = {}
    for form in forms:
        for rule in form.rules:
            first = seen.setdefault(rule.id, form)
            if first is not form:
                yield Complaint(
                    file=form.file,
                    table=f"rules {rule.id!r}",
                    key="id",
                    found=f"an id that {first.file} has, too",
                    expected="each rule id once in the trial",
                )
