import t from 'tap'
import { type Chart, checkDrug } from '../src/prescriptions/check-rules.ts'
import { identifyDrug } from '../src/prescriptions/drug-name-rules.ts'
import { creatinineInMgPerDl, estimateGfr } from '../src/prescriptions/egfr-rules.ts'
import { pregnancyRules } from '../src/prescriptions/knowledge/pregnancy-harms.ts'
import { renalLimits } from '../src/prescriptions/knowledge/renal-limits.ts'
import { allIngredients } from '../src/prescriptions/knowledge/rule-set.ts'
import type { PatientFacts } from '../src/prescriptions/patient-facts-rules.ts'

const woman: PatientFacts = {
  today: '2026-11-30',
  bornOn: '1990-05-05',
  sex: 'female',
  weight: null,
  creatinine: null,
  states: [],
}
const empty: Chart = {
  allergies: [],
  allergyText: null,
  wasAsked: true,
  decisions: [],
  medicationText: null,
  others: [],
}
type Order = Omit<Parameters<typeof identifyDrug>[0], 'medication_name' | 'rxnorm_code'>
function checkOf(check: 'renal' | 'pregnancy', name: string, patient: PatientFacts, order: Order = {}) {
  const drug = identifyDrug({ medication_name: name, rxnorm_code: null, ...order })
  const found = checkDrug(drug, { ...empty, patient }).find((each) => each.check === check)
  if (found === undefined) throw new Error(`no check ${check}`)
  return found
}
const withCreatinine = (value: number, unit: string, more: Partial<PatientFacts> = {}): PatientFacts => ({
  ...woman,
  bornOn: '1950-01-01',
  ...more,
  creatinine: { value, unit, on: '2026-10-02' },
})
const pregnant = (expectedDelivery: string | null = null): PatientFacts => ({
  ...woman,
  states: [{ id: 4, state: 'pregnant', from: '2026-08-01', expectedDelivery }],
})
const nursing: PatientFacts = {
  ...woman,
  states: [{ id: 5, state: 'breast_feeding', from: '2026-08-01', expectedDelivery: null }],
}
const renal = (name: string, patient: PatientFacts, order?: Order) => checkOf('renal', name, patient, order).outcome
const pregnancy = (name: string, patient: PatientFacts) => checkOf('pregnancy', name, patient).outcome

t.test('rules speak of substances and classes that there are', async (t) => {
  const known = new Set(allIngredients.flatMap(({ name, classes }) => [name, ...classes]))
  for (const { subject } of [...renalLimits, ...pregnancyRules]) t.ok(known.has(subject), subject)
})

t.test('the filtration rate is that of CKD-EPI 2021', async (t) => {
  // A worked example: https://creatinineclearancecalculator.net/equations/ckd-epi/, 55 years, female, 0.9 mg/dL, about 76.
  t.equal(Math.round(estimateGfr(0.9, 55, 'female')), 75)
  t.equal(Math.round(142 * (1.2 / 0.9) ** -1.2 * 0.9938 ** 60), Math.round(estimateGfr(1.2, 60, 'male')))
  t.equal(estimateGfr(1, 50, 'unknown'), Math.min(estimateGfr(1, 50, 'male'), estimateGfr(1, 50, 'female')))
  t.equal(creatinineInMgPerDl({ value: 88.42, unit: 'umol/L' }), 1)
  t.equal(creatinineInMgPerDl({ value: 88.42, unit: 'µmol/L' }), 1)
  t.equal(creatinineInMgPerDl({ value: 1.1, unit: 'mg/dL' }), 1.1)
  t.equal(creatinineInMgPerDl({ value: 1.1, unit: 'g/L' }), null)
})

t.test('a drug that the kidneys cannot let go of is a conflict, with the day of the creatinine', async (t) => {
  const found = checkOf('renal', 'Metformin', withCreatinine(250, 'umol/L'))
  t.equal(found.outcome, 'conflict')
  t.match(found.conflicts[0], {
    rule: 'renal-metformin-30',
    severity: 'contraindicated',
    detail: /creatinine of 2026-10-02/,
    with: { kind: 'patient', id: null },
  })
  t.equal(found.conflicts.length, 1, 'the worst of its rules alone')
  t.equal(renal('Metformin', withCreatinine(80, 'umol/L')), 'passed')
  t.equal(renal('Ibuprofen', withCreatinine(3.5, 'mg/dL')), 'conflict')
  t.equal(renal('Nitrofurantoin', withCreatinine(140, 'umol/L')), 'conflict')
  t.equal(renal('Dabigatran', withCreatinine(250, 'umol/L')), 'conflict')
  t.equal(renal('Lithium', withCreatinine(250, 'umol/L')), 'conflict', 'unverified rules warn')
  t.equal(renal('Lithium', withCreatinine(60, 'umol/L')), 'not-covered', 'and pass nothing')
})

t.test('a rule of the day’s dose looks at the dose', async (t) => {
  const day = (mg: number) => ({ dose_amount: String(mg), dose_unit: 'mg', times_per_day: 1 })
  t.equal(renal('Sitagliptin', withCreatinine(250, 'umol/L'), day(100)), 'conflict')
  t.equal(renal('Sitagliptin', withCreatinine(250, 'umol/L'), day(25)), 'passed')
})

t.test('no kidney function is not covered: no creatinine, a child, a unit, no rule', async (t) => {
  t.match(checkOf('renal', 'Metformin', woman), {
    outcome: 'not-covered',
    not_covered: ['no creatinine of the last year'],
  })
  t.equal(renal('Metformin', withCreatinine(250, 'umol/L', { bornOn: '2015-01-01' })), 'not-covered')
  t.equal(renal('Metformin', withCreatinine(250, 'mmol/day')), 'not-covered')
  t.equal(renal('Loratadine', withCreatinine(250, 'umol/L')), 'not-covered')
  t.equal(renal('Diclofenac gel', withCreatinine(400, 'umol/L')), 'not-covered')
})

t.test('drugs that harm an unborn child', async (t) => {
  for (const name of [
    'Ramipril',
    'Losartan',
    'Valproic acid',
    'Warfarin',
    'Methotrexate',
    'Isotretinoin',
    'Simvastatin',
    'Doxycycline',
    'Lithium',
  ]) {
    t.equal(pregnancy(name, pregnant()), 'conflict', name)
  }
  t.match(checkOf('pregnancy', 'Isotretinoin', pregnant()).conflicts[0], {
    rule: 'pregnant-isotretinoin',
    with: { kind: 'state', id: 4 },
  })
  t.equal(pregnancy('Paracetamol', pregnant()), 'not-covered')
})

t.test('some of them in the last weeks alone', async (t) => {
  t.equal(pregnancy('Ibuprofen', pregnant('2027-06-01')), 'passed', 'fourteen weeks')
  t.equal(pregnancy('Ibuprofen', pregnant('2027-01-15')), 'conflict', 'thirty-three weeks')
  t.equal(pregnancy('Ibuprofen', pregnant()), 'conflict', 'without a day of delivery any week may be meant')
})

t.test('drugs that harm a breast-fed child', async (t) => {
  for (const name of ['Codeine', 'Tramadol', 'Lithium', 'Amiodarone', 'Methotrexate'])
    t.equal(pregnancy(name, nursing), 'conflict', name)
  t.equal(pregnancy('Ramipril', nursing), 'passed')
})

t.test('who may be pregnant and does not say so is not covered; who cannot be passes', async (t) => {
  t.equal(pregnancy('Ramipril', woman), 'not-covered')
  t.equal(pregnancy('Ramipril', { ...woman, sex: 'unknown' }), 'not-covered')
  t.equal(pregnancy('Ramipril', { ...woman, sex: 'male' }), 'passed')
  t.equal(pregnancy('Ramipril', { ...woman, bornOn: '1950-01-01' }), 'passed')
})
