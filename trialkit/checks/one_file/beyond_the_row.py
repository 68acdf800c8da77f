"""What of a form asks for more than the row: other rows, the trial's own data, what is calculated.

The rows of a participant are judged together (:mod:`trialkit.store.one_file.by_participant`), with no
more columns than what asks for others reads, by the checks that judge every trial. Other forms that
are read are those of the trial's folder.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.calculated import check_calculated
from trialkit.checks.judging.conditional import check_conditional
from trialkit.checks.judging.cross_rules import check_rules
from trialkit.checks.judging.declared import check_follows
from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.others import CellsOfForms, Others, Rows
from trialkit.checks.judging.shape import FormShape, form_shape
from trialkit.checks.judging.told_apart import check_told_apart
from trialkit.checks.one_file.own_data import OwnData
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.declared import Follows, declared
from trialkit.schemas.forms.expressions import Calculation, Condition, every_look
from trialkit.schemas.forms.forms import Expected, Form, Item, Purpose, Rule, Schemas, Severity
from trialkit.schemas.forms.placeholders import placeholders
from trialkit.schemas.rules.names import KEYS, NO_ITEMS
from trialkit.store.calculating import with_calculations_of
from trialkit.store.data_days import DataDays
from trialkit.store.snapshot import FormData

_OF_SHOWN = frozenset({BuiltIn.REQUIRED, BuiltIn.REQUIRED_WHEN, BuiltIn.NOT_SHOWN, BuiltIn.UNUSUAL})
"""The findings about an item that are known only where it is known whether it is asked."""
_OF_REQUIRED = frozenset({BuiltIn.REQUIRED_WHEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondTheRow:
    """What of a form is judged with other rows at hand."""

    form: Form
    """The form with the items that are read, and with the rules that are judged or that decide
    whether another finding is said."""
    schemas: Schemas
    """The trial's schemas, with this form in the place of the whole one."""
    rules: frozenset[str]
    """The rules that find something only with other rows at hand."""
    of_items: Mapping[str, frozenset[BuiltIn]]
    """By item whose conditions ask for other rows, what is found of it here, and not of the row alone."""
    follows: tuple[Follows, ...]
    """What follows from what the form says of its items, and asks for other rows."""
    calculated: frozenset[str]
    """The calculated items, which get their values here, and are compared with what was entered."""
    elsewhere: frozenset[str]
    """The other forms that are read."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that are read."""
        return (*self.form.key, *(item.id for item in self.form.items))


def forms_elsewhere(form: Form) -> frozenset[str]:
    """The other forms that rules, conditions and calculations of a form read."""
    stated = {rule.expression for rule in form.rules}
    stated |= {text for item in form.items for text in (item.shown_when, item.required_when)}
    read = [forms_read(form.conditions[text]) for text in stated if text]
    read += [forms_read(form.calculations[item.calculation]) for item in form.calculated]
    return frozenset().union(*read) - {form.id}


def forms_read(condition: Condition | Calculation) -> frozenset[str]:
    """The forms of which a condition or a calculation reads anything."""
    asked = {each.form for each in every_look(condition.looks)}
    return frozenset(asked | {each.form for each in condition.reads})


def beyond_the_row(
    form: Form, schemas: Schemas, at_hand: Collection[str] = ()
) -> BeyondTheRow | None:
    """What of a form is judged with other rows, and those of the forms ``at_hand``; None for nothing."""
    reach = _Reach(form=form, at_hand=frozenset(at_hand), schemas=schemas)
    calculated = [item for item in form.calculated if reach.calculates(item)]
    rules = [rule for rule in form.rules if reach.judges(rule)]
    of_items = {item.id: kinds for item in form.asked if (kinds := reach.found_of(item))}
    follows = tuple(
        each
        for each in declared(form, schemas.forms)
        if reach.is_beyond(each.expression) and reach.reads(each.expression)
    )
    if not (rules or of_items or follows or form.one_row_for or calculated):
        return None
    about = {each.item.id for each in follows}
    silencing = [
        rule
        for rule in form.rules
        if rule.severity is Severity.HARD and about & {*rule.items} and reach.can_judge(rule)
    ]
    texts = {
        *(rule.expression for rule in (*rules, *silencing)),
        *(each.expression for each in follows),
        *(form.item(name).shown_when for name in of_items),
        *(form.item(name).required_when for name in of_items),
    } - {""}
    named = {
        *about,
        *of_items,
        *form.one_row_for,
        *(name for rule in (*rules, *silencing) for name in _named(rule)),
        *(item.id for item in calculated),
        *(
            name
            for read in (
                *(form.conditions[text] for text in texts),
                *(each for item in calculated for each in reach.of(item)),
            )
            for form_id, name in reach.needs(read)
            if form_id == form.id
        ),
    }
    site = form.item_for(Purpose.SITE)
    items = tuple(item for item in form.items if item.id in named or item is site)
    judged = dict.fromkeys([*rules, *silencing])
    part = replace(form, items=items, rules=tuple(judged))
    forms = tuple(part if each.id == form.id else each for each in schemas.forms)
    read = [forms_read(form.conditions[text]) for text in texts]
    read += [forms_read(each) for item in calculated for each in reach.of(item)]
    return BeyondTheRow(
        form=part,
        schemas=replace(schemas, forms=forms),
        rules=frozenset(rule.id for rule in rules),
        of_items=of_items,
        follows=follows,
        calculated=frozenset(item.id for item in calculated),
        elsewhere=frozenset().union(*read) - {form.id},
    )


def _named(rule: Rule) -> set[str]:
    """The items that a rule, or its message, is about."""
    return {*rule.items, *placeholders(rule.message)} - {*KEYS, *NO_ITEMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """How far a participant's rows and the forms at hand reach, and what is calculated from them."""

    form: Form
    at_hand: frozenset[str]
    schemas: Schemas

    def is_beyond(self, expression: str) -> bool:
        """Whether a condition, if there is one, asks for more than its row."""
        if not expression:
            return False
        condition = self.form.conditions[expression]
        calculated = {item.id for item in self.form.calculated}
        return bool(condition.looks) or any(
            each.form != self.form.id or each.visit or each.item in calculated
            for each in condition.references
        )

    def reads(self, expression: str) -> bool:
        """Whether all that a condition reads, if there is one, is at hand."""
        return not expression or self._has(self.form.conditions[expression])

    def calculates(self, item: Item) -> bool:
        """Whether all that an item is calculated from is at hand."""
        return all(map(self._has, self.of(item)))

    def of(self, item: Item, form: Form | None = None) -> tuple[Condition | Calculation, ...]:
        """What decides the value of a calculated item."""
        form = form or self.form
        shown = (form.conditions[item.shown_when],) if item.shown_when else ()
        return (form.calculations[item.calculation], *shown)

    def needs(self, read: Condition | Calculation) -> frozenset[tuple[str, str]]:
        """The items that are read, and those from which they are calculated, as form and item."""
        found: set[tuple[str, str]] = set()
        waiting = [read]
        while waiting:
            for each in waiting.pop().reads:
                place = (each.form, each.item)
                if place in found or each.item in {*KEYS, *NO_ITEMS}:
                    continue
                found.add(place)
                form = self.schemas.form(each.form)
                if not form.item(each.item).kind.is_asked:
                    waiting += self.of(form.item(each.item), form)
        return frozenset(found)

    def _has(self, read: Condition | Calculation) -> bool:
        """Whether the forms are at hand, and no other is calculated from this one."""
        forms = {*forms_read(read), *(form for form, _ in self.needs(read))}
        others = [place for place in self.needs(read) if place[0] != self.form.id]
        return forms <= {self.form.id, *self.at_hand} and not any(
            self._rests_on_this_form(*place) for place in others
        )

    def _rests_on_this_form(self, form_id: str, item_id: str) -> bool:
        form = self.schemas.form(form_id)
        item = form.item(item_id)
        return not item.kind.is_asked and any(
            self.form.id in {*forms_read(each), *(place[0] for place in self.needs(each))}
            for each in self.of(item, form)
        )

    def can_judge(self, rule: Rule) -> bool:
        calculated = [item for item in self.form.calculated if item.id in _named(rule)]
        return self.reads(rule.expression) and all(map(self.calculates, calculated))

    def judges(self, rule: Rule) -> bool:
        calculated = {item.id for item in self.form.calculated}
        beyond = self.is_beyond(rule.expression) or bool(_named(rule) & calculated)
        return beyond and self.can_judge(rule)

    def found_of(self, item: Item) -> frozenset[BuiltIn]:
        """What is found of an item only with other rows at hand."""
        conditions = (item.shown_when, item.required_when)
        if not all(self.reads(each) for each in conditions):
            return frozenset()
        if self.is_beyond(item.shown_when):
            return _OF_SHOWN
        return _OF_REQUIRED if self.is_beyond(item.required_when) else frozenset()


def judged_together(
    beyond: BeyondTheRow,
    data: FormData,
    own: OwnData,
    *,
    files: frozenset[str],
    days: DataDays,
) -> tuple[Hits, ...]:
    """What is found of all rows of some participants, beyond what each row shows by itself."""
    form = beyond.form
    if beyond.calculated:
        forms = {**{name: rows.data for name, rows in own.rows.items()}, form.id: data}
        data = with_calculations_of(form, forms, beyond.schemas, days)
    shape = form_shape(form, data)
    rows = Rows(data=data, usable=shape.usable, shared=shape.shared)
    cells_of = CellsOfForms(
        {**own.rows, form.id: rows}, beyond.schemas, files, days, known=own.known(beyond.elsewhere)
    )
    absent = {**own.absent, form.id: _may_be_due(form, data, shape)}
    others = Others(schemas=beyond.schemas, cells=cells_of, absent=absent)
    cells = cells_of[form.id]
    stated = check_rules(cells, others)
    asked = tuple(form.item(name) for name in beyond.of_items)
    of_items = check_conditional(cells, others, items=asked)
    return (
        *(each for each in of_items if each.rule_id in beyond.of_items[each.item]),
        *check_calculated(cells, others),
        *(each for each in stated if each.rule_id in beyond.rules),
        *check_follows(beyond.follows, cells, others, found=stated),
        *check_told_apart(cells),
    )


def _may_be_due(form: Form, data: FormData, shape: FormShape) -> pd.DataFrame:
    """The visits of which a participant has no row, though there may have to be one."""
    if not form.visits or form.repeating or form.expected is Expected.AS_NEEDED:
        return pd.DataFrame()
    there = data.typed.filter(pl.Series(shape.usable)).select("subject_id", "visit")
    visits = pl.DataFrame({"visit": list(form.visits)}, schema={"visit": pl.String})
    every = there.select("subject_id").unique(maintain_order=True).join(visits, how="cross")
    lacking = every.join(there, on=["subject_id", "visit"], how="anti", maintain_order="left")
    return pd.DataFrame({name: lacking[name].to_list() for name in lacking.columns})


def first_listed(
    frames: Sequence[tuple[pd.DataFrame, np.ndarray]], limit: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """The first findings in the order of the file, of listings in that order and their lines."""
    together = pd.concat([frame for frame, _ in frames], ignore_index=True)
    lines = np.concatenate([lines for _, lines in frames])
    first = np.argsort(lines, kind="stable")[:limit]
    return together.iloc[first].reset_index(drop=True), lines[first]
