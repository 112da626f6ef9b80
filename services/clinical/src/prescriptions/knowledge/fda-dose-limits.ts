import { doseLimits } from './dose-limit.ts'

/**
 * The most in a day for an adult that the FDA's table of maximum daily doses names, which tells it for each kilogram of a
 * person of 60 kg. Left out are its rows that today's labels contradict downwards (citalopram, diclofenac), that are slips
 * of that table (digoxin, cetirizine), and drugs without a ceiling (opioids). name | at a time | in a day, mg | record
 */
export const fdaDoseLimits = doseLimits(
  'oral',
  {
    source: 'FDA, Maximum (Recommended) Daily Dose database (EPA DSSTox FDAMDD v3b, 15 February 2008)',
    address:
      'https://github.com/ericminikel/cnsdrugs (data/EPA-DSSTOX/FDAMDD_v3b_1216_15Feb2008_nostructures.txt), column Dose_MRDD_mg',
  },
  `
acenocoumarol | - | 12 | 2, acenocoumarol: 0.2 mg/kg-bw/day × 60 kg
acetaminophen | - | 3000 | 3, acetaminophen: 50 mg/kg-bw/day × 60 kg
acitretin | - | 75 | 14, acitretin: 1.25 mg/kg-bw/day × 60 kg
acyclovir | - | 800 | 17, acyclovir: 13.3 mg/kg-bw/day × 60 kg
albuterol | - | 32 | 25, albuterol: 0.533 mg/kg-bw/day × 60 kg
allopurinol | - | 800 | 34, allopurinol: 13.3 mg/kg-bw/day × 60 kg
alprazolam | - | 10 | 38, alprazolam: 0.167 mg/kg-bw/day × 60 kg
amiodarone | - | 1600 | 53, amiodarone: 26.7 mg/kg-bw/day × 60 kg
amitriptyline | - | 300 | 55, amitriptyline: 5 mg/kg-bw/day × 60 kg
amlodipine | - | 10 | 57, amlodipine: 0.167 mg/kg-bw/day × 60 kg
amoxicillin | - | 1500 | 60, amoxicillin: 25 mg/kg-bw/day × 60 kg
amphetamine | - | 60 | 61, amphetamine: 1 mg/kg-bw/day × 60 kg
ampicillin | - | 3500 | 63, ampicillin: 58.3 mg/kg-bw/day × 60 kg
aspirin | - | 4000 | 83, aspirin: 66.7 mg/kg-bw/day × 60 kg
atenolol | - | 200 | 89, atenolol: 3.33 mg/kg-bw/day × 60 kg
azathioprine | - | 300 | 98, azathioprine: 5 mg/kg-bw/day × 60 kg
baclofen | - | 80 | 102, baclofen: 1.33 mg/kg-bw/day × 60 kg
benazepril | - | 80 | 106, benazepril: 1.33 mg/kg-bw/day × 60 kg
bendroflumethiazide | - | 20 | 108, bendroflumethiazide: 0.333 mg/kg-bw/day × 60 kg
benserazide | - | 200 | 112, benserazide: 3.33 mg/kg-bw/day × 60 kg
benzphetamine | - | 150 | 117, benzphetamine: 2.5 mg/kg-bw/day × 60 kg
bisoprolol | - | 20 | 143, bisoprolol: 0.333 mg/kg-bw/day × 60 kg
bromocriptine | - | 100 | 148, bromocriptine: 1.67 mg/kg-bw/day × 60 kg
bumetanide | - | 10 | 160, bumetanide: 0.167 mg/kg-bw/day × 60 kg
buprenorphine | - | 32 | 166, buprenorphine: 0.533 mg/kg-bw/day × 60 kg
bupropion | - | 450 | 167, bupropion: 7.5 mg/kg-bw/day × 60 kg
buspirone | - | 60 | 168, buspirone: 1 mg/kg-bw/day × 60 kg
candesartan | - | 16 | 186, candesartan: 0.267 mg/kg-bw/day × 60 kg
carbamazepine | - | 1600 | 192, carbamazepine: 26.7 mg/kg-bw/day × 60 kg
carbimazole | - | 60 | 197, carbimazole: 1 mg/kg-bw/day × 60 kg
carvedilol | - | 25 | 208, carvedilol: 0.417 mg/kg-bw/day × 60 kg
cefaclor | - | 1500 | 209, cefaclor: 25 mg/kg-bw/day × 60 kg
cefadroxil | - | 1000 | 210, cefadroxil: 16.7 mg/kg-bw/day × 60 kg
cefixime | - | 800 | 215, cefixime: 13.3 mg/kg-bw/day × 60 kg
cefpodoxime | - | 600 | 226, cefpodoxime: 10 mg/kg-bw/day × 60 kg
cefuroxime | - | 1000 | 235, cefuroxime: 16.7 mg/kg-bw/day × 60 kg
celecoxib | - | 400 | 238, celecoxib: 6.67 mg/kg-bw/day × 60 kg
cephalexin | - | 4000 | 241, cephalexin: 66.7 mg/kg-bw/day × 60 kg
chlorpheniramine | - | 8 | 265, chlorpheniramine: 0.133 mg/kg-bw/day × 60 kg
chlorpromazine | - | 1000 | 269, chlorpromazine: 16.7 mg/kg-bw/day × 60 kg
chlorthalidone | - | 50 | 273, chlorthalidone: 0.833 mg/kg-bw/day × 60 kg
cimetidine | - | 2400 | 281, cimetidine: 40 mg/kg-bw/day × 60 kg
ciprofloxacin | - | 800 | 285, ciprofloxacin: 13.3 mg/kg-bw/day × 60 kg
clarithromycin | - | 500 | 290, clarithromycin: 8.33 mg/kg-bw/day × 60 kg
clavulanate | - | 375 | 291, clavulanic acid: 6.25 mg/kg-bw/day × 60 kg
clindamycin | - | 1800 | 297, clindamycin: 30 mg/kg-bw/day × 60 kg
clomipramine | - | 250 | 305, clomipramine: 4.17 mg/kg-bw/day × 60 kg
clonazepam | - | 8 | 306, clonazepam: 0.133 mg/kg-bw/day × 60 kg
clonidine | - | 2.4 | 307, clonidine: 0.04 mg/kg-bw/day × 60 kg
clopidogrel | - | 75 | 309, clopidogrel: 1.25 mg/kg-bw/day × 60 kg
clozapine | - | 900 | 316, clozapine: 15 mg/kg-bw/day × 60 kg
cyclizine | - | 200 | 325, cyclizine: 3.33 mg/kg-bw/day × 60 kg
danazol | - | 800 | 341, danazol: 13.3 mg/kg-bw/day × 60 kg
desipramine | - | 300 | 357, desipramine: 5 mg/kg-bw/day × 60 kg
dexamfetamine | - | 60 | 368, dextroamphetamine: 1 mg/kg-bw/day × 60 kg
dextromethorphan | - | 120 | 369, dextromethorphan: 2 mg/kg-bw/day × 60 kg
diazepam | - | 40 | 374, diazepam: 0.667 mg/kg-bw/day × 60 kg
dicloxacillin | - | 1000 | 385, dicloxacillin: 16.7 mg/kg-bw/day × 60 kg
diethylpropion | - | 75 | 390, diethylpropion: 1.25 mg/kg-bw/day × 60 kg
dihydrocodeine | - | 192 | 397, dihydrocodeine: 3.2 mg/kg-bw/day × 60 kg
diltiazem | - | 480 | 401, diltiazem: 8 mg/kg-bw/day × 60 kg
diphenhydramine | - | 50 | 410, diphenhydramine: 0.833 mg/kg-bw/day × 60 kg
disulfiram | - | 500 | 414, disulfiram: 8.33 mg/kg-bw/day × 60 kg
dosulepin | - | 150 | 421, dothiepin: 2.5 mg/kg-bw/day × 60 kg
doxazosin | - | 16 | 424, doxazosin: 0.267 mg/kg-bw/day × 60 kg
doxepin | - | 300 | 426, doxepin: 5 mg/kg-bw/day × 60 kg
doxylamine | - | 25 | 430, doxylamine: 0.417 mg/kg-bw/day × 60 kg
enalapril | - | 40 | 442, enalapril: 0.667 mg/kg-bw/day × 60 kg
ephedrine | - | 100 | 445, ephedrine: 1.67 mg/kg-bw/day × 60 kg
erythromycin | - | 4000 | 451, erythromycin: 66.7 mg/kg-bw/day × 60 kg
famotidine | - | 40 | 499, famotidine: 0.667 mg/kg-bw/day × 60 kg
felodipine | - | 20 | 502, felodipine: 0.333 mg/kg-bw/day × 60 kg
finasteride | - | 5 | 512, finasteride: 0.0833 mg/kg-bw/day × 60 kg
flecainide | - | 300 | 514, flecainide: 5 mg/kg-bw/day × 60 kg
fluoxetine | - | 80 | 527, fluoxetine: 1.33 mg/kg-bw/day × 60 kg
fluvastatin | - | 40 | 533, fluvastatin: 0.667 mg/kg-bw/day × 60 kg
folic acid | - | 0.8 | 534, folic acid: 0.0133 mg/kg-bw/day × 60 kg
fosinopril | - | 80 | 539, fosinopril: 1.33 mg/kg-bw/day × 60 kg
frovatriptan | - | 7.5 | 540, frovatriptan: 0.125 mg/kg-bw/day × 60 kg
furosemide | - | 600 | 543, furosemide: 10 mg/kg-bw/day × 60 kg
fusidic acid | - | 1500 | 546, fusidic acid: 25 mg/kg-bw/day × 60 kg
gabapentin | - | 1200 | 547, gabapentin: 20 mg/kg-bw/day × 60 kg
gemfibrozil | - | 1200 | 550, gemfibrozil: 20 mg/kg-bw/day × 60 kg
gliclazide | - | 320 | 555, gliclazide: 5.33 mg/kg-bw/day × 60 kg
hydralazine | - | 200 | 589, hydralazine: 3.33 mg/kg-bw/day × 60 kg
hydrochlorothiazide | - | 200 | 590, hydrochlorothiazide: 3.33 mg/kg-bw/day × 60 kg
hydroxychloroquine | - | 600 | 595, hydroxychloroquine: 10 mg/kg-bw/day × 60 kg
ibuprofen | - | 2400 | 599, ibuprofen: 40 mg/kg-bw/day × 60 kg
irbesartan | - | 300 | 629, irbesartan: 5 mg/kg-bw/day × 60 kg
isocarboxazid | - | 60 | 631, isocarboxazid: 1 mg/kg-bw/day × 60 kg
isoniazid | - | 600 | 633, isoniazid: 10 mg/kg-bw/day × 60 kg
isosorbide mononitrate | - | 120 | 636, isosorbide mononitrate: 2 mg/kg-bw/day × 60 kg
isotretinoin | - | 120 | 637, isotretinoin: 2 mg/kg-bw/day × 60 kg
itraconazole | - | 600 | 640, itraconazole: 10 mg/kg-bw/day × 60 kg
labetalol | - | 2400 | 651, labetalol: 40 mg/kg-bw/day × 60 kg
lamivudine | - | 300 | 654, lamivudine: 5 mg/kg-bw/day × 60 kg
lamotrigine | - | 400 | 655, lamotrigine: 6.67 mg/kg-bw/day × 60 kg
lansoprazole | - | 30 | 660, lansoprazole: 0.5 mg/kg-bw/day × 60 kg
leflunomide | - | 20 | 661, leflunomide: 0.333 mg/kg-bw/day × 60 kg
levetiracetam | - | 3600 | 667, levetiracetam: 60 mg/kg-bw/day × 60 kg
levothyroxine | - | 0.5 | 674, levothyroxine: 0.00833 mg/kg-bw/day × 60 kg
lofepramine | - | 210 | 680, lofepramine: 3.5 mg/kg-bw/day × 60 kg
loratadine | - | 10 | 684, loratadine: 0.167 mg/kg-bw/day × 60 kg
lorazepam | - | 10 | 685, lorazepam: 0.167 mg/kg-bw/day × 60 kg
losartan | - | 100 | 687, losartan: 1.67 mg/kg-bw/day × 60 kg
lovastatin | - | 80 | 688, lovastatin: 1.33 mg/kg-bw/day × 60 kg
mefenamic acid | - | 1250 | 703, mefenamic acid: 20.8 mg/kg-bw/day × 60 kg
melatonin | - | 5 | 705, melatonin: 0.0833 mg/kg-bw/day × 60 kg
metformin | - | 3000 | 730, metformin: 50 mg/kg-bw/day × 60 kg
methimazole | - | 60 | 745, methimazole: 1 mg/kg-bw/day × 60 kg
methotrexate | - | 30 | 748, methotrexate: 0.5 mg/kg-bw/day × 60 kg
methylphenidate | - | 60 | 759, methylphenidate: 1 mg/kg-bw/day × 60 kg
metoprolol | - | 400 | 769, metoprolol: 6.67 mg/kg-bw/day × 60 kg
metronidazole | - | 2000 | 772, metronidazole: 33.3 mg/kg-bw/day × 60 kg
misoprostol | - | 0.8 | 786, misoprostol: 0.0133 mg/kg-bw/day × 60 kg
mirtazapine | - | 45 | 785, mirtazapine: 0.75 mg/kg-bw/day × 60 kg
montelukast | - | 10 | 794, montelukast: 0.167 mg/kg-bw/day × 60 kg
nadolol | - | 640 | 802, nadolol: 10.7 mg/kg-bw/day × 60 kg
naratriptan | - | 5 | 814, naratriptan: 0.0833 mg/kg-bw/day × 60 kg
nefazodone | - | 600 | 817, nefazodone: 10 mg/kg-bw/day × 60 kg
nitrofurantoin | - | 400 | 834, nitrofurantoin: 6.67 mg/kg-bw/day × 60 kg
nortriptyline | - | 100 | 844, nortriptyline: 1.67 mg/kg-bw/day × 60 kg
olanzapine | - | 15 | 848, olanzapine: 0.25 mg/kg-bw/day × 60 kg
omeprazole | - | 120 | 852, omeprazole: 2 mg/kg-bw/day × 60 kg
ondansetron | - | 24 | 853, ondansetron: 0.4 mg/kg-bw/day × 60 kg
oxybutynin | - | 20 | 866, oxybutynin: 0.333 mg/kg-bw/day × 60 kg
pantoprazole | - | 40 | 876, pantoprazole: 0.667 mg/kg-bw/day × 60 kg
paroxetine | - | 50 | 885, paroxetine: 0.833 mg/kg-bw/day × 60 kg
penicillin v | - | 1500 | 889, penicillin v: 25 mg/kg-bw/day × 60 kg
perindopril | - | 8 | 900, perindopril: 0.133 mg/kg-bw/day × 60 kg
phenazopyridine | - | 400 | 905, phenazopyridine: 6.67 mg/kg-bw/day × 60 kg
phendimetrazine | - | 210 | 907, phendimetrazine: 3.5 mg/kg-bw/day × 60 kg
phenindione | - | 200 | 913, phenindione: 3.33 mg/kg-bw/day × 60 kg
phentermine | - | 37.5 | 921, phentermine: 0.625 mg/kg-bw/day × 60 kg
phenytoin | - | 300 | 928, phenytoin: 5 mg/kg-bw/day × 60 kg
pimozide | - | 10 | 934, pimozide: 0.167 mg/kg-bw/day × 60 kg
pramipexole | - | 6 | 956, pramipexole: 0.1 mg/kg-bw/day × 60 kg
pravastatin | - | 40 | 958, pravastatin: 0.667 mg/kg-bw/day × 60 kg
prednisolone | - | 200 | 961, prednisolone: 3.33 mg/kg-bw/day × 60 kg
primidone | - | 500 | 970, primidone: 8.33 mg/kg-bw/day × 60 kg
probenecid | - | 1000 | 971, probenecid: 16.7 mg/kg-bw/day × 60 kg
procarbazine | - | 360 | 973, procarbazine: 6 mg/kg-bw/day × 60 kg
prochlorperazine | - | 100 | 974, prochlorperazine: 1.67 mg/kg-bw/day × 60 kg
promethazine | - | 100 | 978, promethazine: 1.67 mg/kg-bw/day × 60 kg
propranolol | - | 640 | 985, propranolol: 10.7 mg/kg-bw/day × 60 kg
pseudoephedrine | - | 240 | 997, pseudoephedrine: 4 mg/kg-bw/day × 60 kg
quetiapine | - | 800 | 1006, quetiapine: 13.3 mg/kg-bw/day × 60 kg
quinapril | - | 80 | 1007, quinapril: 1.33 mg/kg-bw/day × 60 kg
ramipril | - | 20 | 1011, ramipril: 0.333 mg/kg-bw/day × 60 kg
repaglinide | - | 16 | 1012, repaglinide: 0.267 mg/kg-bw/day × 60 kg
rifampin | - | 1200 | 1020, rifampin: 20 mg/kg-bw/day × 60 kg
rivastigmine | - | 12 | 1024, rivastigmine: 0.2 mg/kg-bw/day × 60 kg
rizatriptan | - | 30 | 1025, rizatriptan: 0.5 mg/kg-bw/day × 60 kg
selegiline | - | 10 | 1035, selegiline: 0.167 mg/kg-bw/day × 60 kg
sertraline | - | 200 | 1037, sertraline: 3.33 mg/kg-bw/day × 60 kg
sildenafil | - | 100 | 1039, sildenafil: 1.67 mg/kg-bw/day × 60 kg
simvastatin | - | 40 | 1041, simvastatin: 0.667 mg/kg-bw/day × 60 kg
sotalol | - | 320 | 1049, sotalol: 5.33 mg/kg-bw/day × 60 kg
tamsulosin | - | 0.8 | 1091, tamsulosin: 0.0133 mg/kg-bw/day × 60 kg
telmisartan | - | 80 | 1096, telmisartan: 1.33 mg/kg-bw/day × 60 kg
temazepam | - | 15 | 1097, temazepam: 0.25 mg/kg-bw/day × 60 kg
terazosin | - | 20 | 1099, terazosin: 0.333 mg/kg-bw/day × 60 kg
tetracycline | - | 2000 | 1105, tetracycline: 33.3 mg/kg-bw/day × 60 kg
thioridazine | - | 800 | 1116, thioridazine: 13.3 mg/kg-bw/day × 60 kg
timolol | - | 60 | 1134, timolol: 1 mg/kg-bw/day × 60 kg
tizanidine | - | 36 | 1139, tizanidine: 0.6 mg/kg-bw/day × 60 kg
topiramate | - | 400 | 1148, topiramate: 6.67 mg/kg-bw/day × 60 kg
torsemide | - | 200 | 1150, torsemide: 3.33 mg/kg-bw/day × 60 kg
tramadol | - | 400 | 1151, tramadol: 6.67 mg/kg-bw/day × 60 kg
tranylcypromine | - | 60 | 1154, tranylcypromine: 1 mg/kg-bw/day × 60 kg
triamterene | - | 200 | 1156, triamterene: 3.33 mg/kg-bw/day × 60 kg
trimethoprim | - | 320 | 1172, trimethoprim: 5.33 mg/kg-bw/day × 60 kg
trimipramine | - | 200 | 1175, trimipramine: 3.33 mg/kg-bw/day × 60 kg
valacyclovir | - | 3000 | 1192, valacyclovir: 50 mg/kg-bw/day × 60 kg
valproic acid | - | 2500 | 1193, valproic acid: 41.7 mg/kg-bw/day × 60 kg
valsartan | - | 320 | 1195, valsartan: 5.33 mg/kg-bw/day × 60 kg
venlafaxine | - | 375 | 1197, venlafaxine: 6.25 mg/kg-bw/day × 60 kg
warfarin | - | 10 | 1202, warfarin: 0.167 mg/kg-bw/day × 60 kg
ziprasidone | - | 160 | 1213, ziprasidone: 2.67 mg/kg-bw/day × 60 kg
`,
)
