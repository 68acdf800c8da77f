"""A form of a made-up trial, and what ODK Central and KoboToolbox export of it."""

from pathlib import Path
from zipfile import ZipFile

FORM = """survey,,,,,,
,type,name,label,relevant,calculation,constraint
,start,start,,,,
,text,participant_id,Participant,,,
,begin group,about,About,,,
,integer,age,Age,,,. >= 18
,select_multiple why,why,Why,,,
,acknowledge,agreed,Agreed,,,
,geopoint,place,Place,,,
,dateTime,seen,Seen at,,,
,calculate,twice,,,${age} * 2,
,calculate,group,,,"if(${age} > 60, 'old', 'young')",
,end group,,,,,
,date,asked_on,Asked on,,,. <= today()
,begin repeat,fall,Falls,,,
,decimal,height,Height,,,
,end repeat,,,,,
choices,,,
,list_name,name,label
,why,ill,Ill
,why,work,Work
settings,,
,form_title,form_id
,Diary,diary
"""
CENTRAL = """SubmissionDate,start,participant_id,about-age,about-why,about-agreed,about-place-Latitude,\
about-place-Longitude,about-place-Altitude,about-place-Accuracy,about-seen,about-twice,about-group,\
asked_on,SubmitterName,KEY
2025-03-02T10:00:00.000Z,2025-03-02T09:00:00.000+01:00,P02,70,ill work,OK,48.1,11.5,500,5,\
2025-03-01T08:30:00.000+01:00,140,old,2025-03-01,Ann,uuid:2
2025-03-01T10:00:00.000Z,2025-03-01T09:00:00.000+01:00,P01,NaN,,,,,,,,,young,2025-03-01,Ann,uuid:1
"""
FALLS = """height,PARENT_KEY,KEY
1.5,uuid:2,uuid:2/fall[1]
0.5,uuid:2,uuid:2/fall[2]
2,uuid:1,uuid:1/fall[1]
"""
KOBO = """start;participant_id;about/age;about/why;about/why/ill;about/why/work;about/agreed;about/place;\
_about/place_latitude;about/seen;about/group;asked_on;_id;_submission_time;_index
2025-03-01T09:00:00.000+01:00;P01;66;ill;1;0;OK;48.1 11.5 500 5;48.1;2025-03-01T08:30:00.000+01:00;old;\
2025-03-01;11;2025-03-01T08:00:00;1
"""


def form_file(folder: Path) -> Path:
    path = folder / "diary.csv"
    path.write_text(FORM)
    return path


def central(folder: Path, main: str = CENTRAL, falls: str = FALLS) -> Path:
    path = folder / "diary.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("diary.csv", main)
        archive.writestr("diary-fall.csv", falls)
        archive.writestr("media/../../../photo.jpg", b"\xff\xd8")
    return path
