import { randomUUID } from 'node:crypto'
import { allRoutes, type RouteContract, registerPatient } from '@hospital/contracts'
import { type FieldRule, rulesIn, wayTo } from '../../src/field-rules.ts'
import { sampleOf } from '../../src/index.ts'
import type { Row } from '../../src/round-trip.ts'
import type { Given } from './asking.ts'
import { must } from './planting.ts'
import type { Scene } from './scene.ts'

// How to plant one row of each kind. What is asked of it, and by whom, follows from the contracts.

/** Gives what an operation needs to be carried out: rows of its own, where it changes something. */
export interface Rows {
  /** A new patient; answers the id. */
  register(): Promise<number>
  given(contract: RouteContract): Promise<Given>
}

const hourMs = 3_600_000

/** Who may do all of it. */
const planter = 'Admin'

/** Rows of a chart, which lead to their patient. */
const charts: Readonly<Record<string, Row>> = {
  'medical-records': { notes: 'seen' },
  prescriptions: { medication_name: 'Paracetamol', dosage: '500 mg', frequency: 'daily', duration: '7 days' },
  'lab-tests': { test_name: 'Panel', test_type: 'chemistry' },
}

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A sample with these values in it wherever a field has such a name. */
function filled(sample: unknown, values: Row): unknown {
  if (Array.isArray(sample)) return sample.map((item) => filled(item, values))
  if (!isObject(sample)) return sample
  return Object.fromEntries(
    Object.entries(sample).map(([name, part]) => [name, name in values ? values[name] : filled(part, values)]),
  )
}

export async function rowsFor(scene: Scene, rules: readonly FieldRule[]): Promise<Rows> {
  const { birds } = scene
  const plant = (path: string, body?: Row) => must(scene, planter, 'POST', path, body, { 'if-match': '*' })
  let slots = 0
  const nextSlot = () => {
    const from = Date.UTC(2031, 0, 1) + slots++ * hourMs
    return { from: new Date(from).toISOString(), to: new Date(from + hourMs).toISOString() }
  }

  /** Every field that a rule closes holds a word that says which; a patient's name is one in what refers to them. */
  const patientBody = (): Row => ({
    first_name: birds.word('patient_name'),
    last_name: 'Guarded',
    date_of_birth: '1971-02-03',
    ...Object.fromEntries(rulesIn(registerPatient.body, rules).map(({ field }) => [field, birds.word(field)])),
  })
  const register = async () => (await plant('/api/patients?allow_duplicate=true', patientBody())).id
  const patientId = await register()
  const doctorId = (await must(scene, 'Doctor', 'GET', '/api/auth/me')).id
  const book = (from: string) =>
    plant('/api/appointments', { patient_id: patientId, doctor_id: doctorId, appointment_date: from })

  /** A time becomes free that somebody waits for: it is offered to them. */
  const waiting = async (status: string) => {
    const { from, to } = nextSlot()
    const taken = status === 'offered' ? await book(from) : null
    const { id } = await plant('/api/waitlist', { patient_id: patientId, doctor_id: doctorId, from, to })
    if (taken) await plant(`/api/appointments/${taken.id}/cancel`, { reason: 'ill' })
    return id
  }
  const visits = { patient_id: patientId, doctor_id: doctorId }
  const kinds: Readonly<Record<string, (status: string) => Promise<number>>> = {
    patients: register,
    doctors: async () => doctorId,
    appointments: async () => (await book(nextSlot().from)).id,
    waitlist: waiting,
  }

  const firstStatus: Readonly<Record<string, string>> = { appointments: 'scheduled', waitlist: 'waiting' }
  /** A row from which the operation's step can be taken. */
  const rowFor = async ({ path, step }: RouteContract): Promise<number> => {
    const kind = path.split('/')[2] ?? ''
    const make = kinds[kind]
    if (make === undefined) throw new Error(`field-rows.ts plants no ${kind}`)
    const goals = step?.of[step.name]?.from ?? []
    const first = firstStatus[kind] ?? ''
    const way = step ? wayTo(step.of, first, goals) : []
    // What no step leads to is planted as such.
    const id = await make(way === null ? (goals[0] ?? first) : first)
    for (const name of way ?? []) {
      const next = allRoutes.find((contract) => contract.step?.of === step?.of && contract.step?.name === name)
      if (next) await plant(next.path.replace(':id', String(id)))
    }
    return id
  }

  // What is read: something of everything, about one patient.
  const away = nextSlot()
  const fixed: Record<string, number> = {
    patients: patientId,
    doctors: doctorId,
    appointments: (await book(away.from)).id,
    waitlist: await waiting('waiting'),
  }
  await plant(`/api/doctors/${doctorId}/time-off`, away)
  for (const [kind, body] of Object.entries(charts))
    fixed[kind] = (await must(scene, 'Doctor', 'POST', `/api/${kind}`, { patient_id: patientId, ...body })).id
  const seen: Row = { patient_id: patientId, limit: 100, allow_duplicate: true }
  const queryOf = ({ query }: RouteContract): Row =>
    Object.fromEntries(Object.entries(seen).filter(([name]) => name in (query?.properties ?? {})))

  return {
    register,
    given: async (contract) => {
      const { body, method, operationId, params, path, query } = contract
      const kind = path.split('/')[2] ?? ''
      const sample = query ? (sampleOf(query) as Row) : {}
      if (method === 'GET')
        return { path: params ? { id: fixed[kind] ?? patientId } : {}, query: { ...sample, ...queryOf(contract) } }
      const slot = nextSlot()
      const id = params ? await rowFor(contract) : 0
      if (operationId === 'addTimeOff') await book(slot.from)
      const duplicate = body && 'duplicate_id' in (body['properties'] ?? {}) ? await register() : 0
      if (operationId === 'unmergePatients')
        await plant(`/api/patients/${id}/merge`, { duplicate_id: duplicate, reason: 'twice' })
      const values = {
        ...visits,
        ...slot,
        appointment_date: slot.from,
        duplicate_id: duplicate,
        patient_number: randomUUID(),
      }
      const more = operationId === 'registerPatient' ? patientBody() : {}
      return {
        path: params ? { id } : {},
        query: { ...sample, ...queryOf(contract) },
        body: body ? { ...(filled(sampleOf(body), values) as Row), ...more } : undefined,
      }
    },
  }
}
