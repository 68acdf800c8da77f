"""Data dictionaries that imitate the idioms of public REDCap projects, made up for measuring.

Each is called for the kind of project whose habits it has: how its conditions are spelled, which
validations, limits, functions and tags it uses. No label, field or sentence is taken from any. A line
is a field: its name, type, choices or calculation, validation, minimum, maximum, branching logic and
annotation, with `` ; `` between.
"""

from collections.abc import Iterator, Mapping

COLUMNS = (
    "field_name", "form_name", "field_type", "field_label", "select_choices_or_calculations",
    "text_validation_type_or_show_slider_number", "text_validation_min", "text_validation_max",
    "branching_logic", "field_annotation",
)  # fmt: skip

IDIOMS: Mapping[str, str] = {
    "emergency case report": """
        pid ; text
        sort ; radio ; 1, Tablet | 2, Drip | 3, Inhaled | 88, Other
        seen_on ; text ;  ; date_dmy ;  ; today
        onset_on ; text ;  ; date_dmy ; 2020-01-01 ; [seen_on]
        route ; radio ; 1, Mouth | 2, Vein ;  ;  ;  ; [sort]='1' or [sort]='2'  or [sort]='3'
        agent ; text ;  ;  ;  ;  ; [sort] = '7'
        units ; radio ; 1, Celsius | 2, Fahrenheit
        warmth ; text ;  ; number ; 30 ; 45 ; [units]='1' and ([route]='2' or [sort]<>'')
        warmth_f ; text ;  ; number_1dp ; 86 ; 113 ; [units]='2'
        days_ill ; calc ; round(datediff([onset_on],[seen_on],'d'),0)
        outcome ; dropdown ; 1, Home | 2, Ward | 3, Died
        died_on ; text ;  ; date_dmy ; [onset_on] ; 2030-12-31 ; [outcome]="3"
    """,
    "registry of one disease": """
        rec ; text
        role ; yesno
        role_other ; text ;  ;  ;  ;  ; [role] = '7'
        stage ; radio ; 1, I | 2, II | 3, III | UNK, Unknown
        bad_stage ; yesno ;  ;  ;  ;  ; [stage] > 1
        past ; checkbox ; 0, None | 1, Heart | 2, Lung | 99, Not known ;  ;  ;  ;  ; @NONEOFTHEABOVE='0,99'
        past_other ; text ;  ;  ;  ;  ; [past(1)] = '1' or [past(2)] = "1"
        count ; calc ; sum([past(1)], [past(2)])
        stamp ; text ;  ; datetime_seconds_ymd ;  ;  ;  ; @NOW @HIDDEN
        site_zip ; text ;  ; zipcode
        mail ; text ;  ; email ;  ;  ; [past(0)] = '0' and [role] <> ''
        consent ; radio ; 1, Yes | 0, No
        again ; text ;  ; integer ; 0 ; 120 ; [consent] = 1 and [past(99)] <> 1 ; @HIDDEN-SURVEY
    """,
    "library of questionnaires": """
        gid ; text
        q1 ; radio ; 0, Never | 1, Some | 2, Often ;  ;  ;  ;  ; @HIDECHOICE='2'
        q2 ; radio ; 0, Never | 1, Some | 2, Often
        q3 ; radio ; 0, Never | 1, Some | 2, Often
        raw ; calc ; if([q1]="" or [q2]="" or [q3]="", "NaN", [q1]+[q2]+[q3])
        part ; calc ; mean([q1],[q2],[q3])*3
        high ; calc ; if([raw] > 4, 1, if([raw] > 2, 2, if([raw] >= 0, 3, 'nan')))
        most ; calc ; max([q1],[q2],[q3])
        spread ; calc ; round(stdev("",[q1],[q2],[q3]),2)
        least ; calc ; min([q1],[q2],[q3])
        reversed ; calc ; (2-[q1])+(2-[q2]) ;  ;  ;  ;  ; @HIDDEN
        is_any ; calc ; if([q1] = 2, 1, 0) ;  ;  ;  ;  ; @HIDDEN
        words ; text ;  ;  ;  ;  ;  ; @CALCTEXT(if([raw] > 4, 'high', 'low'))
    """,
    "ages of today": """
        nr ; text
        dob ; text ;  ; date_mdy ; 1900-01-01 ; today
        seen ; text ;  ; date_ymd
        age ; calc ; rounddown(datediff([dob],'today','y'))
        age_1 ; calc ; rounddown((datediff([dob],"today","y","ymd")),0)
        months ; calc ; round(datediff("today", [dob], "M", "mdy"), 1)
        group ; calc ; if(datediff([dob],'now','y')<18, 1, if([seen] <> '', 2, 3))
        school ; yesno ;  ;  ;  ;  ; datediff([dob],'today','y') < 18
        shift ; yesno ;  ;  ;  ;  ; [school] = '0' and rounddown(datediff([dob],'today','y')) <> 17
        past ; notes ;  ;  ;  ;  ; [seen] < 'today'
    """,
    "survey of a household": """
        hh ; text
        lang ; radio ; 1, A | 2, B
        tested ; radio ; 0, No | 1, Yes | 999, No answer
        months ; text ;  ; integer ; 0 ; 600 ; [tested] = '1'
        partners ; text ;  ; integer
        told ; yesno ;  ;  ;  ;  ; [partners] > 0
        old ; yesno ;  ;  ;  ;  ; [months] >= 12 and [partners] >= 1
        told_whom ; checkbox ; 1, Kin | 2, Friend ;  ;  ;  ; [told] > 0
        help ; text ;  ;  ;  ;  ; [told_whom(2)] = '1' and ([tested] = '0' or [tested] = '999')
        phone ; text ;  ; phone
        given ; text ;  ; alpha_only
        asked_at ; text ;  ; time ; 06:00 ; 22:00
    """,
    "trial of a procedure": """
        sid ; text
        came ; text ;  ; datetime_dmy ; 2020-01-01 00:00 ; 2030-12-31 23:59
        done ; text ;  ; datetime_dmy ; [came]
        hours ; calc ; rounddown(datediff([came],[done],"h"),1)
        minutes ; calc ; datediff([came],[done],'m','dmy',true)
        weight ; text ;  ; number_comma_decimal ; 30 ; 250
        height ; text ;  ; number_2dp_comma_decimal ; 1,2 ; 2,3 ;  ; @FORCE-MINMAX
        bmi ; calc ; round(([weight])/(([height])^(2)),1)
        body ; calc ; sqrt([weight]*[height]/36)
        place ; text ;  ; postalcode_germany
        trials ; radio ; 1, one | 2, two | 3, three or more
        why ; notes ;  ;  ;  ;  ; [trials] > 1 or [hours] > 24
    """,
    "sleep laboratory": """
        id ; text
        lights_out ; text ;  ; time_hh_mm_ss ; 18:00:00
        latency ; text ;  ; time_mm_ss ; 00:00 ; 59:59
        apnoea ; text ;  ; number ; 0 ; 200
        class ; calc ; if([apnoea]<5,0,if([apnoea]<15,1,if([apnoea]<30,2,3)))
        mask ; dropdown ; 1, A | 2, B | 3, C
        leak ; text ;  ; integer ; 0 ; 100 ; [class] >= 2 and [mask] <> '' and [mask] != '3'
        mid ; calc ; median([apnoea],[leak])
        down ; text ;  ; time
        up ; text ;  ; time
        in_bed ; calc ; datediff([down],[up],'m')
        counted ; yesno ;  ;  ;  ;  ; isinteger([apnoea])
        note ; notes ;  ;  ;  ;  ; contains([mask], '1') or [leak] > 24
    """,
    "longitudinal births": """
        rid ; text
        dob ; text ;  ; date_mdy
        seen ; text ;  ; date_mdy ; [dob] ; 2035-01-01
        age_y ; calc ; rounddown(datediff([dob],[seen],'y','mdy'),0)
        age_m ; calc ; round(datediff([dob],[seen],"M","mdy"),1)
        sex ; radio ; 0, Girl | 1, Boy
        births ; text ;  ; integer ; 0 ; 20 ; [sex] = "0" and [age_y] >= 12
        given ; checkbox ; a, Oral | b, Nasal | c, Other ;  ;  ;  ; [births] > 0 ; @MAXCHECKED=2
        given_other ; text ;  ;  ;  ;  ; [given(c)] = 1
        year_born ; calc ; year([dob])
        later ; text ;  ; date_mdy ;  ;  ;  ; @CALCDATE([seen], 28, 'd')
    """,
    "hub of a consortium": """
        no ; text
        region ; text ;  ;  ;  ;  ;  ; @READONLY
        status ; radio ; 0, Draft | 1, Open | 2, Closed ;  ;  ;  ;  ; @DEFAULT='0'
        link ; text ;  ;  ;  ;  ; [status] <> '0' and [region] <> ''
        active ; truefalse
        ended ; text ;  ; date_ymd ;  ;  ; [status] = '2' ; @TODAY
        who ; text ;  ; email ;  ;  ; [active] = 1
        code ; text ;  ;  ;  ;  ;  ; @CALCTEXT(concat(upper(left([region], 3)), '-', [status]))
        tag ; text ;  ;  ;  ;  ;  ; @CALCTEXT(concat_ws('-', [region], [code]))
        shown ; text ;  ;  ;  ;  ; starts_with([region], 'eu') or ends_with([region], 'west') ; @IF([status]='0', @HIDDEN, '')
    """,
    "validations of every sort": """
        key ; text
        v1 ; text ;  ; mrn_10d
        v2 ; text ;  ; mrn_generic
        v3 ; text ;  ; vmrn
        v4 ; text ;  ; ssn
        v5 ; text ;  ; phone_australia
        v6 ; text ;  ; postalcode_australia
        v7 ; text ;  ; postalcode_canada
        v8 ; text ;  ; postalcode_french
        v9 ; text ;  ; number_3dp ; -1 ; 1
        v10 ; text ;  ; datetime_ymd ; 2020-01-01 08:00
        v11 ; text ;  ; integer ; [v12] ; 99
        v12 ; text ;  ; integer ;  ; 50
        v13 ; slider ;  ; number ; 0 ; 10
        v14 ; text ;  ; postalcode_uk
    """,
    "adverse events": """
        who ; text
        term ; text
        began ; text ;  ; date_ymd
        stopped ; text ;  ; date_ymd ; [began]
        goes_on ; yesno
        grade ; radio ; 1, Mild | 2, Moderate | 3, Severe | 4, Threatening | 5, Fatal
        serious ; calc ; if([grade]>=3 or [grade]='5',1,0)
        why_serious ; checkbox ; 1, Death | 2, Stay | 3, Harm ;  ;  ;  ; [serious]=1 and [goes_on]<>""
        lasted ; calc ; if([goes_on]='1','NaN',datediff([began],[stopped],'d')+1)
        told ; yesno ;  ;  ;  ;  ; ([grade] = '3' or [grade] = '4' or [grade] = '5') and [why_serious(1)] = '0'
        told_when ; text ;  ; datetime_seconds_ymd ;  ;  ; [told] and isblankormissingcode([stopped])
    """,
    "texts that are looked into": """
        n ; text
        drug ; text
        dose ; text
        dose_n ; calc ; [dose] * 2
        is_opioid ; yesno ;  ;  ;  ;  ; contains([drug], 'morph') or contains(lower([drug]), "codein")
        not_it ; yesno ;  ;  ;  ;  ; not_contain([drug], 'placebo') and length([drug]) > 2
        first ; text ;  ;  ;  ;  ;  ; @CALCTEXT(trim(mid([drug], 1, 4)))
        last4 ; text ;  ;  ;  ;  ;  ; @CALCTEXT(right([drug], 4))
        many ; yesno ;  ;  ;  ;  ; isnumber([dose]) and [dose] > 5
        said ; text ;  ;  ;  ;  ;  ; @CALCTEXT(if([dose] = '', 'none', concat([drug], ' ', [dose])))
    """,
    "fitness laboratory": """
        code ; text
        l1 ; text ;  ; number ; 0
        l2 ; text ;  ; number ; 0
        l3 ; text ;  ; number ; 0
        best ; calc ; max([l1],[l2],[l3])
        mean3 ; calc ; round(mean([l1],[l2],[l3]),2)
        share ; calc ; roundup(100*abs([l1]-[l2])/max([l1],[l2]), 1)
        odds ; calc ; log([best]) - exponential(1) + mod([l1], 3)
        power ; calc ; ([best])^(0.5) * ([l1])^(3)
        dominant ; radio ; L, Left | R, Right
        again ; yesno ;  ;  ;  ;  ; [share] > 10 and ([dominant] = 'L' or [dominant] = 'R')
    """,
    "allocation and follow-up": """
        person ; text
        arm ; radio ; 1, Train | 2, Usual
        strat ; calc ; [arm] + if([age] >= 65, 10, 0)
        age ; text ;  ; integer ; 18 ; 90 ;  ; @FORCE-MINMAX
        agreed ; yesno
        signed ; file ;  ; signature ;  ;  ; [agreed] = '1' and [age] >= 18
        left_early ; yesno
        reason ; radio ; 1, Moved | 2, Harm | 3, Other ;  ;  ;  ; [left_early] >= 1
        more ; notes ;  ;  ;  ;  ; [reason] = '3' ; @CHARLIMIT=500
        due ; text ;  ; date_dmy ;  ;  ;  ; @CALCDATE([agreed_on], 42, "d")
        agreed_on ; text ;  ; date_dmy ; 2024-01-01 ; 2027-12-31
    """,
    "branches as long as they come": """
        me ; text
        kind ; dropdown ; 1, a | 2, b | 3, c | 4, d | 5, e | 6, f | 7, g | 8, h | 9, i
        other ; dropdown ; 1, a | 2, b | 3, c | 4, d | 5, e
        long ; text ;  ;  ;  ;  ; {long}
        deep ; calc ; {deep}
        wide ; calc ; {wide}
        bracket ; text ;  ;  ;  ;  ; ((([kind] = '1') and (([other] = '2'))) or ([kind] = '3'))
        notes1 ; text ;  ;  ;  ;  ; [kind] <> '' and [kind] <> '9' and [other] <> '' // known
    """,
    "codes that are not numbers": """
        one ; text
        yn ; radio ; Y, Yes | N, No | U, Unknown
        det ; text ;  ;  ;  ;  ; [yn] = 'Y'
        sev ; radio ; 0, None | 1, Some | 2, Much | NK, Not known
        sum2 ; calc ; [sev] + [lat]
        lat ; radio ; 1, L | 2, R | 3, B
        when ; text ;  ; date_ymd ;  ;  ; [sev] > 0
        det2 ; text ;  ;  ;  ;  ; [yn] <> [yn2]
        yn2 ; radio ; Y, Yes | N, No | U, Unknown
        pick ; checkbox ; -1, Lost | A, First | b_2, Second
        pick_o ; text ;  ;  ;  ;  ; [pick(-1)] = '1' or [pick(A)] = '1' or [pick(b_2)] = '0'
    """,
    "tags of every sort": """
        t0 ; text
        t1 ; text ;  ;  ;  ;  ;  ; @HIDDEN @READONLY
        t2 ; yesno ;  ;  ;  ;  ;  ; @IF([t3] = '1', @READONLY, @HIDDEN)
        t3 ; yesno ;  ;  ;  ;  ;  ; @DEFAULT='1' @HIDDEN-SURVEY
        t4 ; checkbox ; 1, A | 2, B | 3, C | 0, None ;  ;  ;  ;  ; @NONEOFTHEABOVE='0' @MAXCHECKED=2
        t5 ; text ;  ; integer ; 0 ; 10 ;  ; @FORCE-MINMAX @PLACEHOLDER='0 to 10'
        t6 ; text ;  ;  ;  ;  ;  ; @CALCTEXT(if([t3] = '1', 'on', 'off')) @HIDDEN
        t7 ; text ;  ; time ;  ;  ;  ; @NOW @HIDEBUTTON
        t8 ; notes ;  ;  ;  ;  ;  ; @WORDLIMIT=50 @RICHTEXT
        t9 ; text ;  ; date_ymd ;  ;  ; [t5] > [t5b] ; @TODAY
        t5b ; text ;  ; integer
    """,
}
"""Each by the kind of project that it imitates."""


def rows(name: str) -> Iterator[tuple[str, ...]]:
    """The cells of a dictionary, its header first."""
    yield COLUMNS
    text = IDIOMS[name].replace("{long}", _long()).replace("{deep}", _deep())
    for line in text.replace("{wide}", _wide()).strip().splitlines():
        cells = [*(cell.strip() for cell in line.split(" ; ")), *[""] * 8]
        field, kind, choices, validation, low, high, branching, annotation = cells[:8]
        yield (
            field, "form_1", kind, field.capitalize(), choices, validation, low, high, branching,
            annotation,
        )  # fmt: skip


def _long() -> str:
    """A chain of conditions nearly as long as REDCap keeps one."""
    return " or ".join(f"[kind] = '{n % 9 + 1}'" for n in range(3000))


def _deep() -> str:
    """As many ``if`` in each other as people have got REDCap to take."""
    text = "'NaN'"
    for n in range(75, 0, -1):
        text = f"if([kind] + [other] = {n}, {n * 2}, {text})"
    return text


def _wide() -> str:
    """A sum of many products."""
    return " + ".join(f"([kind] * {n})" for n in range(1, 200))
