import {
  acceptOffer,
  appointmentBooked,
  type BodyOf,
  declineOffer,
  getWaitlistEntry,
  joinWaitlist,
  leaveWaitlist,
  listWaitlist,
  problem,
  waitlistAccepted,
  waitlistDeclined,
  waitlistJoined,
  waitlistLeft,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { type Deps, decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { claimTimeLocked } from '../appointments/booking.ts'
import { tell } from '../appointments/events.ts'
import { ensurePeople } from '../appointments/people.ts'
import { insertAppointment } from '../appointments/queries.ts'
import { findDoctor } from '../doctors/queries.ts'
import { rememberAskedId } from '../patients/merge.ts'
import { findStandingPatient } from '../patients/queries.ts'
import { lockEntry, offeredSpan, offerFreedTime, tellEntry, withdrawOffers } from './offers.ts'
import { type Entry, findEntry, insertEntry, listEntries, setEntryStatus } from './queries.ts'
import { findWindowErrors } from './rules.ts'

const unknown = (field: string, who: string) =>
  problem('unknown-reference', { errors: [{ pointer: `/${field}`, detail: `no such ${who} in this hospital` }] })

/** Checks the people of a new entry; answers the patient as they stand now. */
async function assertCanWait(tx: TenantTx, body: BodyOf<typeof joinWaitlist>) {
  const patient = await findStandingPatient(tx, body.patient_id)
  if (patient === null) throw unknown('patient_id', 'patient')
  if (patient.status !== 'active') throw problem('patient-archived')
  if (!body.doctor_id) return patient
  const doctor = await findDoctor(tx, body.doctor_id)
  if (doctor === null) throw unknown('doctor_id', 'doctor')
  if (doctor.status !== 'active') {
    throw problem('doctor-unavailable', { errors: [{ pointer: '/doctor_id', detail: 'is not active' }] })
  }
  return patient
}

const load = async (tx: TenantTx, { params }: { params: { id: number } }): Promise<Entry | null> => {
  const seen = await findEntry(tx, params.id)
  return seen === null ? null : lockEntry(tx, seen)
}

/** @throws `offer-gone` unless there is an offer that can still be answered */
function assertOffered(entry: Entry, now: Date): asserts entry is Entry & { offer: NonNullable<Entry['offer']> } {
  if (entry.offer === null || Date.parse(entry.offer.expires_at) <= now.getTime()) {
    throw problem('offer-gone', { extensions: { status_now: entry.status } })
  }
}

export const waitlistRoutes = (deps: Deps): Route[] => [
  handle(listWaitlist, async (tx, { query }) => {
    const [after] = decodeCursor(query.cursor, ['number']) ?? [null]
    return toPage(await listEntries(tx, query, after), query.limit, (row) => [row.id])
  }),

  handle(getWaitlistEntry, {
    load: (tx, { params }) => findEntry(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(joinWaitlist, {
    prepare: ({ context, body }) =>
      ensurePeople(deps, context, { doctorId: body.doctor_id, patientId: body.patient_id }),
    work: async (tx, { body, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const [from, to] = [Date.parse(body.from), Date.parse(body.to)]
      const durationMinutes = body.duration_minutes ?? 30
      const errors = findWindowErrors({ start: from, end: to }, durationMinutes, now.getTime())
      if (errors.length > 0) throw problem('validation-failed', { errors })
      const patient = await assertCanWait(tx, body)
      const entry = await insertEntry(tx, {
        patientId: patient.id,
        doctorId: body.doctor_id ?? null,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        durationMinutes,
        notes: body.notes ?? null,
        mergedFrom: patient.id === body.patient_id ? null : body.patient_id,
      })
      if (patient.id !== body.patient_id) await rememberAskedId(tx, 'waitlist', entry.id, body.patient_id)
      await tellEntry(tx, waitlistJoined, entry)
      return entry
    },
  }),

  handle(acceptOffer, {
    prepare: ({ context }) => ensurePeople(deps, context, {}),
    load,
    work: async (tx, { current, context, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      assertOffered(current, now)
      const { start } = offeredSpan(current)
      const { doctor_id: doctorId } = current.offer
      const { patient_id: patientId, duration_minutes: durationMinutes } = current
      const wish = { doctorId, patientId, start, durationMinutes, overbookReason: null, except: [] }
      await claimTimeLocked(tx, wish, context, now)
      const appointment = await insertAppointment(tx, {
        ...wish,
        appointmentDate: current.offer.appointment_date,
        appointmentType: null,
        notes: current.notes,
        seriesId: null,
        mergedFrom: null,
        now,
      })
      await withdrawOffers(tx, doctorId, offeredSpan(current), current.id)
      await tellEntry(tx, waitlistAccepted, await setEntryStatus(tx, current.id, 'accepted', appointment.id))
      await tell(tx, appointmentBooked, appointment)
      return appointment
    },
  }),

  handle(declineOffer, {
    load,
    work: async (tx, { current, now }) => {
      assertOffered(current, now)
      const declined = await setEntryStatus(tx, current.id, 'declined')
      await tellEntry(tx, waitlistDeclined, declined)
      await offerFreedTime(tx, current.offer.doctor_id, offeredSpan(current), now)
      return declined
    },
  }),

  handle(leaveWaitlist, {
    load,
    work: async (tx, { current, now }) => {
      if (current.status !== 'waiting' && current.status !== 'offered') {
        throw problem('illegal-transition', { extensions: { status_now: current.status } })
      }
      const left = await setEntryStatus(tx, current.id, 'cancelled')
      await tellEntry(tx, waitlistLeft, left)
      const { offer } = current
      if (offer) await offerFreedTime(tx, offer.doctor_id, offeredSpan({ ...current, offer }), now)
      return left
    },
  }),
]
