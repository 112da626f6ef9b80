import { randomUUID } from 'node:crypto'
import { allRoutes, type RouteContract, registerPatient } from '@hospital/contracts'
import { type FieldRule, rulesIn, wayTo } from '../../src/field-rules.ts'
import { sampleOf } from '../../src/index.ts'
import type { Row } from '../../src/round-trip.ts'
import type { Given } from './asking.ts'
import { decideAndDo, must } from './planting.ts'
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

/** Plants one row of each kind of thing that has people's fields in its answers. */
interface Kinds {
  patientId: number
  doctorId: number
  register(): Promise<number>
  /** A patient's words for `registerPatient`: each field that a rule closes holds a word that says which. */
  patientBody(): Row
  nextSlot(): { from: string; to: string }
  book(from: string): Promise<number>
  plant(path: string, body?: Row): Promise<number>
  /** By the first word of a path after `/api`: a row in a status, where it has one. */
  rows: Readonly<Record<string, (status: string) => Promise<number>>>
}

async function kindsFor(scene: Scene, rules: readonly FieldRule[]): Promise<Kinds> {
  const { birds } = scene
  const plant = async (path: string, body?: Row) =>
    (await must(scene, planter, 'POST', path, body, { 'if-match': '*' })).id
  let slots = 0
  const nextSlot = () => {
    const from = Date.UTC(2031, 0, 1) + slots++ * hourMs
    return { from: new Date(from).toISOString(), to: new Date(from + hourMs).toISOString() }
  }
  const patientBody = (): Row => ({
    // What refers to a patient shows the name by a rule of its own.
    first_name: birds.word('patient_name'),
    last_name: 'Guarded',
    date_of_birth: '1971-02-03',
    ...Object.fromEntries(rulesIn(registerPatient.body, rules).map(({ field }) => [field, birds.word(field)])),
  })
  const register = () => plant('/api/patients?allow_duplicate=true', patientBody())
  const patientId = await register()
  const doctorId = (await must(scene, 'Doctor', 'GET', '/api/auth/me')).id
  const who = { patient_id: patientId, doctor_id: doctorId }
  const book = (from: string) => plant('/api/appointments', { ...who, appointment_date: from })

  /** Offered is a time that becomes free while somebody waits for it. */
  const wait = async (status: string) => {
    const { from, to } = nextSlot()
    const taken = status === 'offered' ? await book(from) : null
    const id = await plant('/api/waitlist', { ...who, from, to })
    if (taken) await plant(`/api/appointments/${taken}/cancel`, { reason: 'ill' })
    return id
  }
  const rows = {
    patients: register,
    doctors: async () => doctorId,
    appointments: () => book(nextSlot().from),
    waitlist: wait,
  }
  return { patientId, doctorId, register, patientBody, nextSlot, book, plant, rows }
}

const kindOf = ({ path }: RouteContract): string => path.split('/')[2] ?? ''
const firstStatus: Readonly<Record<string, string>> = { appointments: 'scheduled', waitlist: 'waiting' }

/** A row from which the operation's step can be taken. */
async function rowFor({ plant, rows }: Kinds, contract: RouteContract): Promise<number> {
  const { step } = contract
  const kind = kindOf(contract)
  const make = rows[kind]
  if (make === undefined) throw new Error(`field-rows.ts plants no ${kind}`)
  const goals = step?.of[step.name]?.from ?? []
  const first = firstStatus[kind] ?? ''
  const way = step ? wayTo(step.of, first, goals) : []
  // What no step leads to is planted as such.
  const id = await make(way === null ? (goals[0] ?? first) : first)
  for (const name of way ?? []) {
    const next = allRoutes.find((other) => other.step?.of === step?.of && other.step?.name === name)
    if (next) await plant(next.path.replace(':id', String(id)))
  }
  return id
}

/** What is read: something of everything, about one patient; ids by kind. */
async function plantReadings(scene: Scene, { patientId, doctorId, ...kinds }: Kinds): Promise<Record<string, number>> {
  const away = kinds.nextSlot()
  const ids: Record<string, number> = {
    patients: patientId,
    doctors: doctorId,
    appointments: await kinds.book(away.from),
    waitlist: (await kinds.rows['waitlist']?.('waiting')) ?? 0,
  }
  await kinds.plant(`/api/doctors/${doctorId}/time-off`, away)
  for (const [kind, body] of Object.entries(charts))
    ids[kind] = (await decideAndDo(scene, 'Doctor', `/api/${kind}`, { patient_id: patientId, ...body })).id
  return ids
}

/** What a change needs besides its sample: rows of its own, and a time that nobody else has. */
async function changeFor(kinds: Kinds, contract: RouteContract): Promise<Given> {
  const { body, operationId, params } = contract
  const slot = kinds.nextSlot()
  const id = params ? await rowFor(kinds, contract) : 0
  if (operationId === 'addTimeOff') await kinds.book(slot.from)
  const duplicate = body && 'duplicate_id' in (body['properties'] ?? {}) ? await kinds.register() : 0
  if (operationId === 'unmergePatients')
    await kinds.plant(`/api/patients/${id}/merge`, { duplicate_id: duplicate, reason: 'twice' })
  const values = {
    ...slot,
    patient_id: kinds.patientId,
    doctor_id: kinds.doctorId,
    appointment_date: slot.from,
    duplicate_id: duplicate,
    patient_number: randomUUID(),
  }
  const more = operationId === 'registerPatient' ? kinds.patientBody() : {}
  return { path: { id }, body: body ? { ...(filled(sampleOf(body), values) as Row), ...more } : undefined }
}

export async function rowsFor(scene: Scene, rules: readonly FieldRule[]): Promise<Rows> {
  const kinds = await kindsFor(scene, rules)
  const ids = await plantReadings(scene, kinds)
  const known: Row = { patient_id: kinds.patientId, limit: 100, allow_duplicate: true }
  const queryOf = ({ query }: RouteContract): Row => ({
    ...(query ? (sampleOf(query) as Row) : {}),
    ...Object.fromEntries(Object.entries(known).filter(([name]) => name in (query?.properties ?? {}))),
  })
  return {
    register: kinds.register,
    given: async (contract) => {
      const isRead = contract.method === 'GET'
      const { path, body } = isRead
        ? { path: { id: ids[kindOf(contract)] ?? kinds.patientId }, body: undefined }
        : await changeFor(kinds, contract)
      return { path: contract.params ? (path ?? {}) : {}, query: queryOf(contract), body }
    },
  }
}
