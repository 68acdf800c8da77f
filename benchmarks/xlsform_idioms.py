"""Made-up XLSForms that have the habits of public ones: what they ask, and how they say it.

Each imitates a kind of form, not a form: no wording is taken from any.
"""

HEAD = (
    "type",
    "name",
    "label",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "required",
)


INTERVIEW = (
    ("today", "today"), ("start", "start"), ("imei", "device"),
    ("text", "participant_id", "Participant"),
    ("select_one yn", "consent", "Consent"),
    ("begin group", "ages", "Ages", "${consent} = 'yes'"),
    ("select_one ynd", "knows", "Is the date of birth known?"),
    ("date", "born", "Date of birth", "selected(${knows}, 'yes')", ". <= today()"),
    ("integer", "years_said", "Years", "selected(${knows}, 'no') or selected(${knows}, 'dk')",
     "(. >= 0 and . <= 120) or . = 999"),
    ("calculate", "days", "", "", "", "today() - ${born}"),
    ("calculate", "years", "", "", "",
     "if(${days} != 'NaN' and string-length(${days}) > 0, int(${days} div 365.25), ${years_said})"),
    ("calculate", "adult", "", "", "", "if(${years} >= 12 or ${years_said} = 999, '1', '0')"),
    ("calculate", "child", "", "", "", "if(${years} < 12 and ${years} >= 1, 1, 0)"),
    ("end group",),
    ("select_one ynd", "fever", "Fever?"),
    ("integer", "fever_days", "For how many days?", "selected(${fever}, 'yes')",
     "(. >= 0 and . <= ${days}) or . = 99"),
    ("select_multiple signs", "signs", "Signs", "selected(${adult}, '1') and selected(${fever}, 'yes')",
     "not(selected(., 'none') and count-selected(.) > 1)"),
    ("text", "other", "Which?", "selected(${signs}, 'other')"),
    ("calculate", "count", "", "", "", "count-selected(${signs})"),
    ("note", "thanks", "Thank you"),
)  # fmt: skip
PATHS = (
    ("begin group", "inputs", "Inputs", "./source = 'user'"),
    ("hidden", "source", "Source"), ("hidden", "name", "Name"),
    ("end group",),
    ("begin group", "visit", "Visit"),
    ("date", "seen", "Seen on", "", ". <= now()"),
    ("select_one yn", "danger", "Any sign of danger?"),
    ("select_multiple signs", "which", "Which?", "../danger = 'yes'"),
    ("calculate", "any_sign", "", "", "", "if(selected(../which, 'fits') or ../danger = 'yes', 'yes', 'no')"),
    ("calculate", "due", "", "", "", "format-date(date(decimal-date-time(../seen) + 280), '%Y-%m-%d')"),
    ("calculate", "weeks", "", "", "", "floor((decimal-date-time(today()) - decimal-date-time(../seen)) div 7)"),
    ("calculate", "shown_name", "", "", "", "coalesce(../../inputs/name, 'nobody')"),
    ("end group",),
    ("begin group", "meta", "Meta", "not(selected(../visit/any_sign, 'no'))"),
    ("calculate", "who", "", "", "", "../../inputs/name"),
    ("calculate", "kept", "", "", "", "."),
    ("integer", "again", "Days until the next visit", "/data/visit/weeks > 4", ". > 0"),
    ("end group",),
)  # fmt: skip
HOUSEHOLD = (
    ("select_one region", "region", "Region"),
    ("select_one town", "town", "Town", "", "", "", "region = ${region}"),
    ("calculate", "town_name", "", "", "", "jr:choice-name(${town}, '${town}')"),
    ("calculate", "zone", "", "", "", "instance('town')/root/item[name = ${town}]/region"),
    ("select_one yn or_other", "owner", "Owner of the house?"),
    ("integer", "size", "People", "", ". > 0 and . <= 30", "", "", "yes"),
    ("begin repeat", "person", "Person"),
    ("text", "first", "First name"), ("integer", "age", "Age", "", ". <= 120"),
    ("select_one yn", "works", "Works?", "${age} >= 16 and ${size} > 1"),
    ("calculate", "label", "", "", "", "concat(${first}, ' of ', ${town})"),
    ("end repeat",),
    ("calculate", "members", "", "", "", "count(${person})"),
    ("decimal", "income", "Income", "${owner} != ''", ". >= 0"),
    ("calculate", "each", "", "", "", "round(${income} div ${size}, 2)"),
    ("select_one level", "water", "Water", "", ""),
    ("select_one level", "soap", "Soap", "${water} > 1"),
    ("calculate", "score", "", "", "", "${water} + ${soap}"),
    ("calculate", "worst", "", "", "", "min(${water}, ${soap})"),
    ("acknowledge", "agreed", "Agreed?"), ("geopoint", "place", "Place", "${agreed} = 'OK'"),
)  # fmt: skip
CLINIC = (
    ("barcode", "participant_id", "Participant"),
    ("text", "phone", "Telephone", "", "regex(., '^[0-9]{9,12}$')"),
    ("text", "initials", "Initials", "", "string-length(.) = 2 or string-length(.) = 3"),
    ("decimal", "weight", "Weight", "", ". >= 30 and . <= 250", "", "", "yes"),
    ("decimal", "height", "Height", "", ". > 100 and . < 220"),
    ("calculate", "bmi", "", "", "", "${weight} div pow(${height} div 100, 2)"),
    ("calculate", "heavy", "", "", "", "if(${bmi} >= 30, 'obese', if(${bmi} >= 25, 'overweight', 'other'))"),
    ("range", "pain", "Pain"),
    ("date", "first", "First day", "", ". <= today()"),
    ("date", "last", "Last day", "", ". >= ${first} and . <= today()"),
    ("calculate", "lasted", "", "", "", "int(${last} - ${first}) + 1"),
    ("select_one yn", "drug", "Drug taken?", "${pain} > 3 or ${heavy} = 'obese'"),
    ("time", "at", "At what time?", "${drug} = ‘yes’"),
    ("calculate", "even", "", "", "", "${weight} mod 2"),
    ("calculate", "id", "", "", "", "once(uuid())"),
    ("calculate", "done", "", "", "", "${drug} = 'no' or ${at} != ''"),
)  # fmt: skip
LEGACY = (
    ("select one from yn", "a", "Sleeps well?"),
    ("select all that apply from signs", "b", "Signs", "${a}='no'", ". != 'none'"),
    ("add integer prompt", "c", "Nights", "selected(${b},'fits') and not(${a}='yes')", ".>=0 and .<=31"),
    ("q calculate", "d", "", "", "", "if(${c}>7,1,0)+if(${a}='no',1,0)"),
    ("gps", "e", "Place", "${d}>1"), ("photo", "f", "Picture", "${d} >= 1 and ${c} < 20"),
    ("trigger", "g", "Seen", "${d} = 2"),
    ("select1 level", "h", "Level", "${g} = 'OK'"),
    ("calculate", "i", "", "", "", "if(${h} = 1 or ${h} = 2, ${c} * 2, ${c} div 2)"),
)  # fmt: skip
AGES = (
    ("barcode", "participant_id", "Participant"),
    ("date", "born", "Date of birth", "", ". <= today() and difference-in-months(., today()) < 1200"),
    ("calculate", "months", "", "", "", "difference-in-months(${born}, today())"),
    ("calculate", "years", "", "", "", "floor(difference-in-months(${born}, today()) div 12)"),
    ("calculate", "weeks", "", "", "", "cht:difference-in-weeks(${born}, today())"),
    ("calculate", "month", "", "", "", "format-date-time(today(), '%m') - format-date(${born}, '%m')"),
    ("select_one yn", "scanned", "Scanned?"),
    ("text", "scan", "Scan it", "${scanned} = 'yes'"),
    ("integer", "typed", "Type it", "${scanned} = 'no'", "string-length(.) < 4"),
    ("calculate", "label", "", "", "", "if(${scanned} = 'yes', ${scan}, ${typed})"),
    ("calculate", "start", "", "", "", "substr(${scan}, 0, 3)"),
    ("calculate", "rest", "", "", "", "concat(substr(${scan}, 3), '-', ${typed})"),
    ("begin repeat", "visit", "Visit"), ("date", "on", "On"), ("end repeat",),
    ("integer", "said", "Visits", "count(${visit}) > 0"),
    ("calculate", "visits", "", "", "", "count(${visit})"),
)  # fmt: skip
TOOLKIT = (
    ("hidden", "born", "Date of birth"), ("hidden", "weight", "Weight"),
    ("calculate", "months", "", "", "", "difference-in-months(${born}, today())"),
    ("calculate", "days", "", "", "", "floor(decimal-date-time(today()) - decimal-date-time(../born))"),
    ("calculate", "told", "", "", "", "if(${days} < 31, concat(${days}, ' days'), concat(${months}, ' months'))"),
    ("select_multiple signs", "method", "Method"),
    ("calculate", "copy", "", "", "", "../method"),
    ("integer", "years", "Years"), ("date", "said", "Date of birth"),
    ("calculate", "about", "", "", "", "add-date(today(), 0-${years}, 0-3)"),
    ("calculate", "either", "", "", "", "if(selected(../method, 'fits'), ../said, ../about)"),
    ("calculate", "iso", "", "", "", "format-date-time(decimal-date-time(today()) - (365.25 * ../years), '%Y-%m-%d')"),
    ("calculate", "shown", "", "", "", 'format-date(${said}, "%d/%m/%Y")'),
    ("text", "dose", "Dose", "", ". > 0"),
    ("calculate", "month", "", "", "", 'format-date-time(${said}, "%e %b, %Y")'),
    ("calculate", "stock", "", "", "", "pulldata('stock', 'left', 'drug', ${dose})"),
    ("date", "next", "Next visit", "", ". >= today() and (${born} = '' or . >= ${born})"),
    ("select_one town", "town", "Town", "", "", "", "region = ${weight} or region = 2 or true()"),
)  # fmt: skip
ROWS = (
    ("barcode", "participant_id", "Participant"),
    ("begin repeat", "child", "Child"),
    ("text", "first", "First name"), ("integer", "age", "Age"),
    ("calculate", "n", "", "", "", "position(..)"),
    ("calculate", "label", "", "", "", "concat('Child ', ${n}, ' of ', ${participant_id})"),
    ("end repeat",),
    ("calculate", "oldest", "", "", "", "max(${age})"), ("calculate", "all", "", "", "", "sum(${age})"),
    ("calculate", "named", "", "", "", "count-non-empty(${first})"),
    ("calculate", "second", "", "", "", "indexed-repeat(${age}, ${child}, 2)"),
    ("calculate", "mean", "", "", "", "round(${all} div count(${child}), 1)"),
    ("calculate", "names", "", "", "", "join(', ', ${first})"),
    ("text", "why", "Why so many?", "sum(${age}) > 40 or count(${child}) > 4"),
)  # fmt: skip
LISTS = (
    ("yn", (("yes", "Yes"), ("no", "No"))),
    ("ynd", (("yes", "Yes"), ("no", "No"), ("dk", "Not known"), ("ref", "Refused"))),
    ("signs", (("fits", "Fits"), ("rash", "Rash"), ("other", "Other"), ("none", "None"))),
    ("region", (("n", "North"), ("s", "South"))),
    ("level", (("1", "Low"), ("2", "Middle"), ("3", "High"))),
)  # fmt: skip
_TOWNS = (("n1", "Northwood", "n"), ("n2", "Norton", "n"), ("s1", "Southam", "s"))

IDIOMS = {
    "interview": INTERVIEW, "paths": PATHS, "household": HOUSEHOLD, "clinic": CLINIC, "legacy": LEGACY,
    "ages": AGES, "toolkit": TOOLKIT, "rows": ROWS,
}  # fmt: skip


def as_csv(name: str) -> list[list[str]]:
    """A form as the rows of a CSV file."""
    survey = [["survey"], ["", *HEAD], *(["", *row] for row in IDIOMS[name])]
    lists = [["", listed, code, label, ""] for listed, choices in LISTS for code, label in choices]
    towns = [["", "town", code, label, region] for code, label, region in _TOWNS]
    used = {word for row in IDIOMS[name] for word in row[0].split()}
    kept = [row for row in (*lists, *towns) if row[1] in used]
    return [*survey, ["choices"], ["", "list_name", "name", "label", "region"], *kept]
