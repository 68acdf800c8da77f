"""What the names in a rule stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.forms.expressions import COUNT, MISSING, Kind, Reference
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.items.kind import Nature

KEYS: Mapping[str, Kind] = {
    "subject_id": Kind.TEXT,
    "visit": Kind.TEXT,
    "repeat": Kind.NUMBER,
}
TODAY, CUT, ENTRY = "@today", "@cut", "@entry_day"
ENTRY_DAY = "entry_day"
"""The name in rules of the day on which a row was filled in."""
DAYS: Mapping[str, str] = {"today": TODAY, "cut": CUT, ENTRY_DAY: ENTRY}
"""The days by which data are looked at, by their names in rules, and their columns in tables.

``entry_day`` is for whoever fills in a form: no data keep it, so that what rests on it is not known,
and an answer that was right on its day is not found wrong on another. An item of that name goes
before: it was there first.
"""
NO_ITEMS = frozenset([*KEYS, *DAYS.values()])
"""What a reference may stand for that is no item of a form."""
KIND_OF: Mapping[Nature, Kind] = {
    Nature.TEXT: Kind.TEXT,
    Nature.CODE: Kind.TEXT,
    Nature.CODES: Kind.CHOICES,
    Nature.WHOLE: Kind.NUMBER,
    Nature.NUMBER: Kind.NUMBER,
    Nature.TRUTH: Kind.BOOLEAN,
    Nature.DAY: Kind.DATE,
    Nature.DAYS: Kind.DATE,
    Nature.MOMENT: Kind.MOMENT,
    Nature.CLOCK: Kind.TIME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The names that a form's expressions may use."""

    form: Form
    forms: Mapping[str, Form]
    missing_codes: tuple[str, ...]
    beside: Form | None = None
    """The form of the row that asks, where these are the names of other rows that it asks."""
    visit: str = ""
    """The visit that was named for those rows."""

    def resolve(self, parts: Sequence[str]) -> Reference:
        """What ``item``, ``form.item`` or ``visit.form.item`` stands for.

        Raises :class:`ProtocolError` that suggests the nearest name.
        """
        match list(parts):
            case [name] if self.beside:
                return self._asking.resolve([name])
            case [form, name] if self.beside and form == self.beside.id:
                return self._asking.resolve([name])
            case [visit, form, name] if self.beside and (visit, form) == (self.visit, self.form.id):
                return self._of(self.form, name)
            case [name]:
                return self._of(self.form, name)
            case [form, name]:
                return self._of(self._form(form), name)
            case [visit, form, name]:
                return self._at_visit(visit, self._form(form), name)
        raise ProtocolError(f"{'.'.join(parts)}; names are item, form.item or visit.form.item")

    @property
    def _asking(self) -> "Scope":
        """The names of the row that asks."""
        return replace(self, form=self.beside or self.form, beside=None, visit="")

    def refuse_other_visits(self, form: Form, name: str, visit: str) -> None:
        """Refuse rows of a form that do not go with the form's own, or a visit without them."""
        if visit:
            self._refuse_visit(visit, form, name)
        elif form.visits:
            self._refuse_no_visit(form, name)

    def _form(self, name: str) -> Form:
        if name not in self.forms:
            near = suggestion(name, list(self.forms))
            raise ProtocolError(f"the unknown form {name!r}; forms are {_list(self.forms)}{near}")
        return self.forms[name]

    def _of(self, form: Form, name: str) -> Reference:
        """An item of the rule's own row, or of the row of another form that goes with it."""
        if form.id == self.form.id:
            if name in KEYS:
                return self._key(name)
            if name in DAYS and not _has(form, name):
                return Reference(form=form.id, item=DAYS[name], kind=Kind.DATE)
            return self._item(form, name)
        self._refuse_many_rows(form, name)
        if form.visits:
            self._refuse_no_visit(form, f"{form.id}.{name}")
        return self._item(form, name)

    def _refuse_no_visit(self, form: Form, name: str) -> None:
        """Refuse a name without a visit where the rows of a form are at no visit of its own."""
        item = name.removeprefix(f"{form.id}.") if name.startswith(f"{form.id}.") else "item"
        such = f"such as {form.visits[0]}.{form.id}.{item}"
        if not self.form.visits:
            raise ProtocolError(
                f"{name}, but {form.id} is asked at several visits; name one, {such}"
            )
        if not set(form.visits) & set(self.form.visits):
            raise ProtocolError(
                f"{name}, but {form.id} is asked at no visit of {self.form.id}; name the visit, "
                f"{such}"
            )

    def _at_visit(self, visit: str, form: Form, name: str) -> Reference:
        self._refuse_many_rows(form, name)
        self._refuse_visit(visit, form, f"{visit}.{form.id}.{name}")
        return self._item(form, name, visit=visit)

    def _refuse_visit(self, visit: str, form: Form, name: str) -> None:
        if not form.visits:
            raise ProtocolError(
                f"{name}, but {form.id} is not tied to visits; write "
                f"{name.removeprefix(f'{visit}.')}"
            )
        if visit not in form.visits:
            near = suggestion(visit, list(form.visits))
            raise ProtocolError(f"{name}, but {form.id} is asked at {_list(form.visits)}{near}")

    def _refuse_many_rows(self, form: Form, name: str) -> None:
        if form.repeating:
            raise ProtocolError(
                f"{form.id}.{name}, but {form.id} has several rows for a participant; ask all of "
                f"them, as in COUNT({form.id}.{name} IS NOT NULL) or ANY(…), or write the rule in "
                "that form"
            )

    def _key(self, name: str) -> Reference:
        if name not in self.form.key:
            raise ProtocolError(f"{name}, which is no key of {self.form.id} {_list(self.form.key)}")
        known = self.form.visits if name == "visit" else ()
        return Reference(
            form=self.form.id,
            item=name,
            kind=KEYS[name],
            whole=name == "repeat",
            known=known,
        )

    def _item(self, form: Form, name: str, *, visit: str = "") -> Reference:
        item_id, _, part = name.partition("__")
        ids = [item.id for item in form.items]
        if item_id not in ids:
            names = [*ids, *(form.key if form.id == self.form.id else ())]
            others = sorted(other.id for other in self.forms.values() if _has(other, item_id))
            there = f"; {', '.join(others)} has an item of that name" if others else ""
            near = suggestion(item_id, names)
            raise ProtocolError(f"the unknown item {item_id!r} of {form.id}{near}{there}")
        item = form.item(item_id)
        if part and f"__{part}" != MISSING:
            return _part_of(
                item, part, Reference(form=form.id, item=item_id, visit=visit, kind=Kind.BOOLEAN)
            )
        if part:
            return Reference(
                form=form.id,
                item=item_id,
                visit=visit,
                code=True,
                kind=Kind.TEXT,
                known=self.missing_codes,
            )
        return Reference(
            form=form.id,
            item=item_id,
            visit=visit,
            kind=KIND_OF[item.kind.nature],
            whole=item.kind.nature is Nature.WHOLE,
            known=item.codes,
            partial=item.kind.nature is Nature.DAYS,
        )


def chosen(code: str) -> str:
    """What stands behind a multi-choice item in the column that says if this was chosen."""
    return f"__chosen_{code}"


def _part_of(item: Item, part: str, one: Reference) -> Reference:
    """``item__code``, whether a choice was chosen, or ``item__count``, how many were."""
    if item.kind.nature is not Nature.CODES:
        raise ProtocolError(
            f"{item.id}__{part}; of an item of type {item.type.value} rules know its value "
            f"{item.id} and its missing code {item.id}{MISSING}"
        )
    if f"__{part}" == COUNT:
        return replace(one, of=COUNT, kind=Kind.NUMBER, whole=True)
    if part not in item.codes:
        near = suggestion(part, list(item.codes))
        raise ProtocolError(
            f"{item.id}__{part}, but {item.id} has the choices {_list(item.codes)}{near}"
        )
    return replace(one, of=chosen(part))


def _has(form: Form, item_id: str) -> bool:
    return any(item.id == item_id for item in form.items)


def _list(names: Mapping[str, object] | Sequence[str]) -> str:
    return ", ".join(names)
