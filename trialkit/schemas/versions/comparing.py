"""All that two versions of a trial's forms say differently, each by what it does to data."""

from collections.abc import Iterator, Mapping, Sequence

from trialkit.protocol.trial.data_format import DEFAULT_MISSING_CODES, DataFormat
from trialkit.schemas.forms.forms import Expected, Form, Rule, Schemas, Severity
from trialkit.schemas.versions.definition_change import ChangeWeight, DefinitionChange
from trialkit.schemas.versions.item_changes import (
    LOST,
    MAPPING,
    SAFE,
    SaidChange,
    item_added,
    item_changes,
    item_removed,
)

_WEIGHTS = (ChangeWeight.DESTRUCTIVE, ChangeWeight.NEEDS_MAPPING, ChangeWeight.SAFE)


def definition_changes(old: Schemas, new: Schemas) -> tuple[DefinitionChange, ...]:
    """Every difference, in the order of the forms; none where both say the same.

    What changes no answer, as a test of a form or the place of an item, is no difference.
    """
    found = [_change("", "", said) for said in _format_changes(old.data, new.data)]
    after = {each.id: each for each in new.forms}
    for form in old.forms:
        if form.id in after:
            found += _form_changes(form, after[form.id])
        else:
            why = "its rows have no place: map it to the form that takes them, or say that they go"
            found.append(_change(form.id, "", SaidChange(LOST, "form", form.title, "", why)))
    before = {each.id for each in old.forms}
    for form in new.forms:
        if form.id not in before:
            found.append(_change(form.id, "", _form_added(form)))
    return tuple(found)


def heaviest(changes: Sequence[DefinitionChange]) -> ChangeWeight | None:
    """The weight of the change that weighs most; None where there is none."""
    weights = {each.weight for each in changes}
    return next((each for each in _WEIGHTS if each in weights), None)


def _change(form: str, item: str, said: SaidChange) -> DefinitionChange:
    return DefinitionChange(form=form, item=item, **said._asdict())


def _form_added(form: Form) -> SaidChange:
    if form.expected is Expected.AS_NEEDED:
        return SaidChange(SAFE, "form", "", form.title, "nobody who was there before lacks it")
    why = "participants whose visit is over lack it: say that they were not asked"
    return SaidChange(MAPPING, "form", "", form.title, why)


def _form_changes(old: Form, new: Form) -> Iterator[DefinitionChange]:
    for said in (*_grain_changes(old, new), *_scope_changes(old, new)):
        yield _change(new.id, "", said)
    before = {each.id: each for each in old.items}
    after = {each.id: each for each in new.items}
    for name, item in before.items():
        if name not in after:
            yield _change(new.id, name, item_removed(item))
            continue
        for said in item_changes(item, after[name]):
            yield _change(new.id, name, said)
    for name, item in after.items():
        if name not in before:
            yield _change(new.id, name, item_added(item))
    for said in _rule_changes(old.rules, new.rules):
        yield _change(new.id, "", said)


def _grain_changes(old: Form, new: Form) -> Iterator[SaidChange]:
    """What makes a row of the form another one."""
    if old.repeating != new.repeating:
        if new.repeating:
            why = "a row gets a number: say which number earlier rows have"
            yield SaidChange(MAPPING, "repeating", "no", "yes", why)
        else:
            why = "of several rows one can stay: say which"
            yield SaidChange(LOST, "repeating", "yes", "no", why)
    if bool(old.visits) != bool(new.visits):
        shown = ", ".join(old.visits), ", ".join(new.visits)
        if new.visits:
            yield SaidChange(
                MAPPING, "visits", *shown, "a row gets a visit: say which one earlier rows have"
            )
        else:
            yield SaidChange(
                LOST, "visits", *shown, "of rows at several visits one can stay: say which"
            )
    if old.one_row_for != new.one_row_for:
        shown = ", ".join(old.one_row_for), ", ".join(new.one_row_for)
        yield SaidChange(
            MAPPING, "one_row_for", *shown, "earlier rows may be two of what is one row now"
        )


def _scope_changes(old: Form, new: Form) -> Iterator[SaidChange]:
    """Of whom, where and for what the form is asked."""
    if old.title != new.title:
        yield SaidChange(SAFE, "title", old.title, new.title, "it is the heading of the form")
    if old.kind is not new.kind:
        why = "trialkit uses the form for something else: earlier rows, too"
        yield SaidChange(MAPPING, "kind", old.kind.value, new.kind.value, why)
    if old.visits and new.visits:
        for visit in (each for each in old.visits if each not in new.visits):
            why = "rows at this visit have no place: say where they belong, or that they go"
            yield SaidChange(LOST, "visits", visit, "", why)
        for visit in (each for each in new.visits if each not in old.visits):
            why = "participants whose visit is over lack it: say that they were not asked"
            yield SaidChange(MAPPING, "visits", "", visit, why)
    if old.expected is not new.expected:
        eased = new.expected is Expected.AS_NEEDED or old.expected is Expected.EVERYONE
        why = "nobody lacks it who did not before" if eased else "participants may lack it now"
        weight = SAFE if eased else MAPPING
        yield SaidChange(weight, "expected", old.expected.value, new.expected.value, why)
    if old.arms != new.arms:
        shown = ", ".join(old.arms) or "all", ", ".join(new.arms) or "all"
        yield SaidChange(MAPPING, "arms", *shown, "participants of other arms have it, or lack it")
    if old.stopping != new.stopping:
        shown = _stopping(old), _stopping(new)
        yield SaidChange(SAFE, "stopping", *shown, "earlier sessions are looked at anew")


def _stopping(form: Form) -> str:
    signal = form.stopping
    return "" if signal is None else f"{signal.rise:g} points in {signal.sessions} sessions"


def _rule_changes(old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[SaidChange]:
    before: Mapping[str, Rule] = {each.id: each for each in old}
    after: Mapping[str, Rule] = {each.id: each for each in new}
    for name, rule in before.items():
        if name not in after:
            yield SaidChange(
                SAFE, f"rule {name}", rule.expression, "", "earlier rows are not held to it"
            )
    for name, rule in after.items():
        known = before.get(name)
        shown = known.expression if known else "", rule.expression
        if known is not None and known.expression == rule.expression:
            if known.severity is rule.severity:
                continue
            shown = known.severity.value, rule.severity.value
        if rule.severity is Severity.HARD:
            yield SaidChange(
                MAPPING, f"rule {name}", *shown, "earlier rows that break it are hard findings"
            )
        else:
            yield SaidChange(
                SAFE, f"rule {name}", *shown, "earlier rows that break it are asked about"
            )


def _format_changes(old: DataFormat, new: DataFormat) -> Iterator[SaidChange]:
    before, after = _labels(old), _labels(new)
    for code, label in before.items():
        if code not in after:
            why = "answers with this code are no missing ones any more: map it to another code"
            yield SaidChange(LOST, "missing_codes", f"{code} ({label})", "", why, code)
        elif after[code] != label:
            shown = f"{code} ({label})", f"{code} ({after[code]})"
            why = "the reason reads otherwise: say whether earlier ones still mean it"
            yield SaidChange(MAPPING, "missing_codes", *shown, why)
    for code, left_out in _denominators(old).items():
        if _denominators(new).get(code, left_out) != left_out:
            shown = ("not applicable", "missing") if left_out else ("missing", "not applicable")
            why = "earlier participants with this code enter the denominator, or leave it"
            yield SaidChange(MAPPING, f"missing code {code}", *shown, why)
    for code, label in after.items():
        if code not in before:
            yield SaidChange(
                SAFE, "missing_codes", "", f"{code} ({label})", "no earlier answer has it"
            )
    for name in ("delimiter", "decimal", "dates", "encoding"):
        shown = str(getattr(old, name)), str(getattr(new, name))
        if shown[0] != shown[1]:
            why = "files written before are read otherwise: write them anew"
            yield SaidChange(MAPPING, name, *shown, why)


def _denominators(data: DataFormat) -> dict[str, bool]:
    """By code of each missing code, whether the value could not exist."""
    return {
        each.code: each.not_applicable for each in (*DEFAULT_MISSING_CODES, *data.missing_codes)
    }


def _labels(data: DataFormat) -> dict[str, str]:
    """By code the label of each missing code that the trial has, its own and those of every trial."""
    own = {each.code: each.label for each in data.missing_codes}
    replaced = {each.instead_of for each in data.missing_codes}
    given = {each.code: each.label for each in DEFAULT_MISSING_CODES if each.code not in replaced}
    return {**given, **own}
