import {
  appointmentRescheduled,
  appointmentUpdated,
  problem,
  type RequestContext,
  type Scope,
  type Static,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { spanOf, toProblem } from '../appointments/booking.ts'
import { type ChangeBody, isRescheduling, lockForChange, periodOf, takeStep } from '../appointments/changes.ts'
import { tell } from '../appointments/events.ts'
import { type AppointmentRow, findAppointment, lockCalendars } from '../appointments/queries.ts'
import { canReschedule, decideBooking, decideConflict, decideDate } from '../appointments/rules.ts'
import { listBusy, loadSchedule } from '../availability/queries.ts'
import { getHospitalRow } from '../hospital/queries.ts'
import { findStandingPatient } from '../patients/queries.ts'
import { offerFreedTime, withdrawOffers } from '../waitlist/offers.ts'
import { listOthers, type Move, updateTogether } from './queries.ts'
import { moveAlong } from './rules.ts'

/** An appointment with those of its series that change with it. */
export type WithOthers = AppointmentRow & { others: readonly AppointmentRow[] }

/** Locks the calendars of everybody concerned, then the rows. */
export async function lockScope(
  tx: TenantTx,
  id: number,
  scope: Static<typeof Scope>,
  now: Date,
  doctorId?: number,
): Promise<WithOthers | null> {
  const seen = await findAppointment(tx, id)
  if (seen === null) return null
  const isAlone = scope === 'this' || seen.series_id === null
  if (!isAlone) {
    const others = await listOthers(tx, seen, scope, now, false)
    const doctors = [seen, ...others].map(({ doctor_id }) => doctor_id)
    await lockCalendars(tx, {
      doctors: doctorId === undefined ? doctors : [...doctors, doctorId],
      patients: [seen.patient_id],
    })
  }
  const current = await lockForChange(tx, id, doctorId)
  if (current === null) return null
  return { ...current, others: isAlone ? [] : await listOthers(tx, current, scope, now, true) }
}

/** Where each of them goes. */
function planMoves(zone: string, current: WithOthers, body: ChangeBody): Move[] {
  const before = Date.parse(current.appointment_date)
  const after = body.appointment_date === undefined ? before : Date.parse(body.appointment_date)
  return [current, ...current.others].map((row) => {
    const own = Date.parse(row.appointment_date)
    const at = row.id === current.id ? after : after === before ? own : moveAlong(zone, before, after, own)
    return {
      id: row.id,
      doctorId: body.doctor_id ?? row.doctor_id,
      appointmentDate: new Date(at).toISOString(),
      durationMinutes: body.duration_minutes ?? row.duration_minutes,
      appointmentType: body.appointment_type === undefined ? row.appointment_type : body.appointment_type,
      notes: body.notes === undefined ? row.notes : body.notes,
    }
  })
}

/** Throws the first refusal, naming every date that has one: a series moves wholly or not at all. */
async function assertMovable(tx: TenantTx, patientId: number, moves: readonly Move[], now: Date): Promise<void> {
  const patient = await findStandingPatient(tx, patientId)
  const except = moves.map(({ id }) => id)
  const refused = []
  for (const move of moves) {
    const wanted = spanOf({ start: Date.parse(move.appointmentDate), durationMinutes: move.durationMinutes })
    const { doctorStatus, hours, timeOff } = await loadSchedule(tx, move.doctorId, wanted)
    const refusal =
      decideBooking({
        wanted,
        now: now.getTime(),
        doctorStatus,
        patientStatus: patient?.status ?? null,
        hours,
        timeOff,
        overbooked: false,
        mayOverbook: false,
      }) ?? decideConflict(await listBusy(tx, move.doctorId, patientId, wanted, except), move.doctorId)
    if (refusal) refused.push({ refusal, appointment_date: move.appointmentDate })
  }
  const [first] = refused
  if (!first) return
  const conflicts = refused.map(({ refusal, appointment_date }) => ({ appointment_date, code: refusal.code }))
  throw toProblem(first.refusal, { conflicts, alternatives: [] })
}

/** Changes an appointment and the others of its series in one step. */
export async function changeTogether(
  tx: TenantTx,
  current: WithOthers,
  body: ChangeBody,
  _context: RequestContext,
  now: Date,
): Promise<AppointmentRow> {
  if (body.overbook_reason) {
    throw problem('validation-failed', {
      errors: [{ pointer: '/overbook_reason', detail: 'is given for one appointment at a time' }],
    })
  }
  const reschedules = isRescheduling(current, body)
  if (reschedules && !canReschedule(current.status)) {
    throw problem('illegal-transition', { detail: `The appointment is ${current.status}: it cannot be rescheduled.` })
  }
  const date = body.appointment_date === undefined ? null : decideDate(Date.parse(body.appointment_date), now.getTime())
  if (date !== null) throw toProblem(date)
  const { timezone } = await getHospitalRow(tx)
  const moves = planMoves(timezone, current, body)
  if (reschedules) await assertMovable(tx, current.patient_id, moves, now)
  await updateTogether(tx, moves, reschedules ? now : null)
  const before = [current, ...current.others]
  for (const move of moves) await settle(tx, move, reschedules)
  if (reschedules) for (const row of before) await offerFreedTime(tx, row.doctor_id, periodOf(row), now)
  return (await findAppointment(tx, current.id)) ?? current
}

async function settle(tx: TenantTx, move: Move, reschedules: boolean): Promise<void> {
  const changed = await findAppointment(tx, move.id)
  if (changed === null) return
  if (reschedules) await withdrawOffers(tx, changed.doctor_id, periodOf(changed))
  await tell(tx, reschedules ? appointmentRescheduled : appointmentUpdated, changed)
}

/** Cancels an appointment and the others of its series. */
export async function cancelTogether(
  tx: TenantTx,
  current: WithOthers,
  reason: string | null,
  now: Date,
): Promise<AppointmentRow> {
  const cancelled = await takeStep(tx, current, 'cancel', now, reason)
  for (const other of current.others) await takeStep(tx, other, 'cancel', now, reason)
  return cancelled
}
