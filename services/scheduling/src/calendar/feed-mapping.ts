import { setImmediate as nextTurn } from 'node:timers/promises'
import ical, { foldLines, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { FeedAppointment } from './queries.ts'

const statusOf = ({ status }: FeedAppointment): ICalEventStatus => {
  if (status === 'cancelled' || status === 'no_show') return ICalEventStatus.CANCELLED
  return status === 'scheduled' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED
}

/** What a calendar on somebody's telephone shows: the kind of visit, and the name only if the doctor asked for it. */
const summaryOf = (appointment: FeedAppointment, withNames: boolean): string => {
  const kind = appointment.appointment_type ?? 'Appointment'
  return withNames ? `${kind}: ${appointment.patient_name}` : kind
}

const eventsPerTurn = 50

/**
 * Appointments as iCalendar (RFC 5545), in UTC, which every calendar shows in the time zone of its owner. Thousands of
 * events take a third of a second: they are written a few at a time, and others are answered in between.
 */
export async function renderFeed(
  feed: { tenantId: string; doctorName: string; withNames: boolean },
  appointments: readonly FeedAppointment[],
): Promise<string> {
  const calendar = ical({
    name: `Appointments of ${feed.doctorName}`,
    prodId: { company: 'hospital', product: 'scheduling', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 15 * 60,
  })
  const end = 'END:VCALENDAR'
  const parts = [calendar.toString().slice(0, -end.length)]
  for (const [index, appointment] of appointments.entries()) {
    if (index % eventsPerTurn === eventsPerTurn - 1) await nextTurn()
    const event = calendar.createEvent({
      id: `appointment-${appointment.id}@${feed.tenantId}.hospital`,
      start: new Date(appointment.start),
      end: new Date(appointment.end),
      stamp: new Date(appointment.updated_at),
      created: new Date(appointment.created_at),
      lastModified: new Date(appointment.updated_at),
      sequence: appointment.version - 1,
      status: statusOf(appointment),
      summary: summaryOf(appointment, feed.withNames),
    })
    parts.push(foldLines(event.toString()))
  }
  return `${parts.join('')}${end}\r\n`
}
