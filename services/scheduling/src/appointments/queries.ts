import { Appointment, type listAppointments, Nullable, problem, type QueryOf, type Static } from '@hospital/contracts'
import { type NewRow, onConstraint, type RowChange, sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { Interval } from '../availability/interval-rules.ts'

/** Known from the copies of patients and doctors, not kept in the row. */
const Names = Type.Pick(Appointment, ['patient_name', 'doctor_name'])
const Stored = Type.Composite([
  Type.Omit(Appointment, ['patient_name', 'doctor_name']),
  Type.Object({
    /** The id that the booking named, when it has been merged into the patient. */
    merged_from: Nullable(Type.Integer()),
    /** When the present time was chosen: reminders that were due before are not sent. */
    scheduled_at: Type.String(),
  }),
])

/** `period` besides, which a trigger keeps. */
export const appointments = table('appointments', Stored, {
  made: ['id', 'status', 'cancel_reason', 'created_by', 'created_at', 'updated_at', 'version'],
})

export const AppointmentRow = Type.Composite([Stored, Names])
export type AppointmentRow = Static<typeof AppointmentRow>

/** An appointment with its names, from `appointments a`, `patients p`, `doctors d`. */
export const appointmentColumns = sql.fragment`
  ${appointments.columns('a')}, p.first_name || ' ' || p.last_name AS patient_name, d.name AS doctor_name`
export const appointmentJoins = sql.fragment`JOIN patients p ON p.id = a.patient_id JOIN doctors d ON d.id = a.doctor_id`

const byId = (id: number) =>
  sql.fragment`SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins} WHERE a.id = ${id}`

export const findAppointment = (tx: TenantTx, id: number) => tx.maybeOne(sql.type(AppointmentRow)`${byId(id)}`)

/** Locks the row as well. */
export const findAppointmentForChange = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(AppointmentRow)`${byId(id)} FOR UPDATE OF a`)

const getAppointment = (tx: TenantTx, id: number) => tx.one(sql.type(AppointmentRow)`${byId(id)}`)

/** The time that an appointment takes up. */
export const periodOf = (row: Pick<AppointmentRow, 'appointment_date' | 'duration_minutes'>): Interval => {
  const start = Date.parse(row.appointment_date)
  return { start, end: start + row.duration_minutes * 60_000 }
}

type Filters = Omit<QueryOf<typeof listAppointments>, 'cursor'>

/** One page and one row more, by time; `after` is the place of the last row of the page before. */
export const listAppointmentRows = (tx: TenantTx, filters: Filters, after: readonly [string, number] | null) =>
  tx.any(appointmentList(filters, after))

/** The query by itself, so that its plan can be looked at. */
export function appointmentList(filters: Filters, after: readonly [string, number] | null) {
  const descending = filters.order === 'desc'
  const conditions = [
    ...(filters.patient_id === undefined ? [] : [sql.fragment`a.patient_id = ${filters.patient_id}`]),
    ...(filters.doctor_id === undefined ? [] : [sql.fragment`a.doctor_id = ${filters.doctor_id}`]),
    ...(filters.status === undefined ? [] : [sql.fragment`a.status = ${filters.status}`]),
    ...(filters.series_id === undefined ? [] : [sql.fragment`a.series_id = ${filters.series_id}`]),
    ...(filters.from === undefined ? [] : [sql.fragment`a.appointment_date >= ${filters.from}::timestamptz`]),
    ...(filters.to === undefined ? [] : [sql.fragment`a.appointment_date < ${filters.to}::timestamptz`]),
    ...(after === null
      ? []
      : [
          descending
            ? sql.fragment`(a.appointment_date, a.id) < (${after[0]}::timestamptz, ${after[1]})`
            : sql.fragment`(a.appointment_date, a.id) > (${after[0]}::timestamptz, ${after[1]})`,
        ]),
  ]
  const where = conditions.length > 0 ? sql.join(conditions, sql.fragment` AND `) : sql.fragment`TRUE`
  const order = descending ? sql.fragment`a.appointment_date DESC, a.id DESC` : sql.fragment`a.appointment_date, a.id`
  return sql.type(AppointmentRow)`
    SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins} WHERE ${where} ORDER BY ${order} LIMIT ${filters.limit + 1}`
}

/**
 * Waits until nobody else books, moves or cancels for these doctors and patients, in an order that all transactions
 * share: without it, overlapping bookings deadlock in the exclusion constraint.
 */
export async function lockCalendars(
  tx: TenantTx,
  people: { doctors: readonly number[]; patients: readonly number[] },
): Promise<void> {
  const { tenantId } = tx.context
  const keys = [
    ...people.doctors.map((id) => `${tenantId}\ndoctor\n${id}`),
    ...people.patients.map((id) => `${tenantId}\npatient\n${id}`),
  ]
  await tx.query(sql.unsafe`
    SELECT pg_advisory_xact_lock(key) FROM (
      SELECT DISTINCT hashtextextended(name, 4) AS key FROM unnest(${sql.array(keys, 'text')}) name ORDER BY 1
    ) ordered`)
}

export type NewAppointment = NewRow<
  typeof Stored,
  'id' | 'status' | 'cancel_reason' | 'created_by' | 'created_at' | 'updated_at' | 'version'
>

const doubleBookings = {
  appointments_doctor_free: () => problem('slot-taken', { extensions: { alternatives: [] } }),
  appointments_patient_free: () => problem('patient-busy'),
}

/** @throws problem `slot-taken` or `patient-busy` */
export async function insertAppointment(tx: TenantTx, made: NewAppointment): Promise<AppointmentRow> {
  const created_by = tx.context.userId || null
  const { id } = await onConstraint(doubleBookings, () => appointments.insert(tx, { ...made, created_by }))
  return getAppointment(tx, id)
}

type AppointmentChange = Omit<RowChange<typeof Stored>, 'id' | 'version'>

/** Writes the named fields of a row that is locked. @throws problem `slot-taken` or `patient-busy` */
export async function updateAppointment(
  tx: TenantTx,
  current: AppointmentRow,
  change: AppointmentChange,
): Promise<AppointmentRow> {
  await onConstraint(doubleBookings, () => appointments.update(tx, current, change))
  return getAppointment(tx, current.id)
}

/** The same for several at once: each may take the time that another one leaves. */
export const updateTogether = (tx: TenantTx, moves: readonly RowChange<typeof Stored>[]) =>
  onConstraint(doubleBookings, () => appointments.updateMany(tx, moves))

const PatientAppointment = Type.Pick(Appointment, ['id', 'appointment_date', 'appointment_type', 'status', 'doctor_id'])

/** A patient's appointments, newest first, strictly before a place in that order. */
export const listOfPatient = (
  tx: TenantTx,
  patientId: number,
  before: { at: string; id: number } | null,
  limit: number,
) =>
  tx.any(sql.type(PatientAppointment)`
    SELECT id, appointment_date, appointment_type, status, doctor_id FROM appointments
    WHERE patient_id = ${patientId}
      AND ${before === null ? sql.fragment`TRUE` : sql.fragment`(appointment_date, id) < (${before.at}::timestamptz, ${before.id}::bigint)`}
    ORDER BY appointment_date DESC, id DESC LIMIT ${limit}`)
