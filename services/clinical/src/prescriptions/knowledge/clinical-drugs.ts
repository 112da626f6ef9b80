/**
 * RxNorm concepts above the ingredient (strengths, products, packs) that prescriptions and imports name by code:
 * code → ingredients. A code that is not here leaves it to the name.
 */
export const clinicalDrugs: ReadonlyMap<string, readonly string[]> = new Map(
  `
313782 acetaminophen
282464 acetaminophen
198440 acetaminophen
316672 simvastatin
312961 simvastatin
314231 simvastatin
849574 naproxen
562251 amoxicillin+clavulanate
308182 amoxicillin
308191 amoxicillin
310965 ibuprofen
198405 ibuprofen
1043400 acetaminophen+dextromethorphan+doxylamine
904419 alendronate
316049 hydrochlorothiazide
316052 hydrochlorothiazide
310798 hydrochlorothiazide
866414 metoprolol
315971 furosemide
1719286 furosemide
1870230 epinephrine
834102 penicillin v
834061 penicillin v
1049221 acetaminophen+oxycodone
1049630 diphenhydramine
748879 ethinyl estradiol+levonorgestrel
749762 ethinyl estradiol+levonorgestrel
705129 nitroglycerin
197361 amlodipine
311989 nitrofurantoin
1094107 phenazopyridine
861467 meperidine
757594 norethindrone
309362 clopidogrel
895994 fluticasone
896209 fluticasone+salmeterol
745679 albuterol
310325 ferrous sulfate
751905 ethinyl estradiol+norgestimate
749785 ethinyl estradiol+norgestimate
978950 estradiol valerate+dienogest
665078 loratadine
1367439 ethinyl estradiol+etonogestrel
1860480 docetaxel
752899 leuprolide
997223 donepezil
998582 donepezil
857005 acetaminophen+hydrocodone
1310197 acetaminophen+hydrocodone
259255 atorvastatin
833036 captopril
1740467 ondansetron
748856 ethinyl estradiol+drospirenone
1804799 alteplase
997488 fexofenadine
1000126 medroxyprogesterone
897718 verapamil
197604 digoxin
855332 warfarin
1803932 leucovorin
1736776 oxaliplatin
314659 heparin
313002 sodium chloride
1732136 morphine
1659149 piperacillin+tazobactam
311700 midazolam
1808217 propofol
1234995 rocuronium
542347 isoflurane
749882 mestranol+norethindrone
243670 aspirin
312617 prednisone
1014676 cetirizine
309097 cefuroxime
477045 chlorpheniramine
1605257 levonorgestrel
198031 nicotine
309043 cefaclor
314076 lisinopril
314077 lisinopril
860975 metformin
`
    .trim()
    .split('\n')
    .map((line): [string, string[]] => {
      const space = line.indexOf(' ')
      return [line.slice(0, space), line.slice(space + 1).split('+')]
    }),
)
