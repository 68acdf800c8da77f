"""References as they are to be printed, with what they are of.

``QUOTED`` are letter by letter what a source shows, but for which sign stands for a hyphen. The sources were read in
public copies, not in the journals' own pages:

``NLM``: samples of the National Library of Medicine ("Samples of Formatted References for Authors of Journal
Articles", to which the ICMJE's recommendations point), as instructions of several journals and a Vancouver
guide repeat them; ``PUBMED``: title and citation of PubMed's page; ``AMA_GUIDE``: the guide of the library of
California State University, Sacramento, to the AMA Manual of Style, 11th edition; ``LANCET_CSL``: what
Paperpile prints for The Lancet Infectious Diseases from the public CSL style; ``BMJ_JOURNALS``: the example
that the guide to BMJ Case Reports and the instructions of JAMIA share; ``BMJ_ADVICE``: The BMJ's advice to
contributors as retold by essay.uk.com.

``MADE`` were made for these tests after the rules of the style, by nobody but us: they show that the rules are kept,
not that a journal prints the work so. No work was made up. Rules are those of the public CSL styles (the repository
citation-style-language/styles, commit 0819c0e: american-medical-association, the-new-england-journal-of-medicine,
the-lancet, bmj, nlm-citation-sequence), but for what ``docs/report.md`` says to differ.
"""

from trialkit.protocol.trial.reporting import ReportStyle

BIB = r"""
@article{halpern, author={Halpern, Scott D. and Ubel, Peter A. and Caplan, Arthur L.},
  title={Solid-organ transplantation in {HIV}-infected patients},
  journal={The New England Journal of Medicine}, year=2002, date={2002-07-25},
  volume=347, number=4, pages={284--287}}
@article{rose, author={Rose, ME and Huerbin, MB and Melick, J and Marion, DW and Palmer, AM and
  Schiding, JK and Kochanek, PM and Graham, SH}, title={Regulation of interstitial excitatory amino acid concentrations
  after cortical contusion injury}, journal={Brain Res.}, year=2002, volume=935, number={1-2}, pages={40-6}}
@article{dpp, author={{Diabetes Prevention Program Research Group}}, title={Hypertension, insulin, and
  proinsulin in participants with impaired glucose tolerance}, journal=Hypertension, year={2002},
  volume={40}, number={5}, pages={679--86}}
@article{vallancien, author={Vallancien, G and Emberton, M and Harving, N and van Moorselaar, R J and
  {Alf-One Study Group}}, title={Sexual dysfunction in 1,274 {European} men suffering from lower urinary
  tract symptoms}, journal={J Urol}, year=2003, volume=169, number=6, pages={2257--61}}
@article{heart, title={21st century heart solution may have a sting in the tail}, journal={BMJ},
  year=2002, volume=325, number=7357, pages=184}
@article{geraud, author={Geraud, G. and Spierings, E. L. and Keywood, C.}, title={Tolerability and safety of
  frovatriptan with short- and long-term use for treatment of migraine and in comparison with
  sumatriptan}, journal={Headache}, year=2002, volume={42 Suppl 2}, pages={S93--S99}}
@article{glauser, author={Glauser, T. A.}, title={Integrating clinical trial data into clinical practice},
  journal={Neurology}, year=2002, volume=58, number={12 Suppl 7}, pages={S6--12}}
@article{banit, author={Banit, D. M. and Kaufer, H. and Hartford, J. M.}, title={Intraoperative frozen section
  analysis in revision total joint arthroplasty}, shortjournal={Clin. Orthop.}, year=2002, number=401,
  journal={Clinical Orthopaedics}, pages={230--8}}
@article{outreach, title={Outreach: bringing {HIV}-positive individuals into care}, journal={HRSA Careaction},
  year=2002, month=jun, pages={1-6}}
@article{chadwick, author={Chadwick, R. and Schuklenk, U.}, title={The politics of ethical consensus finding},
  journal={Bioethics}, year=2002, volume=16, number=2, pages={iii--v}}
@article{zhang, author={Zhang, Min and Holman, C D'Arcy and Price, Sylvie D. and Sanfilippo, Frank M. and
  Preen, David B. and Bulsara, Max K.}, title={Comorbidity and repeat admission to hospital for adverse drug
  reactions in older adults: retrospective cohort study}, journal={BMJ}, date={2009-01-07}, volume=338,
  pages={a2752}, doi={10.1136/bmj.a2752}}
@book{murray, author={Patrick R. Murray and Ken S. Rosenthal and George S. Kobayashi and Michael A. Pfaller},
  title={Medical microbiology}, edition=4, address={St. Louis}, publisher={Mosby}, year=2002}
@book{gilstrap, editor={Gilstrap, 3rd, L. C. and Cunningham, F. G. and VanDorsten, J. P.},
  title={Operative obstetrics}, edition={2nd}, address={New York}, publisher={McGraw-Hill}, year=2002}
@incollection{meltzer, author={Meltzer, P. S. and Kallioniemi, A. and Trent, J. M.},
  title={Chromosome alterations in human solid tumors}, editor={Vogelstein, B. and Kinzler, K. W.},
  booktitle={The genetic basis of human cancer}, address={New York}, publisher={McGraw-Hill}, year=2002,
  pages={93--113}}
@phdthesis{borkowski, author={Borkowski, M. M.}, title={Infant sleep and feeding: a telephone survey of
  {Hispanic Americans}}, address={Mount Pleasant (MI)}, school={Central Michigan University}, year=2002}
@online{pain, title={Cancer-Pain.org}, address={New York}, organization={},
  publisher={Association of Cancer Online Resources, Inc.}, year=2000, urldate={2002-07-09},
  url={http://www.cancer-pain.org/}}
@article{shapiro, author={Shapiro, A. M. James and Lakey, Jonathan R. T. and Ryan, Edmond A. and
  Korbutt, Gregory S. and Toth, Ellen and Warnock, Garth L. and Kneteman, Norman M. and Rajotte, Ray V.},
  title={Islet transplantation in seven patients with type 1 diabetes mellitus using a glucocorticoid-free
  immunosuppressive regimen}, journal={New England Journal of Medicine}, year=2000, volume=343, number=4,
  pages={230--238}}
@article{stjohn, author={St John Smith, E. P.}, title={Advances in understanding nociception and neuropathic pain},
  journal={J. Neurol.}, year=2018, volume=265, number=2, pages={231--238},
  doi={https://doi.org/10.1007/s00415-017-8641-6}}
@article{gheorghe, author={Gheorghe A and Mahdi LM and Musat O}, title={Age-related macular degeneration},
  journal={Rom J Ophthalmol}, year=2015, volume=59, number=2, pages={74--77}}
@article{adams, author={Adams PR and Altes A and Brissot P and others}, title={Therapeutic recommendations in
  {HFE} hemochromatosis for {p.Cys282Tyr} ({C282Y/C282Y}) homozygous genotype}, journal={Hepatol Int},
  year=2018, volume=12, number=2, pages={83--86}, doi={10.1007/s12072-018-9855-0}}
@article{wen, author={Wen L}, title={Localized temporal change of the {Earth’s} inner core boundary},
  journal={Science}, year=2006, volume=314, pages={967--970}}
@book{anderson, author={Anderson RJ and Groundwater PW and Todd A and Worsley AJ}, title={Antibacterial Agents},
  address={Chichester, UK}, publisher={John Wiley \& Sons, Ltd}, year=2012}
@article{koziol, author={Koziol-Mclain J and Brand D and Morgan D and others}, title={Measuring injury risk
  factors: question reliability in a statewide sample}, journal={Inj Prev}, year=2000, volume=6, pages={148--150}}
@book{icd9, author={{World Health Organization}}, title={International classification of diseases, 9th revision:
  clinical modification}, address={Ann Arbor, MI}, publisher={Edwards Brothers}, year=1980}
@article{schulz, author={Schulz, Kenneth F. and Grimes, David A.}, title={Generation of allocation sequences in
  randomised trials: chance, not choice}, journal={The Lancet}, date={2002-02-09}, volume=359, number=9305,
  pages={515--519}, doi={10.1016/S0140-6736(02)07683-3}}
"""

PLAIN, JAMA = ReportStyle.PLAIN, ReportStyle.JAMA
NEJM, LANCET, BMJ = ReportStyle.NEJM, ReportStyle.LANCET, ReportStyle.BMJ
NLM, PUBMED, AMA_GUIDE, LANCET_CSL, BMJ_JOURNALS, BMJ_ADVICE = (
    "NLM",
    "PubMed",
    "AMA guide",
    "Lancet's CSL style",
    "BMJ journals",
    "BMJ's advice",
)
QUOTED = (
    (NLM, PLAIN, "halpern", "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. 2002 Jul 25;347(4):284-7."),
    (NLM, PLAIN, "rose", "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-6."),
    (NLM, PLAIN, "zhang", "Zhang M, Holman CD, Price SD, Sanfilippo FM, Preen DB, Bulsara MK. Comorbidity and repeat admission to hospital for adverse drug reactions in older adults: retrospective cohort study. BMJ. 2009 Jan 7;338:a2752. doi: 10.1136/bmj.a2752."),
    (NLM, PLAIN, "murray", "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. St. Louis: Mosby; 2002."),
    (NLM, PLAIN, "meltzer", "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, editors. The genetic basis of human cancer. New York: McGraw-Hill; 2002. p. 93-113."),
    (NLM, PLAIN, "borkowski", "Borkowski MM. Infant sleep and feeding: a telephone survey of Hispanic Americans [dissertation]. Mount Pleasant (MI): Central Michigan University; 2002."),
    (PUBMED, PLAIN, "schulz", "Schulz KF, Grimes DA. Generation of allocation sequences in randomised trials: chance, not choice. Lancet. 2002 Feb 9;359(9305):515-9. doi: 10.1016/S0140-6736(02)07683-3."),
    (AMA_GUIDE, JAMA, "stjohn", "St John Smith EP. Advances in understanding nociception and neuropathic pain. J Neurol. 2018;265(2):231-238. doi:10.1007/s00415-017-8641-6"),
    (AMA_GUIDE, JAMA, "gheorghe", "Gheorghe A, Mahdi LM, Musat O. Age-related macular degeneration. Rom J Ophthalmol. 2015;59(2):74-77."),
    (AMA_GUIDE, JAMA, "adams", "Adams PR, Altes A, Brissot P, et al. Therapeutic recommendations in HFE hemochromatosis for p.Cys282Tyr (C282Y/C282Y) homozygous genotype. Hepatol Int. 2018;12(2):83-86. doi:10.1007/s12072-018-9855-0"),
    (LANCET_CSL, LANCET, "wen", "Wen L. Localized temporal change of the Earth’s inner core boundary. Science 2006; 314: 967–70."),
    (LANCET_CSL, LANCET, "anderson", "Anderson RJ, Groundwater PW, Todd A, Worsley AJ. Antibacterial Agents. Chichester, UK: John Wiley & Sons, Ltd, 2012."),
    (BMJ_JOURNALS, BMJ, "koziol", "Koziol-Mclain J, Brand D, Morgan D, et al. Measuring injury risk factors: question reliability in a statewide sample. Inj Prev 2000;6:148-50."),
    (BMJ_ADVICE, BMJ, "icd9", "World Health Organization. International classification of diseases, 9th revision: clinical modification. Ann Arbor, MI: Edwards Brothers, 1980."),
)  # fmt: skip
MADE = (
    # after samples of the NLM of which no copy was found that has the same stops, pages or dates
    (PLAIN, "dpp", "Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with impaired glucose tolerance. Hypertension. 2002;40(5):679-86."),
    (PLAIN, "vallancien", "Vallancien G, Emberton M, Harving N, van Moorselaar RJ; Alf-One Study Group. Sexual dysfunction in 1,274 European men suffering from lower urinary tract symptoms. J Urol. 2003;169(6):2257-61."),
    (PLAIN, "heart", "21st century heart solution may have a sting in the tail. BMJ. 2002;325(7357):184."),
    (PLAIN, "geraud", "Geraud G, Spierings EL, Keywood C. Tolerability and safety of frovatriptan with short- and long-term use for treatment of migraine and in comparison with sumatriptan. Headache. 2002;42 Suppl 2:S93-9."),
    (PLAIN, "glauser", "Glauser TA. Integrating clinical trial data into clinical practice. Neurology. 2002;58(12 Suppl 7):S6-12."),
    (PLAIN, "banit", "Banit DM, Kaufer H, Hartford JM. Intraoperative frozen section analysis in revision total joint arthroplasty. Clin Orthop. 2002;(401):230-8."),
    (PLAIN, "outreach", "Outreach: bringing HIV-positive individuals into care. HRSA Careaction. 2002 Jun:1-6."),
    (PLAIN, "chadwick", "Chadwick R, Schuklenk U. The politics of ethical consensus finding. Bioethics. 2002;16(2):iii-v."),
    (PLAIN, "gilstrap", "Gilstrap LC 3rd, Cunningham FG, VanDorsten JP, editors. Operative obstetrics. 2nd ed. New York: McGraw-Hill; 2002."),
    (PLAIN, "pain", "Cancer-Pain.org [Internet]. New York: Association of Cancer Online Resources, Inc.; 2000 [cited 2002 Jul 9]. Available from: http://www.cancer-pain.org/"),
    # after american-medical-association.csl
    (JAMA, "rose", "Rose ME, Huerbin MB, Melick J, et al. Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-46."),
    (JAMA, "geraud", "Geraud G, Spierings EL, Keywood C. Tolerability and safety of frovatriptan with short- and long-term use for treatment of migraine and in comparison with sumatriptan. Headache. 2002;42 Suppl 2:S93-S99."),
    (JAMA, "murray", "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. Mosby; 2002."),
    (JAMA, "meltzer", "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, eds. The genetic basis of human cancer. McGraw-Hill; 2002:93-113."),
    (JAMA, "borkowski", "Borkowski MM. Infant sleep and feeding: a telephone survey of Hispanic Americans. Dissertation. Central Michigan University; 2002."),
    (JAMA, "pain", "Cancer-Pain.org. Association of Cancer Online Resources, Inc. 2000. Accessed July 9, 2002. http://www.cancer-pain.org/"),
    # after a sample of NEJM AI's guide, which has a DOI behind it, and its form of a book ("NeurIPS, 2022:1-21")
    (NEJM, "shapiro", "Shapiro AMJ, Lakey JRT, Ryan EA, et al. Islet transplantation in seven patients with type 1 diabetes mellitus using a glucocorticoid-free immunosuppressive regimen. N Engl J Med 2000;343:230-8."),
    (NEJM, "meltzer", "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, eds. The genetic basis of human cancer. New York: McGraw-Hill, 2002:93-113."),
    # after the-lancet.csl; two digits of the last page are ours
    (LANCET, "schulz", "Schulz KF, Grimes DA. Generation of allocation sequences in randomised trials: chance, not choice. Lancet 2002; 359: 515–19."),
    (LANCET, "murray", "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology, 4th edn. St. Louis: Mosby, 2002."),
    (LANCET, "meltzer", "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, eds. The genetic basis of human cancer. New York: McGraw-Hill, 2002: 93–113."),
    (LANCET, "pain", "Cancer-Pain.org. New York: Association of Cancer Online Resources, Inc., 2000. http://www.cancer-pain.org/ (accessed July 9, 2002)."),
    # after The BMJ's advice as it is retold, and bmj.csl
    (BMJ, "rose", "Rose ME, Huerbin MB, Melick J, et al. Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury. Brain Res 2002;935:40-6."),
    (BMJ, "zhang", "Zhang M, Holman CD, Price SD, Sanfilippo FM, Preen DB, Bulsara MK. Comorbidity and repeat admission to hospital for adverse drug reactions in older adults: retrospective cohort study. BMJ 2009;338:a2752. doi:10.1136/bmj.a2752"),
    (BMJ, "pain", "Cancer-Pain.org. New York: Association of Cancer Online Resources, Inc., 2000. http://www.cancer-pain.org/ (accessed 9 Jul 2002)."),
)  # fmt: skip
