import { Nullable, WeeklyRules } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { clip, type Interval, iso, subtract } from './interval-rules.ts'
import { type Hours, openTime } from './rules.ts'

const Span = Type.Tuple([Type.Number(), Type.Number()])

const ScheduleRow = Type.Object({
  doctor_id: Nullable(Type.Integer()),
  status: Nullable(Type.String()),
  timezone: Type.String(),
  rules: Nullable(WeeklyRules),
  closing_days: Type.Array(Type.String()),
  time_off: Type.Array(Span),
})

/** A doctor's hours and absences around some time. */
export interface Schedule {
  /** null: no such doctor here. */
  doctorStatus: string | null
  hours: Hours
  timeOff: Interval[]
}

const toInterval = ([start, end]: [number, number]): Interval => ({ start, end })

/** Everything about a doctor's working time between two instants, in one question. */
export async function loadSchedule(tx: TenantTx, doctorId: number, { start, end }: Interval): Promise<Schedule> {
  const row = await tx.one(sql.type(ScheduleRow)`
    SELECT d.id AS doctor_id, d.status, h.timezone, coalesce(nullif(w.rules, '[]'), h.opening_hours) AS rules,
      ARRAY(
        SELECT c.date::text FROM closing_days c
        WHERE c.date BETWEEN ${iso(start)}::timestamptz::date - 2 AND ${iso(end)}::timestamptz::date + 2
      ) AS closing_days,
      (
        SELECT coalesce(jsonb_agg(jsonb_build_array(
          (extract(epoch FROM o.starts_at) * 1000)::bigint, (extract(epoch FROM o.ends_at) * 1000)::bigint)), '[]')
        FROM time_off o
        WHERE o.doctor_id = d.id AND o.starts_at < ${iso(end)}::timestamptz AND o.ends_at > ${iso(start)}::timestamptz
      ) AS time_off
    FROM hospital h LEFT JOIN doctors d ON d.id = ${doctorId} LEFT JOIN working_hours w ON w.doctor_id = d.id`)
  return {
    doctorStatus: row.doctor_id === null ? null : row.status,
    hours: { timezone: row.timezone, rules: row.rules, closingDays: new Set(row.closing_days) },
    timeOff: row.time_off.map(toInterval),
  }
}

const BusyRow = Type.Object({
  id: Type.Integer(),
  doctor_id: Type.Integer(),
  patient_id: Type.Integer(),
  start: Type.Integer(),
  end: Type.Integer(),
})

interface Busy extends Interval {
  id: number
  doctor_id: number
  patient_id: number
}

/** Live appointments of a doctor or a patient (null: of the doctor alone) that touch a span; `except` does not count. */
export async function listBusy(
  tx: TenantTx,
  doctorId: number,
  patientId: number | null,
  span: Interval,
  except: readonly number[] = [],
): Promise<readonly Busy[]> {
  // No appointment is longer than a day: the bound lets the index on appointment_date be used from both sides.
  return tx.any(sql.type(BusyRow)`
    SELECT id, doctor_id, patient_id, (extract(epoch FROM lower(period)) * 1000)::bigint AS start,
      (extract(epoch FROM upper(period)) * 1000)::bigint AS "end"
    FROM appointments
    WHERE (doctor_id = ${doctorId} OR patient_id = ${patientId})
      AND appointment_date < ${iso(span.end)}::timestamptz
      AND appointment_date > ${iso(span.start)}::timestamptz - interval '1 day'
      AND upper(period) > ${iso(span.start)}::timestamptz
      AND status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress')
      AND id <> ALL (${sql.array([...except], 'int4')})
    ORDER BY appointment_date`)
}

/** When a doctor (and the patient, when one is given) is free between two instants; an inactive doctor never is. */
export async function loadFreeTime(
  tx: TenantTx,
  who: { doctorId: number; patientId: number | null; except?: readonly number[] },
  span: Interval,
): Promise<{ hours: Hours; free: Interval[] }> {
  const { doctorStatus, hours, timeOff } = await loadSchedule(tx, who.doctorId, span)
  if (doctorStatus !== 'active') return { hours, free: [] }
  const busy = await listBusy(tx, who.doctorId, who.patientId, span, who.except)
  return { hours, free: subtract(clip(openTime(hours, span), span), [...busy, ...timeOff]) }
}
