"""Labels that REDCap's editor filled with HTML, as the text that a person sees.

Only tags that format text are taken out; ``<`` that belongs to no such tag, as in ``age < 5``, stays.
Nothing is ever run or rendered: what is left is text, and is escaped wherever it is shown.
"""

import html
import re

from trialkit.printable import on_one_line

_TAGS = (
    "a|abbr|b|big|blockquote|br|center|code|col|colgroup|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|label|"
    "li|ol|p|pre|s|small|span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|wbr"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_APART = re.compile(r"</?(?:br|div|dd|dt|h[1-6]|hr|li|p|td|th|tr)\b[^<>]*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def plain(text: str) -> str:
    """A label without formatting, on one line."""
    text = _COMMENT.sub(" ", text) if "<!--" in text else text
    text = _TAG.sub("", _APART.sub(" ", text)) if "<" in text else text
    text = html.unescape(text) if "&" in text else text
    return on_one_line(text)
