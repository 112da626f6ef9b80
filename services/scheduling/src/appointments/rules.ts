import {
  type AppointmentStatus,
  type FieldError,
  liveStatuses,
  type ProblemCode,
  type Static,
} from '@hospital/contracts'
import { type Interval, overlaps } from '../availability/interval-rules.ts'
import { type Hours, isWithinHours } from '../availability/rules.ts'

export type Status = Static<typeof AppointmentStatus>

const hourMs = 3_600_000
/** Walk-ins are often written down after the fact; what is older than a day is a slip of the keyboard. */
const latestEntryMs = 24 * hourMs
const farthestMs = 10 * 366 * 24 * hourMs

/** What each step leads to and where it may begin. */
export const steps = {
  confirm: { from: ['scheduled'], to: 'confirmed' },
  'check-in': { from: ['confirmed'], to: 'checked_in' },
  start: { from: ['checked_in'], to: 'in_progress' },
  complete: { from: ['in_progress'], to: 'completed' },
  cancel: { from: ['scheduled', 'confirmed', 'checked_in'], to: 'cancelled' },
  'no-show': { from: ['scheduled', 'confirmed'], to: 'no_show' },
} as const satisfies Record<string, { from: readonly Status[]; to: Status }>

export type Step = keyof typeof steps

export const canStep = (status: Status, step: Step): boolean => (steps[step].from as readonly Status[]).includes(status)

export const isLive = (status: Status): boolean => (liveStatuses as readonly Status[]).includes(status)

/** Before the patient is here, an appointment can be moved. */
export const canReschedule = (status: Status): boolean => status === 'scheduled' || status === 'confirmed'

/** A refusal that the rules decide on; the caller turns it into a problem. */
export interface Refusal {
  code: ProblemCode
  detail?: string
  errors?: FieldError[]
  /** The doctor is away then, and bookable at other times. */
  isAway?: boolean
}

/** What a booking is decided from. */
export interface BookingCase {
  wanted: Interval
  now: number
  /** null: nobody by that id. */
  doctorStatus: string | null
  patientStatus: string | null
  hours: Hours
  timeOff: readonly Interval[]
  overbooked: boolean
  mayOverbook: boolean
}

function unknownReference(field: 'patient_id' | 'doctor_id', who: string): Refusal {
  return { code: 'unknown-reference', errors: [{ pointer: `/${field}`, detail: `no such ${who} in this hospital` }] }
}

const badDate = (detail: string): Refusal => ({
  code: 'validation-failed',
  detail: `appointment_date ${detail}`,
  errors: [{ pointer: '/appointment_date', detail }],
})

/** Is the time one that anybody can mean? Asked first: the calendar is not searched for the year 9999. */
export function decideDate(start: number, now: number): Refusal | null {
  if (start < now - latestEntryMs) return badDate('must not be more than 24 hours ago')
  return start > now + farthestMs ? badDate('must be within ten years') : null
}

/** May this be booked, as far as people and hours go? Whether somebody is busy then is settled under a lock. */
export function decideBooking(booking: BookingCase): Refusal | null {
  const { wanted, now } = booking
  if (booking.patientStatus === null) return unknownReference('patient_id', 'patient')
  if (booking.doctorStatus === null) return unknownReference('doctor_id', 'doctor')
  if (booking.overbooked && !booking.mayOverbook) {
    return { code: 'forbidden', detail: 'Overbooking needs the permission appointments.overbook.' }
  }
  if (booking.doctorStatus !== 'active') {
    return {
      code: 'doctor-unavailable',
      detail: 'The doctor is not active.',
      errors: [{ pointer: '/doctor_id', detail: 'is not active' }],
    }
  }
  if (booking.patientStatus !== 'active') return { code: 'patient-archived' }
  const date = decideDate(wanted.start, now)
  if (date !== null) return date
  if (booking.overbooked) return null
  if (!isWithinHours(booking.hours, wanted)) return { code: 'outside-working-hours' }
  if (booking.timeOff.some((away) => overlaps(away, wanted))) {
    return { code: 'doctor-unavailable', detail: 'The doctor is away then.', isAway: true }
  }
  return null
}

/** Who is busy: the doctor before the patient, since another time helps with the doctor. */
export function decideConflict(
  busy: readonly { doctor_id: number; patient_id: number }[],
  doctorId: number,
): Refusal | null {
  if (busy.some(({ doctor_id }) => doctor_id === doctorId)) return { code: 'slot-taken' }
  return busy.length > 0 ? { code: 'patient-busy' } : null
}
