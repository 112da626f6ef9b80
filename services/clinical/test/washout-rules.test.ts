import t from 'tap'
import { type Chart, checkDrug, conflictsOf } from '../src/prescriptions/check-rules.ts'
import { identifyDrug } from '../src/prescriptions/drug-name-rules.ts'
import { allIngredients } from '../src/prescriptions/knowledge/rule-set.ts'
import { longestWashoutDays, washouts } from '../src/prescriptions/knowledge/washouts.ts'

const empty: Chart = {
  allergies: [],
  allergyText: null,
  wasAsked: true,
  decisions: [],
  medicationText: null,
  others: [],
}
const drug = (medication_name: string) => identifyDrug({ medication_name, rxnorm_code: null })
const after = (stopped: string, days: number, begun: string) =>
  conflictsOf(checkDrug(drug(begun), { ...empty, stopped: [{ prescriptionId: 3, drug: drug(stopped), days }] }))
const beside = (other: string, name: string) =>
  conflictsOf(checkDrug(drug(name), { ...empty, others: [{ prescriptionId: 3, drug: drug(other) }] }))
const interactions = (conflicts: ReturnType<typeof beside>) => conflicts.filter(({ check }) => check === 'interaction')

t.test('washouts speak of substances and classes that there are', async (t) => {
  const known = new Set(['*', ...allIngredients.flatMap(({ name, classes }) => [name, ...classes])])
  for (const { stopped, begun, days } of washouts) {
    t.ok(known.has(stopped) && known.has(begun) && days > 0 && days <= longestWashoutDays, `${stopped} ${begun}`)
  }
})

t.test('what was stopped and still acts counts, for as long as the label says', async (t) => {
  for (const [stopped, days, begun] of [
    ['Phenelzine', 10, 'Sertraline'],
    ['Phenelzine', 13, 'Meperidine'],
    ['Fluoxetine', 30, 'Phenelzine'],
    ['Sertraline', 10, 'Tranylcypromine'],
  ] as const) {
    t.match(interactions(after(stopped, days, begun))[0], {
      severity: 'contraindicated',
      with: { kind: 'prescription', id: 3 },
      detail: new RegExp(`ended ${days} days ago`),
    })
  }
  t.same(after('Phenelzine', 14, 'Sertraline'), [])
  t.same(after('Fluoxetine', 35, 'Phenelzine'), [])
  t.same(after('Sertraline', 20, 'Phenelzine'), [])
  t.same(after('Fluoxetine', 10, 'Ibuprofen'), [], 'what the label does not speak of')
  t.same(after('Ibuprofen', 0, 'Warfarin'), [], 'a drug that is gone')
})

t.test('what stays on the skin or in the eye interacts with nothing in the body', async (t) => {
  t.ok(interactions(beside('Warfarin', 'Diclofenac 50 MG Oral Tablet')).length > 0)
  t.same(interactions(beside('Warfarin', 'Diclofenac 1.16% gel')), [])
  t.same(interactions(beside('Diclofenac 1.16% gel', 'Warfarin')), [])
  t.same(interactions(beside('Tizanidine', 'Ciprofloxacin 0.3% eye drops')), [])
  t.ok(interactions(beside('Warfarin', 'Miconazole 2% oral gel')).length > 0, 'swallowed')
  t.ok(interactions(beside('Ritonavir', 'Fluticasone nasal spray')).length > 0, 'it gets into the blood')
  t.same(
    beside('Diclofenac 1.16% gel', 'Diclofenac 50 MG Oral Tablet').map(({ rule }) => rule),
    [],
    'no duplicate',
  )
  t.same(
    beside('Hydrocortisone 1% cream', 'Hydrocortisone 1% ointment').map(({ check }) => check),
    ['duplicate-therapy'],
  )
})

t.test('an allergy counts on the skin too', async (t) => {
  const allergies = [{ id: 7, substance: 'Diclofenac', code: null, reaction: null, severity: null }]
  const checks = checkDrug(drug('Diclofenac 1.16% gel'), { ...empty, allergies } as unknown as Chart)
  t.equal(checks.find(({ check }) => check === 'allergy')?.outcome, 'conflict')
})

t.test('two drugs of a class of which one is meant', async (t) => {
  const duplicate = (one: string, other: string) =>
    beside(one, other).some(({ check }) => check === 'duplicate-therapy')
  t.ok(duplicate('Ibuprofen', 'Naproxen'))
  t.ok(duplicate('Sertraline', 'Citalopram'))
  t.ok(duplicate('Ramipril', 'Lisinopril'))
  t.notOk(duplicate('Aspirin 75 mg', 'Clopidogrel'), 'both are meant')
  t.notOk(duplicate('Insulin glargine', 'Insulin aspart'), 'both are meant')
  t.notOk(duplicate('Salmeterol', 'Salbutamol'), 'both are meant')
})
