import {
  appointmentSteps,
  appointmentUpdated,
  decideStep,
  problem,
  type Scope,
  type Static,
  withExtensions,
} from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { type ChangeBody, isRescheduling, lockForChange, restOf, takeStep } from '../appointments/change-work.ts'
import { refusalOf } from '../appointments/claim-work.ts'
import {
  type AppointmentRow,
  findAppointment,
  lockCalendars,
  periodOf,
  updateTogether,
} from '../appointments/queries.ts'
import { decideBooking, decideConflict, decideDate } from '../appointments/rules.ts'
import { listBusy, loadSchedule } from '../availability/queries.ts'
import { getHospitalRow } from '../hospital/queries.ts'
import { findStandingPatient } from '../patient-copies/queries.ts'
import { offerFreedTime, withdrawOffers } from '../waitlist/offer-work.ts'
import { listOthers } from './queries.ts'
import { moveAlong } from './rules.ts'

/** An appointment with those of its series that change with it. */
type WithOthers = AppointmentRow & { others: readonly AppointmentRow[] }

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

/** When, how long and with whom, after a change. */
type Move = Pick<AppointmentRow, 'id' | 'version' | 'doctor_id' | 'appointment_date' | 'duration_minutes'>

/** Where each of them goes. */
function planMoves(zone: string, current: WithOthers, body: ChangeBody): Move[] {
  const before = Date.parse(current.appointment_date)
  const after = body.appointment_date === undefined ? before : Date.parse(body.appointment_date)
  return [current, ...current.others].map((row) => {
    const own = Date.parse(row.appointment_date)
    const at = row.id === current.id ? after : after === before ? own : moveAlong(zone, before, after, own)
    return {
      id: row.id,
      version: row.version,
      doctor_id: body.doctor_id ?? row.doctor_id,
      appointment_date: new Date(at).toISOString(),
      duration_minutes: body.duration_minutes ?? row.duration_minutes,
    }
  })
}

/** Throws the first refusal, naming every date that has one: a series moves wholly or not at all. */
async function assertMovable(tx: TenantTx, patientId: number, moves: readonly Move[], now: Date): Promise<void> {
  const patient = await findStandingPatient(tx, patientId)
  const except = moves.map(({ id }) => id)
  const common = { now: now.getTime(), patientStatus: patient?.status ?? null, overbooked: false, mayOverbook: false }
  const refused = []
  for (const move of moves) {
    const wanted = periodOf(move)
    const refusal = await refusalOf(async () => {
      decideBooking({ ...common, ...(await loadSchedule(tx, move.doctor_id, wanted)), wanted })
      decideConflict(await listBusy(tx, move.doctor_id, patientId, wanted, except), move.doctor_id)
    })
    if (refusal) refused.push({ refusal, appointment_date: move.appointment_date })
  }
  const [first] = refused
  if (!first) return
  const conflicts = refused.map(({ refusal, appointment_date }) => ({ appointment_date, code: refusal.code }))
  throw withExtensions(first.refusal, { conflicts, alternatives: [] })
}

/** Changes an appointment and the others of its series in one step. */
export async function changeTogether(
  tx: TenantTx,
  current: WithOthers,
  body: ChangeBody,
  now: Date,
): Promise<AppointmentRow> {
  if (body.overbook_reason) {
    throw problem('validation-failed', {
      errors: [{ pointer: '/overbook_reason', detail: 'is given for one appointment at a time' }],
    })
  }
  const rows = [current, ...current.others]
  if (isRescheduling(current, body)) {
    await moveTogether(tx, current, body, now)
  } else {
    await updateTogether(
      tx,
      rows.map(({ id, version }) => ({ id, version, ...restOf(body) })),
    )
    for (const { id } of rows) await tellChanged(tx, id, appointmentUpdated)
  }
  return (await findAppointment(tx, current.id)) ?? current
}

async function moveTogether(tx: TenantTx, current: WithOthers, body: ChangeBody, now: Date): Promise<void> {
  const { event } = decideStep(appointmentSteps, current.status, 'reschedule')
  if (body.appointment_date !== undefined) decideDate(Date.parse(body.appointment_date), now.getTime())
  const { timezone } = await getHospitalRow(tx)
  const moves = planMoves(timezone, current, body)
  await assertMovable(tx, current.patient_id, moves, now)
  // A reason belongs to the time it was given for.
  const anew = { ...restOf(body), overbook_reason: null, scheduled_at: now.toISOString() }
  await updateTogether(
    tx,
    moves.map((move) => ({ ...move, ...anew })),
  )
  for (const move of moves) {
    await withdrawOffers(tx, move.doctor_id, periodOf(move))
    await tellChanged(tx, move.id, event)
  }
  for (const row of [current, ...current.others]) await offerFreedTime(tx, row.doctor_id, periodOf(row), now)
}

async function tellChanged(tx: TenantTx, id: number, event: typeof appointmentUpdated): Promise<void> {
  const changed = await findAppointment(tx, id)
  if (changed) await announce(tx, event, changed)
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
