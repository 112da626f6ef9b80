import t from 'tap'
import { type Chart, checkDrug, conflictsOf } from '../src/prescriptions/check-rules.ts'
import { contradicts, identifyDrug, ingredientsOfCode } from '../src/prescriptions/drug-name-rules.ts'
import { classNames, otherAllergens } from '../src/prescriptions/knowledge/allergens.ts'
import { allergyRules } from '../src/prescriptions/knowledge/allergy-reactions.ts'
import { clinicalDrugs } from '../src/prescriptions/knowledge/clinical-drugs.ts'
import { duplicateClasses } from '../src/prescriptions/knowledge/duplicate-classes.ts'
import { allIngredients, interactionRules, ruleSetVersion } from '../src/prescriptions/knowledge/rule-set.ts'
import { decideNewOrder, decideOrder } from '../src/prescriptions/order-rules.ts'
import { computeQuantity } from '../src/prescriptions/quantity-rules.ts'

const drug = (medication_name: string, rxnorm_code: string | null = null) =>
  identifyDrug({ medication_name, rxnorm_code })
const names = (medication_name: string, code: string | null = null) =>
  drug(medication_name, code)
    .ingredients.map(({ name }) => name)
    .sort()
const emptyChart: Chart = {
  allergies: [],
  allergyText: null,
  wasAsked: true,
  decisions: [],
  medicationText: null,
  others: [],
}
const rulesFor = (medication: string, chart: Partial<Chart>) =>
  conflictsOf(checkDrug(drug(medication), { ...emptyChart, ...chart })).map(({ rule }) => rule)
const outcomesFor = (medication: string, chart: Partial<Chart>) =>
  Object.fromEntries(checkDrug(drug(medication), { ...emptyChart, ...chart }).map((c) => [c.check, c.outcome]))
const allergicTo = (substance: string, severity: 'mild' | 'severe' | null = null) => ({
  allergies: [{ id: 7, substance, code: null, reaction: null, severity }],
})
const taking = (...medications: string[]) => ({
  others: medications.map((name, i) => ({ prescriptionId: i + 1, drug: drug(name) })),
})

t.test('the rule set is whole', async (t) => {
  const known = new Set(allIngredients.flatMap(({ name, classes }) => [name, ...classes]))
  const pairs = new Set(interactionRules.map(({ a, b }) => [a, b].sort().join('|')))
  t.ok(pairs.size >= 40, `${pairs.size} pairs`)
  t.equal(pairs.size, interactionRules.length, 'no pair twice')
  t.match(ruleSetVersion, /^\d{4}\.\d+\.\d+$/)
  for (const rule of interactionRules) {
    t.ok(known.has(rule.a) && known.has(rule.b), `${rule.id}: both sides have members`)
    t.match(rule.severity, /^(contraindicated|major|moderate|minor)$/, rule.id)
    t.match(rule.source, /USPI|CFR|FDA|SmPC|BMJ/, `${rule.id} names its source`)
    t.ok(rule.effect.length > 3, rule.id)
  }
  for (const name of duplicateClasses) t.ok(known.has(name), name)
  for (const name of classNames.values()) t.ok(known.has(name), name)
  const allergens = new Set([...known, ...otherAllergens.values()])
  for (const { id, a, b } of allergyRules) t.ok(allergens.has(a) && known.has(b), id)
  t.equal(new Set(allergyRules.map(({ id }) => id)).size, allergyRules.length, 'no rule of allergies twice')
  for (const code of clinicalDrugs.keys()) t.ok(ingredientsOfCode(code).length > 0, code)
  const codes = allIngredients.flatMap(({ rxcui }) => (rxcui === null ? [] : [rxcui]))
  t.equal(new Set(codes).size, codes.length, 'no RxNorm code twice')
  t.equal(new Set(allIngredients.map(({ name }) => name)).size, allIngredients.length, 'no ingredient twice')
  t.ok(
    codes.every((code) => /^\d{1,7}$/.test(code) && !clinicalDrugs.has(code)),
    'codes are codes, of ingredients',
  )
})

t.test('drugs are found by generic name, brand, combination and code', async (t) => {
  t.same(names('Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet'), ['amoxicillin', 'clavulanate'])
  t.same(names('amoxicillin-clavulanate 875'), ['amoxicillin', 'clavulanate'])
  t.same(names('Augmentin 625'), ['amoxicillin', 'clavulanate'])
  t.same(names('Lasix 40mg'), ['furosemide'])
  t.same(names('24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]'), ['metoprolol'])
  t.same(names('Norinyl 1+50 28 Day Pack'), ['mestranol', 'norethindrone'])
  t.same(names('Penicillin V Potassium 500 MG Oral Tablet'), ['penicillin v'])
  t.same(names('heparin sodium, porcine'), ['heparin'])
  t.same(names('Paracétamol 500 mg'), ['acetaminophen'], 'accents and other spellings')
  t.same(names("St. John's Wort"), ['st johns wort'])
  t.same(names('house mixture 7', '855332'), ['warfarin'], 'by the code of a product')
  t.same(names('house mixture 7', '11289'), ['warfarin'], 'by the code of the ingredient')
  t.same(names('Potassium chloride 20 mEq'), ['potassium chloride'])
  t.same(drug('Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet').unknown, [])
  t.same(
    drug('Amoxicillin 250 MG / Zorbamycin 125 MG').unknown,
    ['Zorbamycin 125 MG'],
    'a half that is not known is said',
  )
  t.same(drug('Zorbamycin 5 mg').unknown, ['Zorbamycin 5 mg'])
  t.same(drug('4X-7').unknown, ['4X-7'], 'and a name without words too')
  t.ok(contradicts({ medication_name: 'Aspirin 81 MG', rxnorm_code: '11289' }))
  t.notOk(contradicts({ medication_name: 'Warfarin 5 MG', rxnorm_code: '855332' }))
  t.notOk(contradicts({ medication_name: 'Aspirin 81 MG', rxnorm_code: '99999999' }), 'an unknown code says nothing')
})

// The drugs of Synthea's bundles: what imports bring must be checkable.
const imported = [
  'Acetaminophen 21.7 MG/ML / Dextromethorphan Hydrobromide 1 MG/ML / doxylamine succinate 0.417 MG/ML Oral Solution',
  'Simvistatin 10 MG|316672',
  'Naproxen sodium 220 MG Oral Tablet',
  'Alendronic acid 10 MG Oral Tablet',
  '10 ML Furosemide 10 MG/ML Injection',
  'NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector',
  'Acetaminophen 325 MG / oxyCODONE Hydrochloride 5 MG Oral Tablet',
  'Levora 0.15/30 28 Day Pack',
  'Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray',
  'Nitrofurantoin 5 MG/ML Oral Suspension',
  'Phenazopyridine hydrochloride 100 MG Oral Tablet',
  'Jolivette 28 Day Pack',
  '120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler',
  'ferrous sulfate 325 MG Oral Tablet',
  'Natazia 28 Day Pack',
  'NuvaRing 0.12/0.015 MG per 24HR 21 Day Vaginal Ring',
  '1 ML DOCEtaxel 20 MG/ML Injection',
  '0.25 ML Leuprolide Acetate 30 MG/ML Prefilled Syringe',
  'Donepezil hydrochloride 23 MG [Aricept]',
  '1 ML medroxyprogesterone acetate 150 MG/ML Injection',
  'Piperacillin 4000 MG / tazobactam 500 MG Injection',
  'Rocuronium bromide 10 MG/ML Injectable Solution',
  '24hr nicotine transdermal patch',
  'Liletta 52 MG Intrauterine System',
  'Acetaminophen 300 MG / HYDROcodone Bitartrate 5 MG [Vicodin]',
  '60 ACTUAT Fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Dry Powder Inhaler',
  'Sodium Chloride 9 MG/ML Injectable Solution',
]
t.test('imported drugs are known in full', async (t) => {
  for (const line of imported) {
    const [name = '', code = null] = line.split('|')
    const { ingredients, unknown } = drug(name, code)
    t.ok(ingredients.length > 0, name)
    t.same(unknown, [], name)
  }
})

t.test('allergies: substance, class, cross reaction, free text, and what cannot be read', async (t) => {
  const amoxicillin = 'Amoxicillin 500 MG'
  t.same(rulesFor(amoxicillin, allergicTo('Amoxicillin')), ['allergy-same-substance'])
  t.same(rulesFor(amoxicillin, allergicTo('Penicillin')), ['allergy-class-penicillins'])
  t.same(rulesFor(amoxicillin, allergicTo('Ampicillin')), ['allergy-class-penicillins'])
  t.same(rulesFor('Cephalexin 500', allergicTo('penicillin')), ['allergy-penicillins--cephalosporins'])
  t.same(rulesFor('Naproxen', allergicTo('Aspirin')), ['allergy-class-nsaids'])
  t.same(rulesFor('Lasix', allergicTo('sulfa drugs')), ['allergy-antibiotic-sulfonamides--non-antibiotic-sulfonamides'])
  t.same(rulesFor('Bactrim DS', allergicTo('Sulfa')), ['allergy-class-antibiotic-sulfonamides'])
  t.same(rulesFor('Propofol', allergicTo('Allergy to eggs')), ['allergy-egg--propofol'])
  t.same(rulesFor('Zorbamycin 5 mg', allergicTo('Zorbamycin')), ['allergy-same-name'])
  t.same(rulesFor(amoxicillin, { allergyText: 'PCN (rash), peanuts' }), ['allergy-class-penicillins'])
  for (const none of ['NKDA', 'None', 'No known allergies', 'no known drug allergies', 'Nil known', '-', '']) {
    t.equal(outcomesFor(amoxicillin, { allergyText: none })['allergy'], 'passed', none)
  }
  t.equal(outcomesFor(amoxicillin, allergicTo('Allergy to mould'))['allergy'], 'passed')
  t.equal(outcomesFor(amoxicillin, allergicTo('Latex'))['allergy'], 'passed')
  t.equal(outcomesFor(amoxicillin, allergicTo('Zorbamycin'))['allergy'], 'could-not-check')
  t.equal(outcomesFor(amoxicillin, { allergyText: 'not allergic to penicillin' })['allergy'], 'passed')
  t.equal(outcomesFor('Metformin', { allergyText: 'penicillin' })['allergy'], 'passed')
  const [conflict] = conflictsOf(checkDrug(drug(amoxicillin), { ...emptyChart, ...allergicTo('Penicillin', 'severe') }))
  t.match(conflict, { severity: 'contraindicated', version: ruleSetVersion, with: { kind: 'allergy', id: 7 } })
})

t.test('an allergy speaks against its relatives as strongly as the cited source says, and once', async (t) => {
  const told = (allergy: string, name: string, severity: 'mild' | 'severe' = 'mild') =>
    conflictsOf(checkDrug(drug(name), { ...emptyChart, ...allergicTo(allergy, severity) })).map(
      ({ rule, severity: how }) => `${rule} ${how}`,
    )
  t.same(told('Morphine', 'Codeine 30 mg'), ['allergy-class-phenanthrene-opioids moderate'])
  t.same(told('Morphine', 'Fentanyl'), [])
  t.same(told('Iodine', 'Amiodarone'), ['allergy-iodine--amiodarone contraindicated'])
  t.same(told('contrast dye', 'Amiodarone'), [])
  t.same(told('Carbamazepine', 'Lamotrigine'), ['allergy-aromatic-antiepileptics--lamotrigine moderate'])
  t.same(told('Carbamazepine', 'Phenytoin'), ['allergy-class-aromatic-antiepileptics major'])
  t.same(told('Carbamazepine', 'Phenytoin', 'severe'), ['allergy-class-aromatic-antiepileptics contraindicated'])
  t.same(told('Carbamazepine', 'Topiramate'), [])
  t.same(told('Amitriptyline', 'Carbamazepine'), ['allergy-tricyclics--carbamazepine contraindicated'])
  t.same(told('Amoxicillin', 'Cephalexin'), ['allergy-aminopenicillins--aminocephalosporins major'])
  t.same(told('Amoxicillin', 'Ceftriaxone', 'severe'), ['allergy-penicillins--cephalosporins moderate'])
  t.same(told('Cephalexin', 'Ceftriaxone', 'severe'), ['allergy-class-cephalosporins moderate'])
  t.same(told('Ceftazidime', 'Aztreonam'), ['allergy-ceftazidime--aztreonam major'])
  t.same(told('Penicillin', 'Aztreonam'), [])
  t.same(told('Aspirin', 'Ibuprofen'), ['allergy-class-nsaids major'])
  t.same(told('Peanuts', 'Propofol'), ['allergy-peanut--propofol moderate'])
  t.same(told('Peanuts', 'Amoxicillin'), [])
})

t.test('what was entered about allergies stops or asks unless it was understood', async (t) => {
  const texts: [string, 'conflict' | 'could-not-check' | 'passed'][] = [
    ['Penicillin', 'conflict'],
    ['Do not give penicillin', 'conflict'],
    ['Penicillin - never again', 'conflict'],
    ['Penicillin: not tolerated', 'conflict'],
    ['Penicillin without doubt', 'conflict'],
    ['Must never receive penicillin (anaphylaxis)', 'conflict'],
    ['Cannot tolerate penicillin', 'conflict'],
    ['No allergies except penicillin', 'conflict'],
    ['No other allergy but penicillin', 'conflict'],
    ['Not allergic to eggs. Penicillin: rash', 'conflict'],
    ['Not allergic to penicillin', 'passed'],
    ['No known penicillin allergy', 'passed'],
    ['Denies allergy to penicillin', 'passed'],
    ['Tolerates amoxicillin', 'passed'],
    ['Sulfa; tolerates cephalexin', 'passed'],
    ['None', 'passed'],
    ['NKDA', 'passed'],
    ['No known drug allergies', 'passed'],
    ['Denies any allergies', 'passed'],
    ['Latex, peanut butter', 'passed'],
    ['no allergies - penicillin', 'conflict'],
    ['no allergy to penicillin anaphylaxis', 'conflict'],
    ['no allergy to penicillin until 2020', 'conflict'],
    ['no allergy to penicillin?', 'conflict'],
    ['latex penicilin', 'could-not-check'],
    ['peanuts 青霉素', 'could-not-check'],
    ['NKDA?', 'could-not-check'],
    ['?', 'could-not-check'],
    ['none recorded', 'could-not-check'],
    ['no allergies; reaction 2021', 'could-not-check'],
    ['PEN - anaphylaxis', 'could-not-check'],
    ['abx', 'could-not-check'],
    ['yes', 'could-not-check'],
    ['anaphylaxis', 'could-not-check'],
    ['severe reaction 2010', 'could-not-check'],
    ['unknown', 'could-not-check'],
    ['allergies not known', 'could-not-check'],
    ['青霉素', 'could-not-check'],
    ['البنسلين', 'could-not-check'],
    ['Aspirin and Xyzomab', 'could-not-check'],
    ['Aspirin Xy', 'could-not-check'],
    ['see paper notes', 'could-not-check'],
  ]
  for (const [text, outcome] of texts) {
    t.equal(outcomesFor('Amoxicillin 500 MG', { allergyText: text })['allergy'], outcome, `free text: ${text}`)
    t.equal(outcomesFor('Amoxicillin 500 MG', allergicTo(text))['allergy'], outcome, `entry: ${text}`)
  }
})

t.test('what was entered about medicines is not passed over', async (t) => {
  const texts: [string, string][] = [
    ['Warfarin 5 mg daily', 'conflict'],
    ['Metformin 500 mg, twice daily', 'passed'],
    ['None', 'passed'],
    ['no regular medications', 'passed'],
    ['Marevan', 'could-not-check'],
    ['MTX 15 mg weekly', 'could-not-check'],
    ['see list', 'could-not-check'],
    ['blue pill', 'could-not-check'],
    ['華法林', 'could-not-check'],
    ['Metformin + MTX', 'could-not-check'],
  ]
  for (const [text, outcome] of texts)
    t.equal(outcomesFor('Aspirin 75 MG', { medicationText: text })['interaction'], outcome, text)
  t.equal(outcomesFor('Paracetamol + MTX', {})['interaction'], 'could-not-check', 'one part of a combination')
  t.equal(outcomesFor('Paracetamol 500 mg tablets', {})['interaction'], 'passed')
})

t.test('interactions and duplicates', async (t) => {
  t.ok(rulesFor('Aspirin 81 MG', taking('Warfarin 5 MG')).includes('anticoagulants--nsaids'))
  t.ok(rulesFor('Warfarin', taking('Aspirin')).includes('anticoagulants--nsaids'), 'either way round')
  t.same(rulesFor('Sildenafil 50', taking('Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray')), ['nitrates--pde5-inhibitors'])
  t.ok(rulesFor('Clarithromycin', taking('Simvastatin 10')).includes('cyp3a4-statins--strong-cyp3a4-inhibitors'))
  t.ok(rulesFor('Meperidine', taking('Phenelzine')).includes('serotonergic-opioids--maois'))
  t.ok(rulesFor('Omeprazole', taking('Plavix')).includes('clopidogrel--cyp2c19-inhibitors'))
  t.same(rulesFor('Lisinopril', taking('Metformin', 'Amlodipine')), [])
  t.same(rulesFor('Aspirin 81', taking('Plavix')), [], 'two platelet inhibitors are meant')
  t.same(rulesFor('Augmentin', {}), [], 'parts of one product do not interact')
  t.same(rulesFor('Ibuprofen', taking('Advil')), ['duplicate-ingredient'])
  t.same(rulesFor('Simvastatin', taking('Atorvastatin')), ['duplicate-class-statins'])
  t.same(rulesFor('Zorbamycin', taking('zorbamycin')), ['duplicate-name'])
  t.ok(rulesFor('Ibuprofen', { medicationText: 'warfarin 5 mg, metformin' }).includes('anticoagulants--nsaids'))
  t.same(rulesFor('Warfarin', { medicationText: 'warfarin 5 mg' }), [], 'itself in the free text is no conflict')
  t.match(outcomesFor('Zorbamycin', {}), {
    allergy: 'could-not-check',
    'duplicate-therapy': 'could-not-check',
    interaction: 'could-not-check',
  })
  t.match(outcomesFor('Ibuprofen', taking('Zorbamycin')), { allergy: 'passed', interaction: 'could-not-check' })
  const [first] = conflictsOf(checkDrug(drug('Aspirin'), { ...emptyChart, ...taking('Warfarin') }))
  t.match(first, {
    severity: 'major',
    source: /warfarin/,
    version: ruleSetVersion,
    with: { kind: 'prescription', id: 1 },
  })
})

t.test('the quantity follows from the dose when it can', async (t) => {
  const dose = {
    dose_amount: '1',
    dose_unit: 'tablet',
    times_per_day: 3 as number | null,
    interval_hours: null as number | null,
    duration_days: 7 as number | null,
  }
  t.equal(computeQuantity(dose), 21)
  t.equal(computeQuantity({ ...dose, dose_amount: '0.5' }), 11, 'rounded up to a whole unit')
  t.equal(computeQuantity({ ...dose, dose_amount: '0.1', times_per_day: 1, duration_days: 30 }), 3, 'exactly')
  t.equal(computeQuantity({ ...dose, dose_unit: 'mL', dose_amount: '2.5' }), 53)
  t.equal(computeQuantity({ ...dose, times_per_day: null, interval_hours: 8 }), 21)
  t.equal(computeQuantity({ ...dose, times_per_day: null, interval_hours: 36, duration_days: 4 }), 3)
  t.equal(computeQuantity({ ...dose, dose_unit: 'mg' }), null, 'milligrams do not say how many tablets')
  t.equal(computeQuantity({ ...dose, duration_days: null }), null)
  t.equal(computeQuantity({ ...dose, times_per_day: null }), null)
  t.equal(
    computeQuantity({ ...dose, dose_amount: '999999', times_per_day: 48 }),
    null,
    'absurd amounts are no quantity',
  )
})

t.test('the quantity follows from words that say nothing else', async (t) => {
  const empty = { dose_amount: null, dose_unit: null, times_per_day: null, interval_hours: null, duration_days: null }
  const worded: [string, string, string, number | null][] = [
    ['1 tablet', 'three times daily', '2 weeks', 42],
    ['1 tablet', 'every 8 hours', '7 days', 21],
    ['two capsules', 'bd', 'one month', 120],
    ['2.5 mL', 'q6h', '5 days', 50],
    ['1 tablet', 'daily', '1 week', 7],
    ['1 tablet', 'qd', 'ten days', 10],
    ['1 tablet', 'Q.D.', '10 days', 10],
    ['1 tablet', 'tds', 'for fourteen days', 42],
    ['2 tablets', 'b.d.', '4 weeks', 112],
    ['1 tablet', '1-0-1', 'ten days', 20],
    ['1 tablet', '1 - 1 - 1 - 1', '7 days', 28],
    ['1 tablet', 'every eight hours', 'seven days', 21],
    ['1 tablet', 'once weekly', '12 weeks', 12],
    ['1 tablet', 'twice a week', '4 weeks', 8],
    ['1 tablet', 'weekly', '10 days', 2],
    ['1 tablet', 'every other day', 'two weeks', 7],
    ['1 tablet', 'every night', '28 days', 28],
    ['1 tablet', 'nocte', '28 days', 28],
    ['1 tablet', '0-0-0', '7 days', null],
    ['1 tablet', '2-0-1', '7 days', null],
    ['1 tablet', '1-0-1', 'some days', null],
    ['1-2 tablets', 'twice a day', '7 days', null],
    ['500 mg', 'twice a day', '7 days', null],
    ['1 tablet', 'twice a day as needed', '7 days', null],
    ['1 tablet', 'every Monday', '4 weeks', null],
    ['1 tablet', 'twice a day', 'until review', null],
  ]
  for (const [dosage, frequency, duration, quantity] of worded) {
    t.equal(computeQuantity({ ...empty, dosage, frequency, duration }), quantity, `${dosage} ${frequency} ${duration}`)
  }
  const patch = { ...empty, dose_amount: '1', interval_hours: 72, duration_days: 30 }
  for (const dose_unit of ['patch', 'patches', 'Patches'])
    t.equal(computeQuantity({ ...patch, dose_unit }), 10, dose_unit)
  t.equal(computeQuantity({ ...patch, dose_unit: 'suppositories', interval_hours: 24 }), 30)

  const eight = { dose_amount: '8', dose_unit: 'tablet', times_per_day: 1, interval_hours: null, duration_days: 56 }
  const taper = (instructions: string) => computeQuantity({ ...eight, instructions })
  t.equal(taper('taper 8,7,6,5,4,3,2,1 tablets each for 7 days'), 252)
  t.equal(taper('8 tablets daily for 7 days, then 4 tablets daily for 7 days then 2 tablets for 1 week'), 98)
  t.equal(taper('reduce by 5 mg weekly'), null, 'what is not written out is not added up')
  t.equal(taper('with food'), 448)
})

t.test('orders: decimals stay exact, and a computed quantity follows a revision', async (t) => {
  const body = { patient_id: 1, medication_name: 'Digoxin', dose_amount: 0.125, dose_unit: 'mg', quantity: 30 }
  t.match(decideNewOrder(body), { dose_amount: '0.125', quantity: 30, quantity_computed: false })
  t.equal(decideNewOrder({ ...body, dose_amount: '2.500' }).dose_amount, '2.5')
  const given = { times_per_day: 2, duration_days: 5, dose_amount: '1', dose_unit: 'tablet' }
  const first = decideNewOrder({ patient_id: 1, medication_name: 'Amoxicillin', ...given })
  t.match(first, { quantity: 10, quantity_computed: true })
  t.match(decideOrder(first, { duration_days: 7 }), { quantity: 14, quantity_computed: true })
  t.match(decideOrder(first, { quantity: 6 }), { quantity: 6, quantity_computed: false })
  t.match(decideOrder({ ...first, quantity: 6, quantity_computed: false }, { duration_days: 7 }), { quantity: 6 })
  t.match(decideOrder(first, { dosage: 'after meals' }), { quantity: 10, medication_name: 'Amoxicillin' })
  for (const dose_amount of ['0', '0.000', 1e-7]) {
    t.throws(() => decideNewOrder({ ...body, dose_amount }), { code: 'validation-failed' }, String(dose_amount))
  }
})
