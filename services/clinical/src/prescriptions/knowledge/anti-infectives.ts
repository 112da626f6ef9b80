import { ingredients } from './ingredient.ts'

/** Against infections. RxCUI | name | classes | other names and brands */
export const antiInfectives = ingredients(`
723     | amoxicillin          | penicillins beta-lactams aminopenicillins | amoxil, augmentin=amoxicillin+clavulanate, co amoxiclav=amoxicillin+clavulanate
733     | ampicillin           | penicillins beta-lactams aminopenicillins | unasyn=ampicillin+sulbactam
7984    | penicillin v         | penicillins beta-lactams | penicillin v potassium, phenoxymethylpenicillin, pen vk
7980    | penicillin g         | penicillins beta-lactams | benzylpenicillin, bicillin
8339    | piperacillin         | penicillins beta-lactams | zosyn=piperacillin+tazobactam, tazocin=piperacillin+tazobactam
3356    | dicloxacillin        | penicillins beta-lactams |
7233    | nafcillin            | penicillins beta-lactams |
7773    | oxacillin            | penicillins beta-lactams |
48203   | clavulanate          | beta-lactamase-inhibitors | clavulanic acid
37617   | tazobactam           | beta-lactamase-inhibitors |
10167   | sulbactam            | beta-lactamase-inhibitors |
2231    | cephalexin           | cephalosporins beta-lactams aminocephalosporins | cefalexin, keflex
2177    | cefadroxil           | cephalosporins beta-lactams aminocephalosporins | duricef
2180    | cefazolin            | cephalosporins beta-lactams | ancef, kefzol
2176    | cefaclor             | cephalosporins beta-lactams aminocephalosporins | ceclor
2194    | cefuroxime           | cephalosporins beta-lactams | ceftin, zinacef
25037   | cefdinir             | cephalosporins beta-lactams | omnicef
25033   | cefixime             | cephalosporins beta-lactams | suprax
20489   | cefpodoxime          | cephalosporins beta-lactams | vantin
2193    | ceftriaxone          | cephalosporins beta-lactams | rocephin
2191    | ceftazidime          | cephalosporins beta-lactams | fortaz
20481   | cefepime             | cephalosporins beta-lactams | maxipime
29561   | meropenem            | carbapenems beta-lactams | merrem
5690    | imipenem             | carbapenems beta-lactams | primaxin
325642  | ertapenem            | carbapenems beta-lactams | invanz
1272    | aztreonam            | monobactams | azactam
18631   | azithromycin         | macrolides qt-prolongers | zithromax, z pak
21212   | clarithromycin       | macrolides qt-prolongers strong-cyp3a4-inhibitors p-gp-inhibitors cyp3a4-macrolides | biaxin, klaricid
4053    | erythromycin         | macrolides qt-prolongers moderate-cyp3a4-inhibitors p-gp-inhibitors cyp3a4-macrolides | erythrocin
2551    | ciprofloxacin        | fluoroquinolones strong-cyp1a2-inhibitors qt-by-label | cipro, ciproxin
82122   | levofloxacin         | fluoroquinolones qt-by-label | levaquin
139462  | moxifloxacin         | fluoroquinolones qt-prolongers | avelox
7623    | ofloxacin            | fluoroquinolones | floxin
3640    | doxycycline          | tetracyclines | vibramycin
6980    | minocycline          | tetracyclines | minocin
10395   | tetracycline         | tetracyclines |
10180   | sulfamethoxazole     | antibiotic-sulfonamides cyp2c9-inhibitors antibacterial-sulfonamides | bactrim=sulfamethoxazole+trimethoprim, septra=sulfamethoxazole+trimethoprim, co trimoxazole=sulfamethoxazole+trimethoprim, cotrimoxazole=sulfamethoxazole+trimethoprim, tmp smx=sulfamethoxazole+trimethoprim, septrin=sulfamethoxazole+trimethoprim
10171   | sulfadiazine         | antibiotic-sulfonamides antibacterial-sulfonamides | silvadene
10829   | trimethoprim         | folate-antagonists potassium-raising |
7454    | nitrofurantoin       | nitrofurans | macrobid, macrodantin
6922    | metronidazole        | nitroimidazoles cyp2c9-inhibitors | flagyl
190376  | linezolid            | oxazolidinones reversible-maois serotonergic-drugs | zyvox, zyvoxid
11124   | vancomycin           | glycopeptides | vancocin
2582    | clindamycin          | lincosamides | cleocin
1596450 | gentamicin           | aminoglycosides | garamycin
10627   | tobramycin           | aminoglycosides | tobrex
641     | amikacin             | aminoglycosides |
9384    | rifampin             | strong-cyp-inducers | rifampicin, rifadin
55672   | rifabutin            | cyp-inducers | mycobutin
6038    | isoniazid            | |
4450    | fluconazole          | azole-antifungals cyp2c9-inhibitors moderate-cyp3a4-inhibitors qt-by-label | diflucan
6135    | ketoconazole         | azole-antifungals strong-cyp3a4-inhibitors p-gp-inhibitors strong-cyp3a4-azoles | nizoral
28031   | itraconazole         | azole-antifungals strong-cyp3a4-inhibitors p-gp-inhibitors strong-cyp3a4-azoles | sporanox
121243  | voriconazole         | azole-antifungals strong-cyp3a4-inhibitors cyp2c9-inhibitors qt-possible strong-cyp3a4-azoles | vfend
282446  | posaconazole         | azole-antifungals strong-cyp3a4-inhibitors p-gp-inhibitors qt-possible strong-cyp3a4-azoles | noxafil
6932    | miconazole           | azole-antifungals cyp2c9-inhibitors | monistat
7597    | nystatin             | |
37801   | terbinafine          | strong-cyp2d6-inhibitors | lamisil
85762   | ritonavir            | protease-inhibitors strong-cyp3a4-inhibitors p-gp-inhibitors | norvir, paxlovid=nirmatrelvir+ritonavir, kaletra=lopinavir+ritonavir, nirmatrelvir ritonavir=nirmatrelvir+ritonavir
195088  | lopinavir            | protease-inhibitors |
2587892 | nirmatrelvir         | protease-inhibitors |
343047  | atazanavir           | protease-inhibitors strong-cyp3a4-inhibitors | reyataz
281     | acyclovir            | | aciclovir, zovirax
73645   | valacyclovir         | | valaciclovir, valtrex
260101  | oseltamivir          | | tamiflu
5521    | hydroxychloroquine   | antimalarials qt-prolongers | plaquenil
`)
