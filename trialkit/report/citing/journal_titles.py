"""How the titles of journals that trials often cite are shortened in MEDLINE.

A work that brings a short title of its own is printed with that; one that is not here is printed as it is
written. The NLM Catalog itself was not at hand. The abbreviations were compared with JabRef's copy of the
NCBI's list (``journal_abbreviations_entrez.csv``), which shows all but these: JAMA Internal Medicine, JAMA
Network Open, Journal of Physiotherapy, Scientific Reports, PLoS One and Spine are as PubMed's citations
have them in public copies; BMJ Open has nothing to shorten. The list calls the old "Journal of the
American Medical Association" J Am Med Assoc; here it has the name that it has today.
"""

import re

_SHORT = {
    "acta orthopaedica": "Acta Orthop",
    "american journal of epidemiology": "Am J Epidemiol",
    "american journal of public health": "Am J Public Health",
    "annals of internal medicine": "Ann Intern Med",
    "annals of surgery": "Ann Surg",
    "annals of the rheumatic diseases": "Ann Rheum Dis",
    "archives of physical medicine and rehabilitation": "Arch Phys Med Rehabil",
    "biometrics": "Biometrics",
    "biometrika": "Biometrika",
    "biostatistics": "Biostatistics",
    "bmc medical research methodology": "BMC Med Res Methodol",
    "bmc medicine": "BMC Med",
    "bmc musculoskeletal disorders": "BMC Musculoskelet Disord",
    "bmj": "BMJ",
    "bmj open": "BMJ Open",
    "british journal of sports medicine": "Br J Sports Med",
    "british medical journal": "Br Med J",
    "circulation": "Circulation",
    "clinical rehabilitation": "Clin Rehabil",
    "clinical trials": "Clin Trials",
    "cochrane database of systematic reviews": "Cochrane Database Syst Rev",
    "contemporary clinical trials": "Contemp Clin Trials",
    "controlled clinical trials": "Control Clin Trials",
    "european journal of pain": "Eur J Pain",
    "european spine journal": "Eur Spine J",
    "health and quality of life outcomes": "Health Qual Life Outcomes",
    "international journal of epidemiology": "Int J Epidemiol",
    "jama": "JAMA",
    "jama internal medicine": "JAMA Intern Med",
    "jama network open": "JAMA Netw Open",
    "journal of clinical epidemiology": "J Clin Epidemiol",
    "journal of clinical oncology": "J Clin Oncol",
    "journal of orthopaedic & sports physical therapy": "J Orthop Sports Phys Ther",
    "journal of orthopaedic and sports physical therapy": "J Orthop Sports Phys Ther",
    "journal of pain": "J Pain",
    "journal of physiotherapy": "J Physiother",
    "journal of the american medical association": "JAMA",
    "journal of the american statistical association": "J Am Stat Assoc",
    "lancet": "Lancet",
    "medical care": "Med Care",
    "nature medicine": "Nat Med",
    "new england journal of medicine": "N Engl J Med",
    "pain": "Pain",
    "pharmaceutical statistics": "Pharm Stat",
    "physical therapy": "Phys Ther",
    "physiotherapy": "Physiotherapy",
    "plos medicine": "PLoS Med",
    "plos one": "PLoS One",
    "quality of life research": "Qual Life Res",
    "scientific reports": "Sci Rep",
    "spine": "Spine (Phila Pa 1976)",
    "statistical methods in medical research": "Stat Methods Med Res",
    "statistics in medicine": "Stat Med",
    "stroke": "Stroke",
    "the journal of pain": "J Pain",
    "the lancet": "Lancet",
    "the new england journal of medicine": "N Engl J Med",
    "the spine journal": "Spine J",
    "trials": "Trials",
}
_STOP = re.compile(r"(?<=[^\W\d_])\.(?=\s|$)")


def short_title(title: str, given: str) -> str:
    """The journal as references print it: shortened as ``given``, else as it is known, without stops."""
    return _STOP.sub("", given or _SHORT.get(" ".join(title.casefold().split()), title))
