import { Appointment, problem, type Repeat, type Scope, type Static } from '@hospital/contracts'
import { onConstraint, sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { type AppointmentRow, appointmentColumns, appointmentJoins } from '../appointments/queries.ts'

const IdRow = Type.Object({ id: Type.Integer() })

export const insertSeries = (tx: TenantTx, repeat: Static<typeof Repeat>, start: string): Promise<number> =>
  tx.oneFirst(sql.type(IdRow)`
    INSERT INTO appointment_series (frequency, every, count, starts_at, created_by)
    VALUES (${repeat.frequency}, ${repeat.interval ?? 1}, ${repeat.count}, ${start}::timestamptz, ${tx.context.userId || null})
    RETURNING id`)

/** The other appointments of a series that a change reaches: not begun, and later than this one or still to come. */
export function listOthers(
  tx: TenantTx,
  current: AppointmentRow,
  scope: Static<typeof Scope>,
  now: Date,
  lock: boolean,
): Promise<readonly AppointmentRow[]> {
  const from = scope === 'following' ? current.appointment_date : now.toISOString()
  return tx.any(sql.type(Appointment)`
    SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins}
    WHERE a.series_id = ${current.series_id} AND a.id <> ${current.id} AND a.status IN ('scheduled', 'confirmed')
      AND a.appointment_date > ${from}::timestamptz
    ORDER BY a.appointment_date, a.id ${lock ? sql.fragment`FOR UPDATE OF a` : sql.fragment``}`)
}

/** What becomes of one appointment of several that change together. */
export interface Move {
  id: number
  doctorId: number
  appointmentDate: string
  durationMinutes: number
  appointmentType: string | null
  notes: string | null
}

/**
 * Writes all moves in one statement: the exclusion constraints look at the end of it, so that each may take the time
 * that another one leaves.
 */
export async function updateTogether(tx: TenantTx, moves: readonly Move[], rescheduledAt: Date | null): Promise<void> {
  const rows = moves.map((m) => [m.id, m.doctorId, m.appointmentDate, m.durationMinutes, m.appointmentType, m.notes])
  await onConstraint(
    {
      appointments_doctor_free: () => problem('slot-taken', { extensions: { alternatives: [] } }),
      appointments_patient_free: () => problem('patient-busy'),
    },
    () =>
      tx.query(sql.unsafe`
        UPDATE appointments a SET doctor_id = m.doctor_id, appointment_date = m.appointment_date,
          duration_minutes = m.duration_minutes, appointment_type = m.appointment_type, notes = m.notes,
          overbook_reason = CASE WHEN ${rescheduledAt === null} THEN a.overbook_reason END,
          scheduled_at = coalesce(${rescheduledAt?.toISOString() ?? null}::timestamptz, a.scheduled_at),
          updated_at = now(), version = a.version + 1
        FROM ${sql.unnest(rows, ['int4', 'int4', 'timestamptz', 'int4', 'text', 'text'])}
          AS m (id, doctor_id, appointment_date, duration_minutes, appointment_type, notes)
        WHERE a.id = m.id`),
  )
}
