import type { Calendar } from './care.ts'
import type { ServiceClient } from './service-client.ts'
import type { Staff } from './staff.ts'

interface Booking {
  patient: number
  doctor: 0 | 1 | 2
  days: number
  hour: number
  type: string
  minutes?: number
  confirmed?: boolean
  cancelled?: string
}

const bookings: Booking[] = [
  { patient: 0, doctor: 0, days: 1, hour: 14, type: 'General Checkup', confirmed: true },
  { patient: 1, doctor: 0, days: 1, hour: 15, type: 'Follow-up' },
  { patient: 2, doctor: 1, days: 2, hour: 14, type: 'Consultation', minutes: 45, confirmed: true },
  { patient: 3, doctor: 1, days: 2, hour: 16, type: 'General Checkup' },
  { patient: 4, doctor: 2, days: 3, hour: 13, type: 'Follow-up' },
  { patient: 5, doctor: 2, days: 3, hour: 14, type: 'Consultation' },
  { patient: 6, doctor: 0, days: 5, hour: 15, type: 'Consultation', cancelled: 'Patient is travelling' },
  { patient: 7, doctor: 1, days: 7, hour: 13, type: 'Follow-up' },
  { patient: 0, doctor: 1, days: 14, hour: 14, type: 'Follow-up' },
  { patient: 8, doctor: 2, days: 21, hour: 15, type: 'General Checkup', minutes: 60 },
]

const scheduling = 'scheduling' as const

/** The appointments of the coming weeks, a series, who waits for a time, and a visit that has just taken place. */
export async function bookAppointments(
  client: ServiceClient,
  staff: Staff,
  patients: number[],
  when: Calendar,
): Promise<void> {
  // Before the cancellation below, whose time is then offered to the second of them.
  await joinWaitlist(client, staff, patients, when)
  for (const booking of bookings) {
    const appointment = await book(client, staff, patients, booking, when.at(booking.days, booking.hour))
    const path = `/api/appointments/${appointment.id}`
    if (booking.confirmed) await step(client, staff, `${path}/confirm`, {})
    if (booking.cancelled) await step(client, staff, `${path}/cancel`, { reason: booking.cancelled })
  }
  await client.post(scheduling, staff.receptionist, '/api/appointments/series', {
    patient_id: patients[2],
    doctor_id: staff.doctors[1].userId,
    appointment_date: when.at(9, 13),
    appointment_type: 'Physiotherapy review',
    repeat: { frequency: 'weekly', count: 4 },
  })
  await visitToday(client, staff, patients, when.soon())
}

async function joinWaitlist(client: ServiceClient, staff: Staff, patients: number[], when: Calendar): Promise<void> {
  const entries = [
    {
      patient_id: patients[4],
      doctor_id: staff.doctors[1].userId,
      from: when.at(1, 0),
      to: when.at(20, 0),
      notes: 'Mornings',
    },
    { patient_id: patients[5], from: when.at(5, 12), to: when.at(5, 18), notes: 'Any doctor' },
  ]
  for (const entry of entries) await client.post(scheduling, staff.receptionist, '/api/waitlist', entry)
}

async function book(client: ServiceClient, staff: Staff, patients: number[], booking: Booking, date: string) {
  return await client.post<{ id: number }>(scheduling, staff.receptionist, '/api/appointments', {
    patient_id: patients[booking.patient],
    doctor_id: staff.doctors[booking.doctor].userId,
    appointment_date: date,
    duration_minutes: booking.minutes ?? 30,
    appointment_type: booking.type,
  })
}

async function visitToday(client: ServiceClient, staff: Staff, patients: number[], date: string): Promise<void> {
  const visit: Booking = { patient: 9, doctor: 0, days: 0, hour: 0, type: 'Follow-up' }
  const { id } = await book(client, staff, patients, visit, date)
  for (const verb of ['confirm', 'check-in', 'start', 'complete']) {
    await step(client, staff, `/api/appointments/${id}/${verb}`, {})
  }
}

async function step(client: ServiceClient, staff: Staff, path: string, body: object): Promise<void> {
  await client.tryPost(scheduling, staff.receptionist, path, body, ['illegal-transition', 'validation-failed'])
}
