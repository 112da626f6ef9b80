import { doseLimits } from './dose-limit.ts'

/** The most by mouth that the formulary of a hospital names, with the words. name | at a time | in a day, mg | passage */
export const hospitalFormularyLimits = doseLimits(
  'oral',
  {
    source: 'Formulary of a teaching hospital in Taiwan, from the package inserts and Lexi-Drugs',
    address: 'https://github.com/shin13/formulary-gitbook (toc/…/<name>.md, Dosing)',
  },
  `
apixaban | 10 | 20 | apixaban.md "10 mg twice daily for 7 days followed by 5 mg twice daily"
rivaroxaban | 20 | 30 | rivaroxaban.md "15 mg twice daily with food for 3 weeks followed by 20 mg once daily"
edoxaban | 60 | 60 | edoxaban.md "oral 60mg once daily"
dabigatran etexilate | 150 | 300 | dabigatran.md "110-150 mg orally twice daily"
ticagrelor | 180 | 270 | ticagrelor.md "loading dose as 180mg and followed by 90mg BID"
candesartan | - | 32 | candesartan.md "may titrate up to 16mg, maximum 32mg"
olmesartan | - | 40 | olmesartan_medoxomil.md "may titrate up to 40mg QD"
perindopril | - | 16 | perindopril.md "5 mg QD before meal, maximum 16mg/day"
captopril | - | 450 | captopril.md "Maximum 450mg/day"
eplerenone | 50 | 100 | eplerenone.md "may increase to maximum 50 mg twice daily"
indapamide | 1.5 | 1.5 | indapamide.md "1.5 mg once daily in the morning" (modified release)
nifedipine | - | 120 | nifedipine.md "30mg QD up to 120mg" (modified release)
fenofibrate | 160 | 160 | fenofibrate.md "one 160mg tablet daily"
pitavastatin | 4 | 4 | pitavastatin.md "1-4 mg orally once daily"
glimepiride | - | 8 | glimepiride.md "maximum: 8 mg/day"
pioglitazone | - | 45 | pioglitazone.md "MAX 45 mg daily"
risperidone | - | 16 | risperidone.md "maximum: 16mg/day"
haloperidol | - | 20 | haloperidol.md "maximum:20mg/day"
lithium | - | 1800 | lithium_carbonate.md "Acute mania: 900-1800mg/day in 3 divided doses"
trazodone | - | 600 | trazodone.md "Out-patient 400 mg/day, in-patient 600 mg"
vortioxetine | 20 | 20 | vortioxetine.md "The dose can be increased up to 20mg"
oxcarbazepine | - | 2400 | oxcarbazepine.md "Maximum: 2400 mg/day over 48 hr in a controlled hospital setting"
sumatriptan | 100 | 300 | sumatriptan.md "Maximum dose: 100 mg/dose … 300 mg per 24 hours"
donepezil | 10 | 10 | donepezil.md "may titrate to 10 mg orally once daily"
memantine | - | 20 | memantine.md "target daily dose is 20 mg/day"
rasagiline | 1 | 1 | rasagiline.md "1 mg once daily"
zolpidem | 10 | 10 | zolpidem.md "maximum: 10 mg/day"
zopiclone | 7.5 | 7.5 | zopiclone.md "Adult 7.5mg(1 TAB) at bedtime"
etoricoxib | 120 | 120 | etoricoxib.md "120 mg orally once daily for up to 8 days"
colchicine | 1 | 1.5 | colchicine.md "maximum:1.5mg/day"
febuxostat | 80 | 80 | febuxostat.md "change to 80mg QD"
lansoprazole | 90 | 180 | lansoprazole.md "60 mg PO QD up to 90 mg BID"
famotidine | 40 | 40 | famotidine.md "20mg BID or 40mg HS"
valacyclovir | 1000 | 3000 | valaciclovir.md "1000 mg orally 3 times daily for 7 days"
`,
)
