import { Appointment, type listAppointments, problem, type QueryOf, type Static } from '@hospital/contracts'
import { onConstraint, sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { Status } from './rules.ts'

export type AppointmentRow = Static<typeof Appointment>

/** Everything an answer says of an appointment, from `appointments a`, `patients p`, `doctors d`. */
export const appointmentColumns = sql.fragment`
  a.id, a.patient_id, p.first_name || ' ' || p.last_name AS patient_name, a.doctor_id, d.name AS doctor_name,
  a.appointment_date, a.duration_minutes, a.appointment_type, a.status, a.notes, a.overbook_reason, a.cancel_reason,
  a.series_id, a.created_by, a.created_at, a.updated_at, a.version`
export const appointmentJoins = sql.fragment`JOIN patients p ON p.id = a.patient_id JOIN doctors d ON d.id = a.doctor_id`

export const findAppointment = (tx: TenantTx, id: number) =>
  tx.maybeOne(
    sql.type(Appointment)`SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins} WHERE a.id = ${id}`,
  )

/** Locks the row as well. */
export const findAppointmentForChange = (tx: TenantTx, id: number) =>
  tx.maybeOne(
    sql.type(
      Appointment,
    )`SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins} WHERE a.id = ${id} FOR UPDATE OF a`,
  )

const getAppointment = (tx: TenantTx, id: number) =>
  tx.one(sql.type(Appointment)`SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins} WHERE a.id = ${id}`)

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
  return sql.type(Appointment)`
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

/** What is written of a new appointment. */
export interface NewAppointment {
  patientId: number
  doctorId: number
  appointmentDate: string
  durationMinutes: number
  appointmentType: string | null
  notes: string | null
  overbookReason: string | null
  seriesId: number | null
  /** The id that the booking named, when it has been merged into the patient. */
  mergedFrom: number | null
  now: Date
}

const doubleBookings = {
  appointments_doctor_free: () => problem('slot-taken', { extensions: { alternatives: [] } }),
  appointments_patient_free: () => problem('patient-busy'),
}

export async function insertAppointment(tx: TenantTx, made: NewAppointment): Promise<AppointmentRow> {
  const id = await onConstraint(doubleBookings, () =>
    tx.oneFirst(sql.unsafe`
      INSERT INTO appointments (patient_id, doctor_id, appointment_date, duration_minutes, appointment_type, notes,
        overbook_reason, series_id, merged_from, scheduled_at, created_by)
      VALUES (${made.patientId}, ${made.doctorId}, ${made.appointmentDate}::timestamptz, ${made.durationMinutes},
        ${made.appointmentType}, ${made.notes}, ${made.overbookReason}, ${made.seriesId}, ${made.mergedFrom},
        ${made.now.toISOString()}::timestamptz, ${tx.context.userId || null})
      RETURNING id`),
  )
  return getAppointment(tx, Number(id))
}

/** The fields of an appointment that a change may set. */
export type AppointmentChange = Partial<
  Pick<
    AppointmentRow,
    'doctor_id' | 'appointment_date' | 'duration_minutes' | 'appointment_type' | 'notes' | 'overbook_reason'
  >
>

/** Writes a change; `rescheduledAt` is given when time or doctor change. */
export async function updateAppointment(
  tx: TenantTx,
  current: AppointmentRow,
  change: AppointmentChange,
  rescheduledAt: Date | null,
): Promise<AppointmentRow> {
  const next = { ...current, ...change }
  await onConstraint(doubleBookings, () =>
    tx.query(sql.unsafe`
      UPDATE appointments SET doctor_id = ${next.doctor_id}, appointment_date = ${next.appointment_date}::timestamptz,
        duration_minutes = ${next.duration_minutes}, appointment_type = ${next.appointment_type}, notes = ${next.notes},
        overbook_reason = ${next.overbook_reason},
        scheduled_at = coalesce(${rescheduledAt?.toISOString() ?? null}::timestamptz, scheduled_at),
        updated_at = now(), version = version + 1
      WHERE id = ${current.id}`),
  )
  return getAppointment(tx, current.id)
}

export async function updateStatus(
  tx: TenantTx,
  id: number,
  status: Status,
  cancelReason: string | null,
): Promise<AppointmentRow> {
  await tx.query(sql.unsafe`
    UPDATE appointments SET status = ${status}, cancel_reason = coalesce(${cancelReason}, cancel_reason),
      updated_at = now(), version = version + 1
    WHERE id = ${id}`)
  return getAppointment(tx, id)
}

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
