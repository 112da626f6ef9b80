import t from 'tap'
import { checkDrug, conflictsOf } from '../src/prescriptions/check-rules.ts'
import { identifyDrug } from '../src/prescriptions/drug-name-rules.ts'
import { allIngredients, interactionCounts, interactionRules } from '../src/prescriptions/knowledge/rule-set.ts'

const drug = (medication_name: string) => {
  const found = identifyDrug({ medication_name, rxnorm_code: null })
  if (found.ingredients.length === 0 || found.unknown.length > 0)
    throw new Error(`not in the drug table: ${medication_name}`)
  return found
}
const conflicts = (one: string, other: string) => {
  const chart = { allergies: [], allergyText: null, wasAsked: true, decisions: [], medicationText: null }
  return conflictsOf(checkDrug(drug(one), { ...chart, others: [{ prescriptionId: 1, drug: drug(other) }] }))
}
const worst = (one: string, other: string) => {
  const found = conflicts(one, other).filter(({ check }) => check === 'interaction')
  return (['contraindicated', 'major', 'moderate', 'minor'] as const).find((level) =>
    found.some(({ severity }) => severity === level),
  )
}
const rows = (table: string): string[][] =>
  table
    .split('\n')
    .filter((line) => line.includes('+'))
    .map((line) => line.split(/[+|]/).map((cell) => cell.trim()))

t.test('each rule says whether its source was opened, and the count is what a command prints', async (t) => {
  t.equal(interactionCounts.verified + interactionCounts.unverified, interactionRules.length)
  t.ok(interactionCounts.verified > interactionCounts.unverified, JSON.stringify(interactionCounts))
  for (const { id, opened } of interactionRules) {
    if (opened === null) continue
    t.match(opened.address, /^https?:\/\//, `${id}: an address`)
    t.ok(opened.passage.length > 10, `${id}: a passage`)
  }
  const [first] = conflicts('Paroxetine', 'Amitriptyline').filter(({ rule }) => rule.startsWith('tricyclics'))
  t.match(first, { source: /unverified/ }, 'who reads the conflict sees it')
})

// Phansalkar et al., JAMIA 2012;19:735, table 2: what every prescribing system must say.
const highPriority = `
methylphenidate + phenelzine
lisdexamfetamine + tranylcypromine
atomoxetine + selegiline
atazanavir + omeprazole
Reyataz 300 mg + pantoprazole
febuxostat + azathioprine
febuxostat + mercaptopurine
irinotecan + ketoconazole
pethidine + phenelzine
amitriptyline + phenelzine
fluoxetine + isocarboxazid
duloxetine + tranylcypromine
haloperidol + sotalol
citalopram + moxifloxacin
ramelteon + fluvoxamine
rifampicin + atazanavir
St John's wort + darunavir
simvastatin + clarithromycin
lovastatin + ritonavir
simvastatin + itraconazole
tizanidine + ciprofloxacin
tizanidine + fluvoxamine
tranylcypromine + procarbazine
sumatriptan + phenelzine
ergotamine + ritonavir
dihydroergotamine + clarithromycin
`
t.test('the 15 interactions of the ONC high-priority list', async (t) => {
  for (const [one = '', other = ''] of rows(highPriority)) {
    t.match(worst(one, other), /contraindicated|major/, `${one} + ${other}`)
    t.equal(worst(one, other), worst(other, one), `${other} + ${one}`)
  }
})

const alerts = `
lithium + bendroflumethiazide | major
mirtazapine + phenelzine | contraindicated
buspirone + phenelzine | contraindicated
levodopa + phenelzine | contraindicated
Sinemet 25/100 + tranylcypromine | contraindicated
dextromethorphan + phenelzine | contraindicated
pseudoephedrine + phenelzine | contraindicated
epinephrine + phenelzine | moderate
procarbazine + sertraline | contraindicated
procarbazine + ephedrine | contraindicated
linezolid + pseudoephedrine | major
linezolid + sertraline | contraindicated
Zyvox 600 mg + mirtazapine | contraindicated
linezolid + amitriptyline | contraindicated
linezolid + tramadol | major
linezolid + phenelzine | contraindicated
moclobemide + fluoxetine | contraindicated
methylthioninium chloride + citalopram | contraindicated
amitriptyline + fluoxetine | major
nortriptyline + paroxetine | major
trimethoprim + losartan | major
co-trimoxazole + ramipril | major
trimethoprim + spironolactone | major
warfarin + cimetidine | major
theophylline + erythromycin | major
Uniphyllin 200 mg + ciprofloxacin | major
phenytoin + fluconazole | major
phenytoin + isoniazid | major
Epanutin 100 mg + amiodarone | major
amiodarone + metoprolol | moderate
amiodarone + bisoprolol | moderate
clarithromycin + escitalopram | major
hydroxychloroquine + azithromycin | major
fluconazole + amiodarone | major
sotalol + clarithromycin | major
domperidone + citalopram | major
domperidone + erythromycin | contraindicated
quetiapine + citalopram | moderate
levofloxacin + amiodarone | major
ziprasidone + fluconazole | contraindicated
pimozide + sertraline | contraindicated
ciprofloxacin + fluconazole | moderate
dextromethorphan + fluoxetine | moderate
sertraline + sumatriptan | moderate
tramadol + sertraline | major
lithium + sertraline | moderate
fluticasone + ritonavir | major
Seretide 250 + cobicistat | major
budesonide + itraconazole | major
quetiapine + ketoconazole | major
rivaroxaban + fluconazole | moderate
rivaroxaban + ketoconazole | major
fusidic acid + simvastatin | contraindicated
sodium fusidate + rosuvastatin | contraindicated
ticagrelor + clarithromycin | contraindicated
ivabradine + clarithromycin | contraindicated
eplerenone + itraconazole | contraindicated
Paxlovid + simvastatin | contraindicated
Paxlovid + amiodarone | contraindicated
Paxlovid + flecainide | contraindicated
Paxlovid + rivaroxaban | major
Paxlovid + tacrolimus | major
Paxlovid + carbamazepine | contraindicated
Paxlovid + rifampicin | contraindicated
Paxlovid + triazolam | contraindicated
Paxlovid + ergotamine | contraindicated
Paxlovid + colchicine | major
Paxlovid + sildenafil | major
Paxlovid + eplerenone | contraindicated
Paxlovid + quetiapine | major
Paxlovid + salmeterol | major
Paxlovid + fentanyl | major
Paxlovid + warfarin | moderate
Paxlovid + digoxin | moderate
simvastatin + cyclosporine | contraindicated
rosuvastatin + cyclosporine | contraindicated
atorvastatin + ciclosporin | major
pravastatin + cyclosporine | moderate
simvastatin + gemfibrozil | contraindicated
simvastatin + fenofibrate | moderate
simvastatin + diltiazem | major
morphine + naltrexone | contraindicated
codeine + nalmefene | contraindicated
alprazolam + ketoconazole | contraindicated
alprazolam + clarithromycin | major
midazolam + clarithromycin | major
midazolam + ritonavir | contraindicated
triazolam + itraconazole | contraindicated
digoxin + clarithromycin | major
digoxin + azithromycin | moderate
tacrolimus + clarithromycin | major
tacrolimus + azithromycin | moderate
methotrexate + co-trimoxazole | major
methotrexate + ciprofloxacin | major
isotretinoin + doxycycline | contraindicated
levodopa + metoclopramide | contraindicated
levodopa + haloperidol | major
apomorphine + ondansetron | contraindicated
capecitabine + warfarin | major
repaglinide + gemfibrozil | contraindicated
agomelatine + fluvoxamine | contraindicated
duloxetine + fluvoxamine | contraindicated
isosorbide mononitrate + sildenafil | contraindicated
nicorandil + tadalafil | contraindicated
disulfiram + metronidazole | major
buprenorphine + diazepam | major
acenocoumarol + metronidazole | major
bictegravir + rifampicin | contraindicated
voriconazole + rifampicin | contraindicated
spironolactone + eplerenone | contraindicated
dabigatran + carbamazepine | major
carbamazepine + isoniazid | major
Cerazette + carbamazepine | major
vincristine + itraconazole | major
simvastatin + danazol | contraindicated
amlodipine + clarithromycin | moderate
prednisolone + rifampicin | moderate
levothyroxine + colestyramine | moderate
lithium + haloperidol | moderate
midazolam + erythromycin | major
`
t.test('pairs that must not meet unnoticed, each with its severity', async (t) => {
  for (const [one = '', other = '', severity] of rows(alerts)) {
    t.equal(worst(one, other), severity, `${one} + ${other}`)
    t.equal(worst(other, one), severity, `${other} + ${one}`)
  }
})

const quiet = `
amoxicillin + paracetamol
levothyroxine + ramipril
atorvastatin + metformin
salbutamol + prednisolone
bisoprolol + ramipril
amlodipine + lisinopril
cetirizine + paracetamol
folic acid + ferrous sulfate
aspirin + atorvastatin
sertraline + levothyroxine
pantoprazole + metoprolol
gabapentin + paracetamol
sitagliptin + metformin
montelukast + cetirizine
doxycycline + paracetamol
aspirin + clopidogrel
spironolactone + furosemide
paracetamol + codeine
hydrocortisone + fluticasone
ibuprofen + paracetamol
insulin glargine + insulin aspart
sulfasalazine + methotrexate
morphine + naloxone
oxycodone + naloxone
levodopa + rasagiline
co-careldopa + selegiline
co-careldopa + entacapone
co-beneldopa + quetiapine
methotrexate + folic acid
methotrexate + hydroxychloroquine
methotrexate + prednisolone
azithromycin + ceftriaxone
azithromycin + atorvastatin
azithromycin + carbamazepine
azithromycin + midazolam
clarithromycin + amoxicillin
clarithromycin + omeprazole
clarithromycin + pravastatin
ciprofloxacin + metronidazole
flucloxacillin + paracetamol
Tazocin 4.5 g + paracetamol
Tazocin 4.5 g + gentamicin
vancomycin + ceftriaxone
trimethoprim + amlodipine
trimethoprim + metformin
nitrofurantoin + paracetamol
fluconazole + metformin
fusidic acid + paracetamol
fucidin cream + simvastatin
atorvastatin + amlodipine
atorvastatin + ezetimibe
simvastatin + ramipril
rosuvastatin + ticagrelor
aspirin + ticagrelor
clopidogrel + pantoprazole
clopidogrel + lansoprazole
aspirin + bisoprolol
aspirin + omeprazole
apixaban + bisoprolol
apixaban + amlodipine
rivaroxaban + atorvastatin
warfarin + paracetamol
warfarin + bisoprolol
enoxaparin + paracetamol
enoxaparin + ramipril
enoxaparin + omeprazole
furosemide + ramipril
furosemide + bisoprolol
digoxin + bisoprolol
bendroflumethiazide + amlodipine
bendroflumethiazide + ramipril
losartan + hydrochlorothiazide
amiodarone + ramipril
sacubitril/valsartan + bisoprolol
isosorbide mononitrate + bisoprolol
metformin + gliclazide
metformin + empagliflozin
insulin glargine + metformin
levothyroxine + omeprazole
salbutamol + ipratropium
salbutamol + tiotropium
Seretide 250 + tiotropium
budesonide + formoterol
prednisolone + omeprazole
prednisolone + alendronic acid
allopurinol + colchicine
tamsulosin + finasteride
sertraline + paracetamol
sertraline + omeprazole
mirtazapine + paracetamol
amitriptyline + gabapentin
amitriptyline + paracetamol
fluoxetine + olanzapine
quetiapine + lamotrigine
olanzapine + valproate
lithium + olanzapine
lamotrigine + levetiracetam
haloperidol + lorazepam
ondansetron + dexamethasone
ondansetron + paracetamol
metoclopramide + paracetamol
cyclizine + morphine
morphine + paracetamol
morphine + senna
oxycodone + lactulose
codeine + ibuprofen
naproxen + omeprazole
naproxen + sumatriptan
propranolol + sumatriptan
propranolol + levothyroxine
donepezil + memantine
dolutegravir + lamivudine
Paxlovid + paracetamol
Paxlovid + lisinopril
Paxlovid + metformin
Paxlovid + levothyroxine
linezolid + paracetamol
linezolid + meropenem
rifampicin + isoniazid
phenytoin + paracetamol
levetiracetam + valproate
loratadine + fluticasone
ethinyl estradiol + paracetamol
Microgynon 30 + amoxicillin
nicotine + bupropion
`
t.test('pairs of everyday practice stay quiet', async (t) => {
  for (const [one = '', other = ''] of rows(quiet)) {
    const found = conflicts(one, other).map(({ rule, severity }) => `${rule} ${severity}`)
    t.same(found, [], `${one} + ${other}`)
  }
})

t.test('one fact is one alert: of rules that tell the same effect only the worst is said', async (t) => {
  const rules = (one: string, other: string) => conflicts(one, other).map(({ rule }) => rule)
  t.same(rules('Simvastatin', 'Gemfibrozil'), ['simvastatin--gemfibrozil'])
  t.same(rules('Simvastatin', 'Cyclosporine'), ['simvastatin--cyclosporine'])
  t.same(rules('Sertraline', 'Phenelzine'), ['serotonergic-antidepressants--maois'])
  t.same(rules('Ziprasidone', 'Sotalol'), ['ziprasidone--qt-prolongers'])
  t.same(rules('Alprazolam', 'Ketoconazole'), ['alprazolam--strong-cyp3a4-azoles'])
})

t.test('no rule is silent: members of its two sides meet in a conflict, verified or not', async (t) => {
  const members = (side: string) =>
    allIngredients.filter(({ name, classes }) => name === side || classes.includes(side))
  for (const { id, a, b } of interactionRules) {
    const pairs = members(a).flatMap((one) => members(b).flatMap((other) => (one === other ? [] : [[one, other]])))
    t.ok(pairs.length > 0, id)
    for (const [one, other] of pairs) {
      const outcome = checkDrug(
        { label: 'one', ingredients: one ? [one] : [], unknown: [] },
        {
          allergies: [],
          allergyText: null,
          wasAsked: true,
          decisions: [],
          medicationText: null,
          others: [{ prescriptionId: 1, drug: { label: 'other', ingredients: other ? [other] : [], unknown: [] } }],
        },
      ).find(({ check }) => check === 'interaction')?.outcome
      if (outcome !== 'conflict') t.fail(`${id}: ${one?.name} + ${other?.name}`)
    }
  }
})
