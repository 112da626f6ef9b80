import { doseLimits } from './dose-limit.ts'

/**
 * Ceilings from knowledge of prescribing information that was not opened: a dose above them is a conflict, a dose below them
 * is not passed by them. name | at a time | in a day, mg
 */
export const unverifiedDoseLimits = doseLimits(
  'oral',
  { source: 'US prescribing information or British National Formulary', address: null },
  `
loperamide | - | 16
clopidogrel | - | 600
perindopril | - | 16
lisinopril | - | 80
candesartan | - | 32
chlorthalidone | - | 100
carvedilol | - | 100
sotalol | - | 640
isosorbide mononitrate | - | 240
hydralazine | - | 300
diltiazem | - | 540
metoprolol | - | 450
triamterene | - | 300
pravastatin | - | 80
fluvastatin | - | 80
rosuvastatin | - | 40
penicillin v | - | 4000
ampicillin | - | 6000
dicloxacillin | - | 2000
cefadroxil | - | 2000
cefpodoxime | - | 800
cefaclor | - | 4000
isoniazid | - | 900
acyclovir | - | 4000
valacyclovir | - | 4000
hydroxychloroquine | - | 1200
ibuprofen | - | 3200
celecoxib | - | 800
naproxen | - | 1500
indomethacin | - | 200
ketorolac | - | 40
codeine | - | 360
baclofen | - | 100
paroxetine | - | 60
citalopram | - | 40
nortriptyline | - | 150
phenytoin | - | 1000
primidone | - | 2000
valproic acid | - | 4200
lamotrigine | - | 700
topiramate | - | 1600
methylphenidate | - | 108
hydroxyzine | - | 400
diphenhydramine | - | 300
chlorpheniramine | - | 32
doxylamine | - | 50
oxybutynin | - | 30
pantoprazole | - | 240
lansoprazole | - | 180
famotidine | - | 160
omeprazole | - | 360
esomeprazole | - | 240
folic acid | - | 15
azathioprine | - | 400
allopurinol | - | 900
probenecid | - | 2000
temazepam | - | 40
clonazepam | - | 20
warfarin | - | 20
rivaroxaban | - | 30
apixaban | - | 20
edoxaban | - | 60
dabigatran etexilate | - | 300
ticagrelor | - | 270
prasugrel | - | 60
trandolapril | - | 8
captopril | - | 450
eplerenone | - | 100
amiloride | - | 20
indapamide | - | 5
metolazone | - | 20
nebivolol | - | 40
nifedipine | - | 120
isosorbide dinitrate | - | 240
fenofibrate | - | 200
pitavastatin | - | 4
bezafibrate | - | 600
cefdinir | - | 600
moxifloxacin | - | 400
ofloxacin | - | 800
trimethoprim | - | 1600
sulfamethoxazole | - | 8000
oseltamivir | - | 300
meloxicam | - | 15
etodolac | - | 1200
nabumetone | - | 2000
ketoprofen | - | 300
etoricoxib | - | 120
aceclofenac | - | 200
tapentadol | - | 600
zolpidem | - | 12.5
eszopiclone | - | 3
zopiclone | - | 15
triazolam | - | 0.5
carisoprodol | - | 1400
cyclobenzaprine | - | 30
desvenlafaxine | - | 400
imipramine | - | 300
phenelzine | - | 90
trazodone | - | 600
lithium | - | 2400
haloperidol | - | 100
risperidone | - | 16
oxcarbazepine | - | 2400
sumatriptan | - | 300
zolmitriptan | - | 10
eletriptan | - | 80
almotriptan | - | 25
donepezil | - | 23
galantamine | - | 24
memantine | - | 28
glipizide | - | 40
glyburide | - | 20
glimepiride | - | 8
sitagliptin | - | 100
pioglitazone | - | 45
ranitidine | - | 600
rabeprazole | - | 120
metoclopramide | - | 60
ibandronate | - | 150
risedronate | - | 150
alendronate | - | 70
febuxostat | - | 120
colchicine | - | 2.4
tadalafil | - | 40
vardenafil | - | 20
tamoxifen | - | 40
mycophenolate | - | 3000
theophylline | - | 1200
methotrexate | - | 50
levonorgestrel | - | 3
prednisone | - | 200
leflunomide | - | 100
dihydrocodeine | - | 240
mefenamic acid | - | 1500
melatonin | - | 10
fentanyl | - | 6.4
oxycodone | - | 320
morphine | - | 1000
hydromorphone | - | 100
hydrocodone | - | 120
methadone | - | 200
nitroglycerin | - | 30
cabergoline | - | 3
hydrocortisone | - | 1000
everolimus | - | 20
tacrolimus | - | 40
estradiol | - | 10
ethinyl estradiol | - | 0.2
vortioxetine | - | 20
rasagiline | - | 1
dexmethylphenidate | - | 40
`,
)

/** The same for what is injected or infused. name | at a time | in a day, mg */
export const unverifiedParenteralLimits = doseLimits(
  'parenteral',
  { source: 'US prescribing information or British National Formulary', address: null },
  `
digoxin | - | 1.5
gentamicin | - | 840
cefazolin | - | 12000
clindamycin | - | 4800
levetiracetam | - | 4500
pantoprazole | - | 272
esomeprazole | - | 272
furosemide | - | 2000
ketorolac | - | 120
morphine | - | 400
hydromorphone | - | 60
fentanyl | - | 10
midazolam | - | 300
epinephrine | - | 20
hydrocortisone | - | 2000
enoxaparin | - | 400
methotrexate | - | 20000
levothyroxine | - | 0.5
diazepam | - | 240
lorazepam | - | 40
haloperidol | - | 60
ondansetron | - | 32
metoclopramide | - | 100
`,
)
