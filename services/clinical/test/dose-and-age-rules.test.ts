import t from 'tap'
import { type Chart, checkDrug } from '../src/prescriptions/check-rules.ts'
import { identifyDrug } from '../src/prescriptions/drug-name-rules.ts'
import { readFrequency } from '../src/prescriptions/frequency-rules.ts'
import { ageLimits } from '../src/prescriptions/knowledge/age-limits.ts'
import { adultDoseLimits, childLimits } from '../src/prescriptions/knowledge/dose-limits.ts'
import { allIngredients } from '../src/prescriptions/knowledge/rule-set.ts'
import type { PatientFacts } from '../src/prescriptions/patient-facts-rules.ts'

const adult: PatientFacts = {
  today: '2026-11-30',
  bornOn: '1980-05-05',
  sex: 'female',
  weight: null,
  creatinine: null,
  states: [],
}
const child = (bornOn: string, kg: number | null = null): PatientFacts => ({
  ...adult,
  bornOn,
  weight: kg === null ? null : { kg, on: '2026-10-01' },
})
const empty: Chart = {
  allergies: [],
  allergyText: null,
  wasAsked: true,
  decisions: [],
  medicationText: null,
  others: [],
}

type Order = Omit<Parameters<typeof identifyDrug>[0], 'medication_name' | 'rxnorm_code'>
const checkOf = (check: 'dose' | 'age', name: string, order: Order = {}, patient: PatientFacts = adult) => {
  const drug = identifyDrug({ medication_name: name, rxnorm_code: null, ...order })
  const found = checkDrug(drug, { ...empty, patient }).find((each) => each.check === check)
  if (found === undefined) throw new Error(`no check ${check}`)
  return found
}
const dose = (name: string, order: Order = {}, patient: PatientFacts = adult) =>
  checkOf('dose', name, order, patient).outcome
const age = (name: string, patient: PatientFacts) => checkOf('age', name, {}, patient).outcome
const of = (amount: number | string, unit: string, times: number | null = null): Order => ({
  dose_amount: String(amount),
  dose_unit: unit,
  times_per_day: times,
})

t.test('limits speak of ingredients that there are, in figures above zero', async (t) => {
  const known = new Set(allIngredients.flatMap(({ name, classes }) => [name, ...classes]))
  for (const { name, daily, single } of adultDoseLimits) {
    t.ok(known.has(name) && daily > 0 && (single === null || (single > 0 && single <= daily)), name)
  }
  for (const { name, daily } of childLimits) t.ok(known.has(name) && daily > 0, name)
  for (const { subject, under } of ageLimits) t.ok(known.has(subject) && under > 0, subject)
  const verified = new Set(adultDoseLimits.filter(({ opened }) => opened !== null).map(({ name }) => name))
  t.ok(verified.size >= 200, `${verified.size} ingredients with a verified dose limit`)
})

t.test('a dose that is understood and covered passes', async (t) => {
  t.equal(dose('Lisinopril 10 mg tablet', of(1, 'tablet', 1)), 'passed')
  t.equal(dose('Metformin', of(500, 'mg', 2)), 'passed')
  t.equal(dose('Paracetamol 500 mg tablets', { dosage: '2 tablets', frequency: 'four times a day' }), 'passed')
  t.equal(dose('Levothyroxine', of(100, 'micrograms', 1)), 'passed')
  t.equal(dose('Digoxin 250 microgram tablets', of(1, 'tablet', 1)), 'passed')
  t.equal(dose('Amoxicillin 250 mg/5 mL suspension', of(10, 'mL', 3)), 'passed')
  t.equal(dose('Amoxicillin 500 mg', { dosage: '500 mg', frequency: 'every 8 hours', duration: '7 days' }), 'passed')
  t.equal(dose('Amlodipine', { dosage: '5 mg', frequency: 'once daily in the morning' }), 'passed')
})

t.test('a unit a thousand times off is a conflict, from the fields and from the words', async (t) => {
  for (const [name, order] of [
    ['Digoxin 250 mg', {}],
    ['Digoxin', of(250, 'mg', 1)],
    ['Digoxin 250 mg tablets', { dosage: '1 tablet', frequency: 'daily' }],
    ['Digoxin', { dosage: '250mg', frequency: 'od' }],
    ['Levothyroxine 100 mg tablet', {}],
    ['Levothyroxine', of('0.1', 'g', 1)],
    ['Levothyroxine', { dosage: '100 mg once daily' }],
    ['Digoxin 250 mg injection', { ...of(250, 'mg', 1), dose_route: 'IV' }],
  ] as const) {
    const found = checkOf('dose', name, order)
    t.equal(found.outcome, 'conflict', `${name} ${JSON.stringify(order)}`)
    t.match(found.conflicts[0], {
      severity: 'contraindicated',
      with: { kind: 'dose', id: null },
      detail: /times as much/,
    })
  }
})

t.test('above the day, and at a time', async (t) => {
  t.equal(dose('Paracetamol', of(1, 'g', 4)), 'passed')
  t.equal(dose('Paracetamol', of(1, 'g', 6)), 'conflict')
  t.equal(dose('Paracetamol', { ...of(1, 'g'), interval_hours: 4 }), 'conflict')
  t.equal(dose('Paracetamol 500 mg', { dosage: '2 tablets', frequency: 'every 3-4 hours as needed' }), 'conflict')
  t.equal(dose('Simvastatin', of(160, 'mg', 1)), 'conflict')
  t.equal(dose('Atorvastatin 40 MG Oral Tablet', of(3, 'tablet', 1)), 'conflict')
  t.equal(
    dose('Ibuprofen 800 mg', { dosage: '800 mg', frequency: 'qds' }),
    'not-covered',
    'within a ceiling not verified',
  )
  t.equal(dose('Ibuprofen 800 mg', { dosage: '800 mg', frequency: 'six times a day' }), 'conflict')
})

t.test('methotrexate is weekly', async (t) => {
  t.equal(dose('Methotrexate 2.5 mg tablet', of(4, 'tablet', 1)), 'conflict')
  t.equal(dose('Methotrexate', { dosage: '10 mg', frequency: 'daily' }), 'conflict')
  t.equal(dose('Methotrexate', { ...of(10, 'mg'), interval_hours: 24 }), 'conflict')
  t.equal(dose('Methotrexate', { dosage: '10 mg', frequency: 'once weekly' }), 'passed')
  t.equal(dose('Methotrexate', { dosage: '10 mg', frequency: 'on Mondays' }), 'passed')
  t.equal(dose('Methotrexate', { ...of(10, 'mg'), interval_hours: 168 }), 'passed')
  t.equal(dose('Methotrexate 10 mg'), 'not-covered')
  t.equal(dose('Alendronate 70 mg', { dosage: '1 tablet', frequency: 'daily' }), 'conflict')
  t.equal(dose('Alendronate 70 mg', { dosage: '1 tablet', frequency: 'once a week' }), 'not-covered')
  t.not(dose('Alendronate 10 mg', { dosage: '1 tablet', frequency: 'daily' }), 'conflict')
  t.equal(dose('Fentanyl', of(50, 'mg', 1)), 'conflict')
})

t.test('combinations are compared part by part', async (t) => {
  const name = 'Acetaminophen 325 MG / Hydrocodone Bitartrate 7.5 MG Oral Tablet'
  t.equal(dose(name, of(4, 'tablet', 4)), 'conflict', 'paracetamol 5.2 g')
  t.equal(dose(name, of(1, 'tablet', 4)), 'not-covered', 'no verified ceiling for hydrocodone')
  t.equal(dose('Amoxicillin 500 MG / Clavulanate 125 MG Oral Tablet', of(1, 'tablet', 3)), 'passed')
  t.equal(dose('Percocet', of(2, 'tablet', 4)), 'not-covered')
})

t.test('what cannot be compared is not covered; a unit that means nothing is could-not-check', async (t) => {
  t.equal(dose('Amoxicillin'), 'not-covered')
  t.equal(dose('Amoxicillin 500 mg'), 'not-covered')
  t.equal(dose('Amoxicillin', of(1, 'tablet', 3)), 'not-covered')
  t.equal(dose('Amoxicillin', of(500, 'mg')), 'not-covered')
  t.equal(dose('Insulin glargine', of(10, 'units', 1)), 'not-covered')
  t.equal(dose('Unheardofin', of(10, 'mg', 1)), 'not-covered')
  t.equal(dose('Prednisolone', { dosage: '40 mg', frequency: 'daily, then reduce by 5 mg weekly' }), 'not-covered')
  const spoon = checkOf('dose', 'Amoxicillin', of(2, 'spoon', 3))
  t.equal(spoon.outcome, 'could-not-check')
  t.same(spoon.unchecked, ['the unit “spoon” of the dose is not understood'])
})

t.test('what stays where it is put has no dose', async (t) => {
  t.equal(dose('Diclofenac 1.16% gel', of(400, 'mg', 4)), 'not-covered')
  t.equal(dose('Ciprofloxacin 0.3% eye drops', of(2, 'drops', 12)), 'not-covered')
  t.equal(age('Ciprofloxacin eye drops', child('2024-01-01')), 'not-covered')
})

t.test('children by their weight, whose date is told', async (t) => {
  const four = (kg: number | null) => child('2022-11-01', kg)
  t.equal(dose('Paracetamol', of(240, 'mg', 4), four(16)), 'passed')
  const found = checkOf('dose', 'Paracetamol', of(500, 'mg', 4), four(16))
  t.equal(found.outcome, 'conflict')
  t.match(found.conflicts[0]?.detail, /16 kg \(weighed on 2026-10-01\)/)
  t.equal(dose('Paracetamol', of(1, 'g', 6), four(16)), 'conflict')
  t.equal(dose('Gentamicin injection', of(400, 'mg', 1), four(16)), 'conflict')
  const unweighed = checkOf('dose', 'Amoxicillin', of(250, 'mg', 3), four(null))
  t.equal(unweighed.outcome, 'not-covered')
  t.match(unweighed.not_covered, ['no weight of the last year: the dose of amoxicillin for a child is not compared'])
  t.equal(dose('Sertraline', of(50, 'mg', 1), four(16)), 'not-covered', 'no limit by weight')
})

t.test('age', async (t) => {
  t.equal(age('Codeine 15 mg tablet', child('2014-12-01')), 'conflict', 'eleven')
  t.equal(age('Codeine 15 mg tablet', child('2014-11-30')), 'passed', 'twelve today')
  t.equal(age('Acetaminophen 300 MG / Codeine 15 MG Oral Tablet', child('2020-01-01')), 'conflict')
  t.equal(age('Aspirin 75 mg', child('2010-12-01')), 'conflict', 'fifteen')
  t.equal(age('Aspirin 75 mg', adult), 'passed')
  t.equal(age('Tramadol', child('2020-01-01')), 'conflict')
  t.equal(age('Doxycycline', child('2020-01-01')), 'conflict')
  t.equal(age('Promethazine', child('2025-06-01')), 'conflict')
  t.equal(age('Loperamide 2 mg', child('2025-06-01')), 'conflict')
  t.equal(age('Metformin', adult), 'not-covered')
  t.equal(age('Codeine', { ...adult, bornOn: null }), 'not-covered')
  t.match(checkOf('age', 'Codeine', {}, child('2020-01-01')).conflicts[0], {
    rule: 'age-codeine-12',
    severity: 'contraindicated',
    with: { kind: 'patient', id: null },
  })
})

t.test('how often, as people write it', async (t) => {
  for (const [text, perDay] of [
    ['twice daily', 2],
    ['TDS', 3],
    ['1 tablet q.i.d.', 4],
    ['every 8 hours', 3],
    ['q6h prn', 4],
    ['every 4-6 hours', 6],
    ['6 hourly', 4],
    ['once a week', 1 / 7],
    ['weekly', 1 / 7],
    ['three times a week', 3 / 7],
    ['alternate days', 0.5],
    ['at night', 1],
    ['up to 4 times a day as needed', 4],
    ['2 x/day', 2],
  ] as const) {
    t.equal(readFrequency(text)?.perDay, perDay, text)
  }
  t.equal(readFrequency('as needed'), null)
  t.equal(readFrequency('daily, then reduce')?.isExact, false)
})
