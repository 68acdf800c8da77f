"""Forms that repeat, such as session logs, put together of their items and their rules."""

import json


def repeating_form(
    form_id: str, title: str, *parts: str, kind: str = "other", more: str = ""
) -> str:
    """A form with several rows for a participant; ``more`` are further lines of its head."""
    head = (
        f'[form]\nid = "{form_id}"\ntitle = "{title}"\nkind = "{kind}"\nexpected = "as_needed"\n'
        f"repeating = true\n{more}\n"
    )
    return "\n".join([head, *parts])


def item(item_id: str, label: str, kind: str, *more: str) -> str:
    """An item; ``more`` are further lines, as the form file has them."""
    lines = (f'id = "{item_id}"', f'label = "{label}"', f'type = "{kind}"', *more)
    return "[[items]]\n" + "\n".join(lines) + "\n"


def pain(item_id: str, label: str, *more: str) -> str:
    """An item of pain from 0 to 10."""
    return item(item_id, label, "integer", "range = { low = 0, high = 10 }", *more)


def rule(
    rule_id: str, expression: str, *items: str, message: str = "Odd.", severity: str = "hard"
) -> str:
    """A rule about some items."""
    return (
        f'[[rules]]\nid = "{rule_id}"\nexpression = {json.dumps(expression)}\n'
        f'severity = "{severity}"\nmessage = "{message}"\nitems = {json.dumps(list(items))}\n'
    )
