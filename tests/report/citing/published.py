"""References as they are published, with what they are of.

``NLM``: "Samples of Formatted References for Authors of Journal Articles", National Library of Medicine,
which the ICMJE's recommendations point to; ``AMA``: the AMA Manual of Style's forms for journal, book and
site; ``NEJM``, ``LANCET`` and ``BMJ``: examples of the journals' instructions for authors.
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
@article{zoo, author={Zachary D. Towfighi and Ann M. Poe-B{\"o}ck}, title={Is it so?}, journal={JAMA},
  year=2019, volume=322, number=1, pages={1150--1153}, doi={https://doi.org/10.1001/jama.2019.1}}
@article{smithline, author={Smithline, H A and Mader, T J and Ali, F M N and Cocchi, M N},
  title={Determining pretest probability of {DVT}: clinical intuition vs. validated scoring systems},
  journal={N. Engl. J. Med.}, year=2003, volume=21, number=2, pages={161--162}}
@book{rang, author={Rang, H P and Dale, M M and Ritter, J M and Flower, R J},
  title={Rang and Dale's pharmacology}, edition={6th edn.}, address={London},
  publisher={Churchill Livingstone}, year=2007}
@article{shapiro, author={Shapiro, A. M. James and Lakey, Jonathan R. T. and Ryan, Edmond A. and
  Korbutt, Gregory S. and Toth, Ellen and Warnock, Garth L. and Kneteman, Norman M. and Rajotte, Ray V.},
  title={Islet transplantation in seven patients with type 1 diabetes mellitus using a glucocorticoid-free
  immunosuppressive regimen}, journal={New England Journal of Medicine}, year=2000, volume=343, number=4,
  pages={230--238}}
@incollection{goadsby, author={Goadsby, P. J.}, title={Pathophysiology of headache}, editor={Silberstein, S. D.
  and Lipton, R. B. and Dalessio, D. J.}, booktitle={Wolff's headache and other head pain}, edition=7,
  address={Oxford, England}, publisher={Oxford University Press}, year=2001, pages={57--72}}
@article{soter, author={Soter, N A and Wasserman, S I and Austen, K F}, title={Cold urticaria: release into the
  circulation of histamine and eosinophil chemotactic factor of anaphylaxis during cold challenge},
  journal={N Engl J Med}, year=1976, volume=294, pages={687--90}}
"""

PLAIN, JAMA = ReportStyle.PLAIN, ReportStyle.JAMA
NEJM, LANCET, BMJ = ReportStyle.NEJM, ReportStyle.LANCET, ReportStyle.BMJ
PUBLISHED = (
    (PLAIN, "halpern", "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. 2002 Jul 25;347(4):284-7."),
    (PLAIN, "rose", "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-6."),
    (PLAIN, "dpp", "Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with impaired glucose tolerance. Hypertension. 2002;40(5):679-86."),
    (PLAIN, "vallancien", "Vallancien G, Emberton M, Harving N, van Moorselaar RJ; Alf-One Study Group. Sexual dysfunction in 1,274 European men suffering from lower urinary tract symptoms. J Urol. 2003;169(6):2257-61."),
    (PLAIN, "heart", "21st century heart solution may have a sting in the tail. BMJ. 2002;325(7357):184."),
    (PLAIN, "geraud", "Geraud G, Spierings EL, Keywood C. Tolerability and safety of frovatriptan with short- and long-term use for treatment of migraine and in comparison with sumatriptan. Headache. 2002;42 Suppl 2:S93-9."),
    (PLAIN, "glauser", "Glauser TA. Integrating clinical trial data into clinical practice. Neurology. 2002;58(12 Suppl 7):S6-12."),
    (PLAIN, "banit", "Banit DM, Kaufer H, Hartford JM. Intraoperative frozen section analysis in revision total joint arthroplasty. Clin Orthop. 2002;(401):230-8."),
    (PLAIN, "outreach", "Outreach: bringing HIV-positive individuals into care. HRSA Careaction. 2002 Jun:1-6."),
    (PLAIN, "chadwick", "Chadwick R, Schuklenk U. The politics of ethical consensus finding. Bioethics. 2002;16(2):iii-v."),
    (PLAIN, "zhang", "Zhang M, Holman CD, Price SD, Sanfilippo FM, Preen DB, Bulsara MK. Comorbidity and repeat admission to hospital for adverse drug reactions in older adults: retrospective cohort study. BMJ. 2009 Jan 7;338:a2752. doi: 10.1136/bmj.a2752."),
    (PLAIN, "murray", "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. St. Louis: Mosby; 2002."),
    (PLAIN, "gilstrap", "Gilstrap LC 3rd, Cunningham FG, VanDorsten JP, editors. Operative obstetrics. 2nd ed. New York: McGraw-Hill; 2002."),
    (PLAIN, "meltzer", "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, editors. The genetic basis of human cancer. New York: McGraw-Hill; 2002. p. 93-113."),
    (PLAIN, "borkowski", "Borkowski MM. Infant sleep and feeding: a telephone survey of Hispanic Americans [dissertation]. Mount Pleasant (MI): Central Michigan University; 2002."),
    (PLAIN, "pain", "Cancer-Pain.org [Internet]. New York: Association of Cancer Online Resources, Inc.; 2000 [cited 2002 Jul 9]. Available from: http://www.cancer-pain.org/"),
    (JAMA, "zoo", "Towfighi ZD, Poe-Böck AM. Is it so? JAMA. 2019;322(1):1150-1153. doi:10.1001/jama.2019.1"),
    (JAMA, "rose", "Rose ME, Huerbin MB, Melick J, et al. Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-46."),
    (JAMA, "geraud", "Geraud G, Spierings EL, Keywood C. Tolerability and safety of frovatriptan with short- and long-term use for treatment of migraine and in comparison with sumatriptan. Headache. 2002;42 Suppl 2:S93-S99."),
    (JAMA, "murray", "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. Mosby; 2002."),
    (JAMA, "meltzer", "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, eds. The genetic basis of human cancer. McGraw-Hill; 2002:93-113."),
    (JAMA, "pain", "Cancer-Pain.org. Association of Cancer Online Resources, Inc. 2000. Accessed July 9, 2002. http://www.cancer-pain.org/"),
    (NEJM, "shapiro", "Shapiro AMJ, Lakey JRT, Ryan EA, et al. Islet transplantation in seven patients with type 1 diabetes mellitus using a glucocorticoid-free immunosuppressive regimen. N Engl J Med 2000;343:230-8."),
    (NEJM, "goadsby", "Goadsby PJ. Pathophysiology of headache. In: Silberstein SD, Lipton RB, Dalessio DJ, eds. Wolff's headache and other head pain. 7th ed. Oxford, England: Oxford University Press, 2001:57-72."),
    (LANCET, "smithline", "Smithline HA, Mader TJ, Ali FMN, Cocchi MN. Determining pretest probability of DVT: clinical intuition vs. validated scoring systems. N Engl J Med 2003; 21: 161–62."),
    (LANCET, "rang", "Rang HP, Dale MM, Ritter JM, Flower RJ. Rang and Dale's pharmacology, 6th edn. London: Churchill Livingstone, 2007."),
    (LANCET, "pain", "Cancer-Pain.org. New York: Association of Cancer Online Resources, Inc., 2000. http://www.cancer-pain.org/ (accessed July 9, 2002)."),
    (BMJ, "soter", "Soter NA, Wasserman SI, Austen KF. Cold urticaria: release into the circulation of histamine and eosinophil chemotactic factor of anaphylaxis during cold challenge. N Engl J Med 1976;294:687-90."),
    (BMJ, "zoo", "Towfighi ZD, Poe-Böck AM. Is it so? JAMA 2019;322:1150-3. doi:10.1001/jama.2019.1"),
    (BMJ, "pain", "Cancer-Pain.org. Association of Cancer Online Resources, Inc. 2000. http://www.cancer-pain.org/ (accessed 9 Jul 2002)."),
)  # fmt: skip
