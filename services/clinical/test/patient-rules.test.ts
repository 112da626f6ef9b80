import type { Patient as PatientEntity, Static } from '@hospital/contracts'
import t from 'tap'
import { matchPeople, nameSimilarity, type Person, soundOf } from '../src/patients/duplicate-rules.ts'
import {
  checkDates,
  decideChange,
  decideMerge,
  decideUnmerge,
  mergedTexts,
  restoredTexts,
} from '../src/patients/rules.ts'
import { parseSearch } from '../src/patients/search-rules.ts'
import { outcomeOf } from './outcome.ts'

t.test('what was typed is taken apart', async (t) => {
  const born = { birthDates: ['1985-03-15'], emails: [], rest: '', digits: null }
  for (const typed of ['1985-03-15', '15/03/1985', '15 mar 1985', '15 March 1985', '15.3.1985', ' 15 MAR 1985 ']) {
    t.same(parseSearch(typed), born, typed)
  }
  t.same(parseSearch('31/02/1985').birthDates, [], 'no such day')
  t.same(parseSearch('03/15/1985').birthDates, [], 'the day comes first')
  t.same(parseSearch('Doe, John 1985-03-15'), { ...born, rest: 'doe john' })
  t.same(parseSearch('J.Doe@Example.org').emails, ['j.doe@example.org'])
  t.equal(parseSearch('555-01 01').digits, '5550101')
  t.equal(parseSearch('P001').digits, null)
})

t.test('people are compared', async (t) => {
  const john: Person = {
    firstName: 'john',
    lastName: 'doe',
    birthDate: '1985-03-12',
    phone: '1010555',
    email: 'j@x.org',
  }
  const like = (changes: Partial<Person>) => matchPeople(john, { ...john, phone: null, email: null, ...changes })
  t.match(like({}), { score: 0.8, reasons: ['same name', 'same birth date'] })
  t.match(like({ birthDate: '1985-12-03' }), { reasons: ['same name', 'day and month swapped'] })
  t.match(like({ birthDate: '1986-03-12' }), { reasons: ['same name', 'birth date one digit off'] })
  t.match(like({ firstName: 'jon' }), { reasons: ['similar name', 'same sound', 'same birth date'] })
  t.match(like({ firstName: 'doe', lastName: 'john' }), { reasons: ['names swapped', 'same birth date'] })
  t.match(like({ birthDate: '1950-01-01', phone: '1010555' }), { score: 0.75, reasons: ['same name', 'same phone'] })
  t.match(like({ birthDate: '1950-01-01', email: 'j@x.org' }), { score: 0.75, reasons: ['same name', 'same e-mail'] })
  t.equal(like({ firstName: 'mary', phone: '1010555', email: 'j@x.org' }), null, 'a twin with the same telephone')
  t.equal(like({ birthDate: '1950-01-01' })?.score, 0.5, 'a namesake')
  for (const [a, b] of [
    ['smith', 'smyth'],
    ['philip', 'filip'],
    ['catherine', 'katharine'],
    ['meyer', 'maier'],
    ['knight', 'night'],
  ] as const) {
    t.equal(soundOf(a), soundOf(b), `${a} sounds like ${b}`)
  }
  t.not(soundOf('smith'), soundOf('jones'))
  t.equal(nameSimilarity('martha', 'marhta').toFixed(3), '0.961', 'as published by Winkler')
  t.equal(nameSimilarity('', ''), 0)
})

t.test('free text of both charts is kept, and comes apart again', async (t) => {
  const none = { medical_history: null, allergies: null, current_medications: null }
  const mine = { ...none, allergies: 'Penicillin' }
  const theirs = { ...none, allergies: 'Latex', medical_history: 'Asthma' }
  const after = mergedTexts(mine, theirs)
  t.same(after, { ...none, allergies: 'Penicillin\nLatex', medical_history: 'Asthma' })
  t.same(mergedTexts(after, theirs), after, 'nothing twice')
  t.same(restoredTexts(after, mine, after), mine)
  t.same(
    restoredTexts({ ...after, allergies: 'Penicillin, severe' }, mine, after),
    { ...mine, allergies: 'Penicillin, severe' },
    'an edit since stays',
  )
})

type Patient = Required<Static<typeof PatientEntity>>

const now = new Date('2031-03-03T20:00:00Z')
const jane: Patient = {
  id: 1,
  patient_number: 'P1',
  first_name: 'Jane',
  last_name: 'Doe',
  date_of_birth: '1990-07-22',
  email: null,
  phone: null,
  gender: null,
  sex: 'unknown',
  address: null,
  emergency_contact_name: null,
  emergency_contact_phone: null,
  insurance_info: null,
  medical_history: null,
  allergies: null,
  current_medications: null,
  status: 'active',
  deceased_date: null,
  merged_into: null,
  created_at: '',
  updated_at: '',
  version: 1,
}
const died = { status: 'deceased', deceased_date: '2030-01-01' } as const

t.test('dates that can be true together', async (t) => {
  const dates = (changes: Partial<Patient>) => outcomeOf(() => checkDates({ ...jane, ...changes }, now))
  t.equal(dates({}), undefined)
  t.equal(dates(died), undefined)
  t.equal(dates({ date_of_birth: '2031-03-04' }), undefined, 'somewhere it is tomorrow already')
  t.equal(dates({ date_of_birth: '2031-03-05' }), 'validation-failed /date_of_birth')
  t.equal(dates({ date_of_birth: '1849-12-31' }), 'validation-failed /date_of_birth')
  t.equal(dates({ status: 'deceased' }), 'validation-failed /deceased_date')
  t.equal(dates({ deceased_date: '2030-01-01' }), 'validation-failed /deceased_date')
  t.equal(dates({ ...died, deceased_date: '1990-07-21' }), 'validation-failed /deceased_date')
  t.equal(dates({ ...died, deceased_date: '1990-07-22' }), undefined, 'on the day of birth')
  t.equal(dates({ ...died, deceased_date: '2031-03-05' }), 'validation-failed /deceased_date')
})

t.test('a change', async (t) => {
  const phone: Partial<Patient> = { phone: '1' }
  t.same(decideChange(jane, phone, now), { phone: '1' }, 'only what changes')
  t.match(decideChange(jane, { ...died }, now), died)
  const late = { ...jane, ...died }
  t.match(decideChange(late, { status: 'active' }, now), { status: 'active', deceased_date: null })
  t.equal(
    outcomeOf(() => decideChange(late, { deceased_date: null }, now)),
    'validation-failed /deceased_date',
  )
  t.equal(
    outcomeOf(() => decideChange({ ...jane, merged_into: 7 }, phone, now)),
    'already-merged',
  )
})

t.test('who can become one, and two again', async (t) => {
  const twin = { ...jane, id: 2 }
  const merge = (survivor: Patient, duplicate: Patient | undefined, id = 2) =>
    outcomeOf(() => decideMerge(survivor, duplicate, id))
  t.same(merge(jane, twin), twin)
  t.same(merge(jane, { ...twin, status: 'inactive' }), { ...twin, status: 'inactive' }, 'an archived duplicate')
  t.same(merge({ ...jane, ...died }, twin), twin, 'into somebody who has died')
  t.equal(merge(jane, jane, 1), 'validation-failed /duplicate_id')
  t.equal(merge(jane, undefined), 'unknown-reference /duplicate_id')
  t.equal(merge({ ...jane, merged_into: 3 }, twin), 'already-merged')
  t.equal(merge(jane, { ...twin, merged_into: 3 }), 'already-merged')
  t.equal(merge({ ...jane, status: 'inactive' }, twin), 'patient-archived')

  const merged = { ...twin, merged_into: 1 }
  const unmerge = (survivor: Patient, duplicate: Patient | undefined) =>
    outcomeOf(() => decideUnmerge(survivor, duplicate, 2))
  t.same(unmerge(jane, merged), merged)
  t.equal(unmerge(jane, undefined), 'unknown-reference /duplicate_id')
  t.equal(unmerge(jane, twin), 'already-merged')
  t.equal(unmerge({ ...jane, merged_into: 3 }, merged), 'already-merged', 'the one on top is undone first')
})
