import { type Problem, problem, unknownReference } from '@hospital/contracts'
import { farthestMs, type Interval, overlaps } from '../availability/interval-rules.ts'
import { type Hours, isWithinHours } from '../availability/rules.ts'

const hourMs = 3_600_000
/** Walk-ins are often written down after the fact; what is older than a day is a slip of the keyboard. */
const latestEntryMs = 24 * hourMs

/** How doctor and patient stand here; null: nobody by that id. */
interface Statuses {
  doctorStatus: string | null
  patientStatus: string | null
}

/** What a booking is decided from. */
export interface BookingCase extends Statuses {
  wanted: Interval
  now: number
  hours: Hours
  timeOff: readonly Interval[]
  overbooked: boolean
  mayOverbook: boolean
}

/** @throws problem `unknown-reference` unless both are known here */
export function decideKnown({ doctorStatus, patientStatus }: Statuses): void {
  if (patientStatus === null) throw unknownReference('/patient_id', 'no such patient')
  if (doctorStatus === null) throw unknownReference('/doctor_id', 'no such doctor')
}

/** @throws problem `doctor-unavailable` or `patient-archived` unless both are active */
export function decideActive({ doctorStatus, patientStatus }: Statuses): void {
  if (doctorStatus !== 'active') {
    const errors = [{ pointer: '/doctor_id', detail: 'is not active' }]
    throw problem('doctor-unavailable', { detail: 'The doctor is not active.', errors })
  }
  if (patientStatus !== 'active') throw problem('patient-archived')
}

const badDate = (detail: string): Problem =>
  problem('validation-failed', {
    detail: `appointment_date ${detail}`,
    errors: [{ pointer: '/appointment_date', detail }],
  })

/**
 * Is the time one that anybody can mean? Asked first: the calendar is not searched for the year 9999.
 * @throws problem `validation-failed`
 */
export function decideDate(start: number, now: number): void {
  if (start < now - latestEntryMs) throw badDate('must not be more than 24 hours ago')
  if (start > now + farthestMs) throw badDate('must be within ten years')
}

/**
 * May this be booked, as far as people and hours go? Whether somebody is busy then is settled under a lock.
 * @throws the problem that stands against it
 */
export function decideBooking(booking: BookingCase): void {
  const { wanted, now } = booking
  decideKnown(booking)
  if (booking.overbooked && !booking.mayOverbook) {
    throw problem('forbidden', { detail: 'Overbooking needs the permission appointments.overbook.' })
  }
  decideActive(booking)
  decideDate(wanted.start, now)
  if (booking.overbooked) return
  if (!isWithinHours(booking.hours, wanted)) throw problem('outside-working-hours')
  if (booking.timeOff.some((away) => overlaps(away, wanted))) {
    throw problem('doctor-unavailable', { detail: 'The doctor is away then.', extensions: { away: true } })
  }
}

/**
 * Who is busy: the doctor before the patient, since another time helps with the doctor.
 * @throws problem `slot-taken` or `patient-busy`
 */
export function decideConflict(busy: readonly { doctor_id: number; patient_id: number }[], doctorId: number): void {
  if (busy.some(({ doctor_id }) => doctor_id === doctorId)) throw problem('slot-taken')
  if (busy.length > 0) throw problem('patient-busy')
}

/** Another time helps against these; the others are about who, not when. A doctor may be away then, or inactive. */
export const isAboutTime = ({ code, options }: Problem): boolean =>
  ['slot-taken', 'patient-busy', 'outside-working-hours'].includes(code) || options.extensions?.['away'] === true
