import { bookAppointment, changeAppointment, getWorkingHours, joinWaitlist } from '@hospital/contracts'
import t from 'tap'
import { peopleOf } from '../src/people.ts'

const me = 7
const named = (params: object, body: object = {}) => ({ params, query: {}, body })

t.test('whom an operation refers to', async (t) => {
  t.same(peopleOf(bookAppointment, me, named({}, { doctor_id: 11, patient_id: 101 })), [
    { kind: 'staff', id: me },
    { kind: 'doctor', id: 11 },
    { kind: 'patient', id: 101 },
  ])
  t.same(peopleOf(getWorkingHours, me, named({ id: 11 })), [{ kind: 'doctor', id: 11 }], 'reading needs no actor')
})

t.test('who is not named is asked for only where it means the one who acts', async (t) => {
  t.same(peopleOf(changeAppointment, me, named({ id: 1 }, { notes: 'later' })), [{ kind: 'staff', id: me }])
  t.same(peopleOf(joinWaitlist, me, named({}, { patient_id: 101 })), [
    { kind: 'staff', id: me },
    { kind: 'patient', id: 101 },
  ])
})
