r"""What LaTeX writes in a bibliography becomes letters: ``\"{o}`` is ö, ``--`` a dash, ``{DNA}`` DNA.

Nothing is run: a command that is not known goes, and what stands in its braces stays.
"""

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "l": "ł", "L": "Ł", "i": "i", "j": "j", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "ldots": "…", "dots": "…", "textregistered": "®",
    "texttrademark": "™", "textbackslash": "\\", "textasciitilde": "~", "textdegree": "°", "S": "§",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "kappa": "κ", "lambda": "λ", "mu": "μ", "chi": "χ",
    "omega": "ω", "pm": "±", "times": "×", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "textmu": "μ",
}  # fmt: skip
_MARKS = {"textit": "i", "emph": "i", "textsl": "i", "textbf": "b", "textsuperscript": "sup", "textsubscript": "sub"}  # fmt: skip
_ACCENTED = re.compile(
    r"\\([`'^~\"=.]|[uvHckrdb](?![A-Za-z]))\s*(?:\{\s*(\\?[A-Za-z]?)\s*\}|(\\?[A-Za-z]))"
)
_NAMED = re.compile(r"\\([A-Za-z]+)(?:\{\}|\s+(?=\S)|(?![A-Za-z]))")
_MARKED = re.compile(r"\\(" + "|".join(_MARKS) + r")\s*\{([^{}\\]*)\}")
_SHIFTED = re.compile(r"\$?([_^])(?:\{([^{}$]{1,40})\}|([A-Za-z0-9+]))\$?")
_MATHS = re.compile(r"\$([^$]{0,400})\$")
_SIGNS = re.compile(r"\\([&%$#_{}\-, /])")
_HIDDEN = {"{": "\ue000", "}": "\ue001", "$": "\ue002", "_": "\ue003", "\\": "\ue004"}
"""Signs that stand for themselves, kept apart until all markup is gone."""
_SHOWN = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items()})
_PRIVATE = re.compile("[\ue000-\ue004]")
_DASHES = {"---": "—", "--": "–", "``": "“", "''": "”"}


def decoded(text: str) -> str:
    """The text as it is read, blanks single; ``<i>``, ``<b>``, ``<sup>`` and ``<sub>`` are its marks."""
    text = _PRIVATE.sub("\N{REPLACEMENT CHARACTER}", text)
    if "\\" in text or "$" in text:
        text = _SIGNS.sub(_sign, text.replace("\\\\", " "))
        text = _ACCENTED.sub(_accented, text)
        text = _MARKED.sub(lambda found: f"<{(tag := _MARKS[found[1]])}>{found[2]}</{tag}>", text)
        text = _MATHS.sub(lambda found: _SHIFTED.sub(_shifted, found[1]), text)
        text = _NAMED.sub(lambda found: _letter(found[1]), text)
        text = text.replace("\\", "")
    text = text.replace("~", "\N{NO-BREAK SPACE}").replace("{", "").replace("}", "")
    for written, read in _DASHES.items():
        text = text.replace(written, read)
    text = unicodedata.normalize("NFC", text.translate(_SHOWN))
    return re.sub(r"[ \t\n\r\f\v]+", " ", text).strip()


def _sign(found: re.Match[str]) -> str:
    sign = found[1]
    if sign in _HIDDEN:
        return _HIDDEN[sign]
    return {"-": "", "/": "", ",": " ", " ": " "}.get(sign, sign)


def _accented(found: re.Match[str]) -> str:
    """A letter with its accent; an i keeps its dot to itself, as Unicode has it."""
    letter = (found[2] or found[3] or "").lstrip("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[found[1]]) if letter else ""


def _shifted(found: re.Match[str]) -> str:
    tag = "sub" if found[1] == "_" else "sup"
    return f"<{tag}>{found[2] or found[3]}</{tag}>"


def _letter(name: str) -> str:
    """What a command prints by itself; one that is not known prints nothing."""
    return _HIDDEN["\\"] if name == "textbackslash" else _LETTERS.get(name, "")
