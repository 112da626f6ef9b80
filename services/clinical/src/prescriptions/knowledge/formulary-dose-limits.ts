import { doseLimits } from './dose-limit.ts'

const published = {
  source: 'GenPRES, dose rules of the Dutch formularies worked out for 18 years and 70 kg',
  address: 'https://github.com/informedica/GenPRES (docs/scenarios/Adult.md)',
}

/** The most that is given by mouth. name | at a time | in a day, mg | line of the file */
export const formularyOralLimits = doseLimits(
  'oral',
  published,
  `
abacavir | - | 600 | line 1500, abacavir
acenocoumarol | - | 6 | line 1604, acenocoumarol
acetaminophen | 1000 | 4000 | line 27077, paracetamol: 4 x/dag 1 000 mg = 4 000 mg/dag
acitretin | - | 30 | line 2118, acitretine
allopurinol | - | 600 | line 3000, allopurinol
alprazolam | - | 3.5 | line 3085, alprazolam
amiodarone | - | 600 | line 3272, amiodaron
amitriptyline | - | 50 | line 3293, amitriptyline
amoxicillin | - | 6000 | line 3552, amoxicilline
aripiprazole | - | 30 | line 4044, aripiprazol
atazanavir | - | 300 | line 4275, atazanavir
atomoxetine | - | 100 | line 4358, atomoxetine
atorvastatin | - | 80 | line 4374, atorvastatine
azithromycin | - | 1000 | line 5007, azitromycine
baclofen | - | 60 | line 5142, baclofen
benazepril | - | 40 | line 5389, benazepril
bisoprolol | - | 10 | line 5711, bisoprolol
bosentan | - | 250 | line 5779, bosentan
bumetanide | - | 9.8 | line 6268, bumetanide
bupropion | - | 300 | line 6327, bupropion
buspirone | - | 40 | line 6380, buspiron
candesartan | - | 16 | line 6774, candesartan
carbamazepine | - | 1200 | line 6910, carbamazepine
carvedilol | - | 49.7 | line 7094, carvedilol
cefaclor | - | 3000 | line 7206, cefaclor
cefuroxime | - | 1000 | line 7733, cefuroxim
celecoxib | - | 200 | line 7801, celecoxib
cephalexin | - | 3000 | line 7222, cefalexine
cetirizine | - | 10 | line 7846, cetirizine
chloroquine | - | 800 | line 7998, chloroquine
cimetidine | - | 800 | line 8374, cimetidine
ciprofloxacin | - | 2000 | line 8465, ciprofloxacine
citalopram | - | 20 | line 8696, citalopram
clarithromycin | - | 1000 | line 8812, claritromycine
clindamycin | - | 2400 | line 9027, clindamycine
clomipramine | - | 200 | line 9249, clomipramine
clonazepam | - | 10 | line 9308, clonazepam
clopidogrel | - | 75 | line 9523, clopidogrel
clozapine | - | 300 | line 9614, clozapine
codeine | - | 240 | line 9700, codeine
colchicine | - | 2 | line 9723, colchicine
dantrolene | - | 400 | line 10156, dantroleen
dapagliflozin | - | 10 | line 10172, dapagliflozine
darunavir | - | 800 | line 10269, darunavir
dexamethasone | - | 42 | line 10797, dexamethason
dexamfetamine | - | 40 | line 10988, dexamfetamine
dextromethorphan | - | 120 | line 11144, dextromethorfan
diazepam | - | 40 | line 11239, diazepam
diclofenac | - | 200 | line 11328, diclofenac
digoxin | - | 1.5 | line 11473, digoxine: 0,75 - 1,5 mg
dolutegravir | - | 50 | line 11664, dolutegravir
domperidone | - | 30 | line 11719, domperidon
doxycycline | - | 200 | line 11879, doxycycline: 1 x/dag 200 mg
duloxetine | - | 120 | line 12070, duloxetine
efavirenz | - | 600 | line 12180, efavirenz
empagliflozin | - | 25 | line 12516, empagliflozine
emtricitabine | - | 200 | line 12532, emtricitabine
enalapril | - | 35 | line 12609, enalapril
erythromycin | - | 3750 | line 12806, erytromycine
escitalopram | - | 20 | line 12872, escitalopram
esomeprazole | - | 80 | line 13046, esomeprazol
ezetimibe | - | 10 | line 13414, ezetimib
fexofenadine | - | 180 | line 14501, fexofenadine
flecainide | - | 400 | line 14751, flecainide
flucloxacillin | - | 7000 | line 14864, flucloxacilline
fluconazole | - | 800 | line 15043, fluconazol: 1 x/dag 800 mg
fluoxetine | - | 60 | line 15250, fluoxetine
fluvoxamine | - | 300 | line 15513, fluvoxamine
fosamprenavir | - | 1400 | line 15808, fosamprenavir
furosemide | - | 840 | line 15995, furosemide
gabapentin | - | 3600 | line 16307, gabapentine
hydrochlorothiazide | - | 50 | line 17225, hydrochloorthiazide: 1, 2 x/dag, to 0,71 mg/kg/dag for 70 kg
hydroxychloroquine | - | 800 | line 18591, hydroxychloroquine
hydroxyzine | - | 100 | line 18660, hydroxyzine
ibuprofen | - | 2400 | line 18731, ibuprofen
imipramine | - | 75 | line 18907, imipramine
indomethacin | - | 100 | line 19275, indometacine
itraconazole | - | 400 | line 19575, itraconazol
ketoconazole | - | 1200 | line 19849, ketoconazol
labetalol | - | 1200 | line 20009, labetalol
lamivudine | - | 300 | line 20205, lamivudine
lamotrigine | - | 400 | line 20266, lamotrigine
leflunomide | - | 20 | line 20428, leflunomide
levetiracetam | - | 3000 | line 20503, levetiracetam
levofloxacin | - | 1000 | line 20822, levofloxacine
linezolid | - | 1200 | line 21226, linezolid
lisdexamfetamine | - | 70 | line 21314, lisdexamfetamine
lisinopril | - | 40 | line 21330, lisinopril
losartan | - | 88 | line 21639, losartan
lurasidone | - | 56 | line 21707, lurasidon
mercaptopurine | - | 100 | line 22433, mercaptopurine
metformin | - | 2000 | line 22601, metformine
methylphenidate | - | 72 | line 22820, methylfenidaat
metoclopramide | - | 30 | line 23023, metoclopramide
metoprolol | - | 200 | line 23125, metoprolol
metronidazole | - | 2400 | line 23164, metronidazol
minocycline | - | 200 | line 23906, minocycline
mirtazapine | - | 45 | line 23972, mirtazapine
montelukast | - | 10 | line 24112, montelukast
naproxen | - | 1000 | line 24662, naproxen
nevirapine | - | 400 | line 24954, nevirapine
nifedipine | - | 60 | line 25071, nifedipine
nitrofurantoin | - | 200 | line 25227, nitrofurantoine
nortriptyline | - | 77 | line 25398, nortriptyline
olanzapine | - | 20 | line 26087, olanzapine
olmesartan | - | 40 | line 26138, olmesartan
omeprazole | - | 80 | line 26262, omeprazol
ondansetron | - | 24 | line 26460, ondansetron
oseltamivir | - | 150 | line 26521, oseltamivir
oxybutynin | - | 15 | line 26675, oxybutynine
pantoprazole | - | 80 | line 26928, pantoprazol
piroxicam | - | 20 | line 27810, piroxicam
posaconazole | - | 800 | line 27942, posaconazol
pravastatin | - | 40 | line 28025, pravastatine
prednisolone | - | 143 | line 28285, prednisolon
pregabalin | - | 600 | line 28786, pregabaline
primidone | - | 1500 | line 28854, primidon
propafenone | - | 900 | line 29076, propafenon
propranolol | - | 420 | line 29235, propranolol
quetiapine | - | 600 | line 29561, quetiapine
rifabutin | - | 300 | line 30036, rifabutine
rifampin | - | 1200 | line 30065, rifampicine
rilpivirine | - | 25 | line 30172, rilpivirine
rivaroxaban | - | 20 | line 30393, rivaroxaban
rizatriptan | - | 10 | line 30436, rizatriptan
rosuvastatin | - | 20 | line 30622, rosuvastatine
sertraline | - | 200 | line 31129, sertraline
simvastatin | - | 40 | line 31295, simvastatine
sotalol | - | 300 | line 31482, sotalol
spironolactone | - | 400 | line 31535, spironolacton
sulfadiazine | - | 8000 | line 31770, sulfadiazine
sulfasalazine | - | 4000 | line 31786, sulfasalazine
temazepam | - | 10 | line 32227, temazepam
terbinafine | - | 250 | line 32302, terbinafine
tolterodine | - | 4 | line 33036, tolterodine
topiramate | - | 400 | line 33091, topiramaat
tramadol | - | 400 | line 33205, tramadol
trimethoprim | - | 400 | line 33469, trimethoprim
valsartan | - | 160 | line 34481, valsartan
vancomycin | - | 2000 | line 34558, vancomycine
venlafaxine | - | 225 | line 34708, venlafaxine
verapamil | - | 480 | line 34744, verapamil
voriconazole | - | 800 | line 34903, voriconazol
`,
)

/** The most that is injected or infused. name | at a time | in a day, mg | line of the file */
export const formularyParenteralLimits = doseLimits(
  'parenteral',
  published,
  `
acetaminophen | 1000 | 4000 | line 27066, paracetamol: 4 x/dag 1 000 mg
alteplase | - | 0.49 | line 3116, alteplase
amikacin | - | 2100 | line 3223, amikacine
amoxicillin | - | 12000 | line 3586, amoxicilline
aztreonam | - | 8000 | line 5090, aztreonam
bumetanide | - | 9.8 | line 6250, bumetanide
cefazolin | - | 6000 | line 7238, cefazoline
cefepime | - | 6000 | line 7335, cefepim
ceftazidime | - | 12000 | line 7403, ceftazidim
ceftriaxone | - | 4000 | line 7510, ceftriaxon
cefuroxime | - | 14000 | line 7679, cefuroxim
ciprofloxacin | - | 1200 | line 8454, ciprofloxacine
clindamycin | - | 2840 | line 9009, clindamycine
digoxin | - | 0.5 | line 11412, digoxine
doxycycline | - | 200 | line 11859, doxycycline
ertapenem | - | 1000 | line 12763, ertapenem
esomeprazole | - | 40 | line 13111, esomeprazol
flucloxacillin | - | 12000 | line 14794, flucloxacilline
gentamicin | - | 510 | line 16531, gentamicine
levetiracetam | - | 3000 | line 20476, levetiracetam
levofloxacin | - | 1000 | line 20811, levofloxacine
linezolid | - | 1200 | line 21215, linezolid
meropenem | - | 6000 | line 22476, meropenem
metoclopramide | - | 30 | line 23005, metoclopramide
ofloxacin | - | 800 | line 25947, ofloxacine
pantoprazole | - | 80 | line 26901, pantoprazol
rifampin | - | 1200 | line 30085, rifampicine
tobramycin | - | 1040 | line 32832, tobramycine
tramadol | - | 400 | line 33186, tramadol
vancomycin | - | 4000 | line 34509, vancomycine
voriconazole | - | 830 | line 34883, voriconazol
`,
)
