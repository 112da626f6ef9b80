import {
  appointmentBooked,
  bookAppointment,
  cancelAppointment,
  checkInAppointment,
  completeAppointment,
  confirmAppointment,
  getAppointment,
  listAppointments,
  markNoShow,
  startAppointment,
} from '@hospital/contracts'
import { type Deps, decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { rememberAskedId } from '../patients/merge.ts'
import { withdrawOffers } from '../waitlist/offers.ts'
import { claimTime, spanOf } from './booking.ts'
import { lockForChange, takeStep } from './changes.ts'
import { tell } from './events.ts'
import { ensurePeople } from './people.ts'
import { findAppointment, insertAppointment, listAppointmentRows } from './queries.ts'

export const appointmentRoutes = (deps: Deps): Route[] => [
  handle(listAppointments, async (tx, { query }) => {
    const rows = await listAppointmentRows(tx, query, decodeCursor(query.cursor, ['instant', 'number']))
    return toPage(rows, query.limit, (row) => [row.appointment_date, row.id])
  }),

  handle(getAppointment, {
    load: (tx, { params }) => findAppointment(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(bookAppointment, {
    prepare: ({ context, body }) =>
      ensurePeople(deps, context, { doctorId: body.doctor_id, patientId: body.patient_id }),
    work: async (tx, { body, context, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const start = Date.parse(body.appointment_date)
      const wish = await claimTime(
        tx,
        {
          doctorId: body.doctor_id,
          patientId: body.patient_id,
          start,
          durationMinutes: body.duration_minutes ?? 30,
          overbookReason: body.overbook_reason ?? null,
          except: [],
        },
        context,
        now,
      )
      const appointment = await insertAppointment(tx, {
        patientId: wish.patientId,
        doctorId: wish.doctorId,
        appointmentDate: new Date(start).toISOString(),
        durationMinutes: wish.durationMinutes,
        appointmentType: body.appointment_type ?? null,
        notes: body.notes ?? null,
        overbookReason: wish.overbookReason,
        seriesId: null,
        mergedFrom: wish.patientId === body.patient_id ? null : body.patient_id,
        now,
      })
      if (wish.patientId !== body.patient_id) await rememberAskedId(tx, 'appointments', appointment.id, body.patient_id)
      await withdrawOffers(tx, wish.doctorId, spanOf(wish))
      await tell(tx, appointmentBooked, appointment)
      return appointment
    },
  }),

  handle(confirmAppointment, {
    load: (tx, { params }) => lockForChange(tx, params.id),
    work: (tx, { current, now }) => takeStep(tx, current, 'confirm', now),
  }),
  handle(checkInAppointment, {
    load: (tx, { params }) => lockForChange(tx, params.id),
    work: (tx, { current, now }) => takeStep(tx, current, 'check-in', now),
  }),
  handle(startAppointment, {
    load: (tx, { params }) => lockForChange(tx, params.id),
    work: (tx, { current, now }) => takeStep(tx, current, 'start', now),
  }),
  handle(completeAppointment, {
    load: (tx, { params }) => lockForChange(tx, params.id),
    work: (tx, { current, now }) => takeStep(tx, current, 'complete', now),
  }),
  handle(cancelAppointment, {
    load: (tx, { params }) => lockForChange(tx, params.id),
    work: (tx, { current, body, now }) => takeStep(tx, current, 'cancel', now, body.reason),
  }),
  handle(markNoShow, {
    load: (tx, { params }) => lockForChange(tx, params.id),
    work: (tx, { current, now }) => takeStep(tx, current, 'no-show', now),
  }),
]
