import { bookSeries, cancelAppointments, changeAppointment } from '@hospital/contracts'
import { type Deps, handle, type Route } from '@hospital/service'
import { changeOne } from '../appointments/changes.ts'
import { ensurePeople } from '../appointments/people.ts'
import { visibleTo } from '../doctors/affected.ts'
import { bookAll } from './book.ts'
import { cancelTogether, changeTogether, lockScope } from './change.ts'

/** Series, and the changes that can reach a whole series. */
export const seriesRoutes = (deps: Deps): Route[] => [
  handle(bookSeries, {
    prepare: ({ context, body }) =>
      ensurePeople(deps, context, { doctorId: body.doctor_id, patientId: body.patient_id }),
    work: async (tx, { body, context, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const booked = await bookAll(tx, body, context, now)
      return { ...booked, appointments: booked.appointments.map((row) => visibleTo(context, row)) }
    },
  }),

  handle(changeAppointment, {
    prepare: ({ context, body }) => ensurePeople(deps, context, { doctorId: body.doctor_id }),
    load: (tx, { params, query, body, now }) => lockScope(tx, params.id, query.scope ?? 'this', now, body.doctor_id),
    work: (tx, { current, body, context, now }) =>
      current.others.length === 0
        ? changeOne(tx, current, body, context, now)
        : changeTogether(tx, current, body, context, now),
  }),

  handle(cancelAppointments, {
    prepare: ({ context }) => ensurePeople(deps, context, {}),
    load: (tx, { params, query, now }) => lockScope(tx, params.id, query.scope ?? 'this', now),
    work: (tx, { current, query, now }) => cancelTogether(tx, current, query.reason ?? null, now),
  }),
]
