import {
  appointmentBooked,
  appointmentCancelled,
  appointmentRescheduled,
  appointmentUpdated,
  systemContext,
} from '@hospital/contracts'
import { DatabaseUnavailable, inbox } from '@hospital/database'
import type { Deps, Running } from '@hospital/service'
import { storeCareAppointment } from './queries.ts'

/** An appointment is a care relation: keeps who meets whom, from scheduling's events. */
export function consumeCareAppointments({ database, messaging }: Deps): Running {
  const durable = 'clinical-care-appointments'
  return messaging.consume({
    durable,
    stream: 'SCHEDULING',
    events: [appointmentBooked, appointmentRescheduled, appointmentUpdated, appointmentCancelled],
    isOutage: (error) => error instanceof DatabaseUnavailable,
    handle: async (event) => {
      const context = systemContext(event.tenantid, event.requestid, event.traceparent)
      await database.inTenant(context, async (tx) => {
        if (await inbox(tx, durable, event.id)) await storeCareAppointment(tx, event.data)
      })
    },
  })
}
