import { childDoseLimits } from './dose-limit.ts'

/**
 * The most in a day for a child under twelve, for each kilogram. Schedules of single diseases that go beyond (high-dose
 * paracetamol, meningitis) are left out: they are prescribed over the warning. name | route | mg/kg a day | line of the file
 */
const verified = childDoseLimits(
  {
    source: 'GenPRES, dose rules of the Dutch paediatric formulary worked out for 4 years and 20 kg',
    address: 'https://github.com/informedica/GenPRES (docs/scenarios/Child.md)',
  },
  `
acetaminophen | oral | 60 | line 21829, paracetamol: 3 x/dag (60 mg/kg/dag)
acetaminophen | parenteral | 60 | line 21928, paracetamol: 4 x/dag (60 mg/kg/dag)
ibuprofen | oral | 30 | line 14890: 3, 4 x/dag (0 - 30 mg/kg/dag)
diclofenac | oral | 3 | line 9062: 2, 3, 4 x/dag (1 - 3 mg/kg/dag)
naproxen | oral | 15 | line 20037: 2, 3 x/dag, to 15 mg/kg/dag
morphine | oral | 1.2 | line 19745, morfine: 6 x/dag, to 1,2 mg/kg/dag
amoxicillin | oral | 90 | line 2949: 3 x/dag, to 90 mg/kg/dag
amoxicillin | parenteral | 200 | line 2969: 4 x/dag (200 mg/kg/dag)
clavulanate | oral | 18.8 | line 3128: 3 x/dag, to 18,8 mg/kg/dag
flucloxacillin | oral | 100 | line 11929: 3 x/dag (100 mg/kg/dag)
flucloxacillin | parenteral | 200 | line 11904: 4, 6 x/dag, to 200 mg/kg/dag
cephalexin | oral | 50 | line 5642: 2, 3, 4 x/dag (25 - 50 mg/kg/dag)
cefuroxime | oral | 30 | line 6204: 2 x/dag (30 mg/kg/dag)
cefuroxime | parenteral | 200 | line 6139: 4, 5 x/dag (200 mg/kg/dag)
ceftriaxone | parenteral | 80 | line 5995: 1 x/dag, to 80 mg/kg/dag
meropenem | parenteral | 120 | line 18229: 3 x/dag (120 mg/kg/dag)
gentamicin | parenteral | 7.5 | line 13347: 3 x/dag, to 7,5 mg/kg/dag
tobramycin | parenteral | 15 | line 26548: 1 x/dag, to 15 mg/kg/dag
amikacin | parenteral | 30 | line 2693: 1 x/dag, to 30 mg/kg/dag
vancomycin | parenteral | 60 | line 27669: 4 x/dag (60 mg/kg/dag)
azithromycin | oral | 20 | line 4140: 1 x/dag, to 20 mg/kg/dag
clarithromycin | oral | 30 | line 7062: 2 x/dag, to 30 mg/kg/dag
erythromycin | oral | 50 | line 10081: 4 x/dag (50 mg/kg/dag)
clindamycin | oral | 40 | line 7213: 3, 4 x/dag (30 - 40 mg/kg/dag)
clindamycin | parenteral | 40 | line 7195: 3 x/dag (40 mg/kg/dag)
metronidazole | oral | 50 | line 18855: 3 x/dag (35 - 50 mg/kg/dag)
trimethoprim | oral | 20 | line 27042: 3 x/dag (20 mg/kg/dag)
sulfamethoxazole | oral | 100 | line 27042: 3 x/dag, 102 mg/kg/dag
nitrofurantoin | oral | 6 | line 20505: 4 x/dag, to 6 mg/kg/dag
isoniazid | oral | 15 | line 15703: 1 x/dag, to 15 mg/kg/dag
rifampin | oral | 20 | line 24433, rifampicine: 1 x/dag (10 - 20 mg/kg/dag)
fluconazole | oral | 12 | line 12135: 1 x/dag (12 mg/kg/dag)
acyclovir | oral | 60 | line 1627, aciclovir: 3 x/dag (60 mg/kg/dag)
prednisolone | oral | 2 | line 22752: 1 x/dag, to 2 mg/kg/dag
dexamethasone | oral | 0.6 | line 8617: to 0,6 mg/kg
ondansetron | oral | 0.3 | line 21420: 3 x/dag (0,1 mg/kg/dosis)
domperidone | oral | 0.75 | line 9352: 3 x/dag (0,75 mg/kg/dag)
metoclopramide | oral | 0.5 | line 18755: 2, 3, 4 x/dag (0,3 - 0,5 mg/kg/dag)
omeprazole | oral | 3 | line 21302: 1, 2 x/dag, to 3 mg/kg/dag
esomeprazole | oral | 2.5 | line 10268: 2 x/dag, to 2,5 mg/kg/dag
ranitidine | oral | 10 | line 24084: 2 x/dag, to 9,75 mg/kg/dag
furosemide | oral | 12 | line 12777: 2, 3, 4 x/dag, to 12 mg/kg/dag
spironolactone | oral | 6 | line 25402: 2 x/dag, to 6 mg/kg/dag
propranolol | oral | 6 | line 23739: 3, 4, 6 x/dag, to 6 mg/kg/dag
captopril | oral | 6 | line 5408: 3 x/dag, to 6 mg/kg/dag
enalapril | oral | 0.5 | line 9880: 2 x/dag, to 0,5 mg/kg/dag
amlodipine | oral | 0.6 | line 2775: 1, 2 x/dag, to 0,6 mg/kg/dag
digoxin | oral | 0.0175 | line 9139: 1 x/24 uur (17,5 microg/kg/dosis)
phenytoin | oral | 15 | line 11324, fenytoine: 2 x/dag (15 mg/kg/dag)
carbamazepine | oral | 30 | line 5440: 2, 3 x/dag, to 30 mg/kg/dag
phenobarbital | oral | 7 | line 10961, fenobarbital: 1, 2 x/dag, to 7 mg/kg/dag
levetiracetam | oral | 60 | line 16617: 2 x/dag, to 60 mg/kg/dag
lamotrigine | oral | 15 | line 16357: 2 x/dag, to 15 mg/kg/dag
tramadol | oral | 8 | line 26825: 1 - 4 x/dag, to 8 mg/kg/dag
`,
)

const unverified = childDoseLimits(
  { source: 'US prescribing information or British National Formulary for Children', address: null },
  `
acetaminophen | oral | 75 |
ibuprofen | oral | 40 |
cephalexin | oral | 100 |
ceftriaxone | parenteral | 100 |
nitrofurantoin | oral | 7 |
acyclovir | oral | 80 |
ondansetron | oral | 0.6 |
valproic acid | oral | 60 |
prednisone | oral | 2 |
`,
)

export const childLimits = [...verified, ...unverified]
