import { randomInt } from 'node:crypto'
import { type Entity, type Hospital, pickFree, word } from './ledger.ts'
import type { Role } from './people.ts'
import { change, create, type Load } from './writes.ts'

/** Something people do in a hospital; undefined when there is nothing yet to do it with. */
type Act = (load: Load, hospital: Hospital) => Promise<void> | undefined

const newMark = ({ ledger }: Load) => `${ledger.run}${word(5)}`
const aPhone = () => `555-${String(randomInt(10_000_000)).padStart(7, '0')}`
const isScheduled = ({ fields }: Entity) => fields.status === 'scheduled'

const register: Act = (load, hospital) => {
  const mark = newMark(load)
  const phone = aPhone()
  const body = { first_name: 'Landing', last_name: mark, date_of_birth: '1980-01-02', phone }
  const query = '?allow_duplicate=true'
  return create(load, hospital, {
    what: 'register',
    kind: 'patient',
    by: 'Receptionist',
    mark,
    body,
    query,
    fields: { phone },
  })
}

const changePatient: Act = (load, hospital) => {
  const patient = pickFree(hospital, 'patient')
  const fields = { phone: aPhone() }
  return patient && change(load, hospital, patient, { what: 'change', by: 'Receptionist', body: fields, fields })
}

const book: Act = (load, hospital) => {
  const patient = pickFree(hospital, 'patient')
  if (!patient) return
  const mark = newMark(load)
  const appointment_date = load.ledger.nextSlot()
  const body = {
    patient_id: patient.id,
    doctor_id: hospital.people.Doctor.id,
    appointment_date,
    duration_minutes: 30,
    notes: mark,
  }
  const fields = { appointment_date, status: 'scheduled' }
  return create(load, hospital, { what: 'book', kind: 'appointment', by: 'Receptionist', mark, body, fields })
}

const move: Act = (load, hospital) => {
  const appointment = pickFree(hospital, 'appointment', isScheduled)
  if (!appointment) return
  const fields = { appointment_date: load.ledger.nextSlot() }
  return change(load, hospital, appointment, { what: 'move', by: 'Receptionist', body: fields, fields })
}

const cancel: Act = (load, hospital) => {
  const appointment = pickFree(hospital, 'appointment', isScheduled)
  const body = { reason: 'cancelled under load' }
  const fields = { status: 'cancelled' }
  return (
    appointment &&
    change(load, hospital, appointment, { what: 'cancel', by: 'Receptionist', action: 'cancel', body, fields })
  )
}

const prescribe: Act = (load, hospital) => {
  const patient = pickFree(hospital, 'patient')
  if (!patient) return
  const mark = newMark(load)
  const body = {
    patient_id: patient.id,
    medication_name: `Landing ${mark}`,
    dosage: '1',
    frequency: 'daily',
    instructions: mark,
    quantity: 10,
    refills_allowed: 3,
    override_reason: 'a drug of the load',
    decisions: [{ check: 'allergy', part: 'allergy status', reason: 'a patient of the load' }],
  }
  const fields = { dispensed_quantity: 0 }
  return create(load, hospital, { what: 'prescribe', kind: 'prescription', by: 'Doctor', mark, body, fields })
}

const dispense: Act = (load, hospital) => {
  const given = ({ fields }: Entity) => Number(fields.dispensed_quantity)
  const prescription = pickFree(hospital, 'prescription', (it) => given(it) < 40)
  if (!prescription) return
  const fields = { dispensed_quantity: given(prescription) + 5 }
  const body = { quantity: 5, override_reason: 'a drug of the load' }
  return change(load, hospital, prescription, { what: 'dispense', by: 'Pharmacist', action: 'dispense', body, fields })
}

const order: Act = (load, hospital) => {
  const patient = pickFree(hospital, 'patient')
  if (!patient) return
  const mark = newMark(load)
  const body = { patient_id: patient.id, test_name: mark }
  const fields = { status: 'ordered', steps: 1 }
  return create(load, hospital, { what: 'order', kind: 'lab test', by: 'Doctor', mark, body, fields })
}

const potassium = { name: 'Potassium', value: 4.1, unit: 'mmol/L', reference_low: 3.5, reference_high: 5.1 }
/** What comes after each status of a lab test. */
const labSteps: Record<string, { action: string; by: Role; body: unknown; status: string }> = {
  ordered: { action: 'collect', by: 'Nurse', body: {}, status: 'collected' },
  collected: { action: 'results', by: 'Lab Technician', body: { results: [potassium] }, status: 'resulted' },
  resulted: { action: 'verify', by: 'Lab Technician', body: {}, status: 'verified' },
}

const labStep: Act = (load, hospital) => {
  const test = pickFree(hospital, 'lab test', ({ fields }) => fields.status !== 'verified')
  const step = test && labSteps[String(test.fields.status)]
  if (!step) return
  const fields = { status: step.status, steps: Number(test.fields.steps) + 1 }
  return change(load, hospital, test, { what: step.action, by: step.by, action: step.action, body: step.body, fields })
}

const hire: Act = (load, hospital) => {
  const mark = newMark(load)
  const name = `Dr ${mark}`
  const body = {
    name,
    email: `${mark}@landing.example`,
    password: `Maple-${mark}-1234`,
    role_id: hospital.doctorRoleId,
  }
  const fields = { name, roles: 1 }
  return create(load, hospital, { what: 'hire', kind: 'user', by: 'Admin', mark, body, fields })
}

const rename: Act = (load, hospital) => {
  const user = pickFree(hospital, 'user')
  const fields = { name: `Dr ${newMark(load)}` }
  return user && change(load, hospital, user, { what: 'rename', by: 'Admin', body: fields, fields })
}

/** How often of a hundred each is done. */
const shares: readonly [number, Act][] = [
  [16, register],
  [14, changePatient],
  [12, book],
  [8, move],
  [5, cancel],
  [9, prescribe],
  [8, dispense],
  [8, order],
  [12, labStep],
  [3, hire],
  [5, rename],
]
const lots: readonly Act[] = shares.flatMap(([share, act]) => Array<Act>(share).fill(act))

/** One act by chance; somebody is registered where there is nothing yet to do another one with. */
export async function actByChance(load: Load, hospital: Hospital): Promise<void> {
  const act = lots[randomInt(lots.length)] ?? register
  await (act(load, hospital) ?? register(load, hospital))
}
