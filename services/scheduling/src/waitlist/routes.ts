import {
  acceptOffer,
  type BodyOf,
  decideStep,
  declineOffer,
  getWaitlistEntry,
  joinWaitlist,
  leaveWaitlist,
  listWaitlist,
  problem,
  waitlistJoined,
  waitlistSteps,
} from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { book } from '../appointments/booking-work.ts'
import { claimTimeLocked } from '../appointments/claim-work.ts'
import { decideActive, decideKnown } from '../appointments/rules.ts'
import { findDoctor } from '../doctors/queries.ts'
import { rememberAskedId } from '../patient-copies/merge-work.ts'
import { findStandingPatient } from '../patient-copies/queries.ts'
import { lockEntry, moveEntry, offeredSpan, offerFreedTime } from './offer-work.ts'
import { type Entry, findEntry, insertEntry, listEntries } from './queries.ts'
import { decideAnswer, findWindowErrors } from './rules.ts'

/** Checks the people of a new entry; answers the patient's id as it stands now. */
async function decidePeople(tx: TenantTx, body: BodyOf<typeof joinWaitlist>): Promise<number> {
  const patient = await findStandingPatient(tx, body.patient_id)
  const doctor = body.doctor_id ? await findDoctor(tx, body.doctor_id) : { status: 'active' as const }
  const statuses = { patientStatus: patient?.status ?? null, doctorStatus: doctor?.status ?? null }
  decideKnown(statuses)
  decideActive(statuses)
  return patient?.id ?? body.patient_id
}

const load = async (tx: TenantTx, { params }: { params: { id: number } }): Promise<Entry | null> => {
  const seen = await findEntry(tx, params.id)
  return seen === null ? null : lockEntry(tx, seen)
}

export const waitlistRoutes = (): Route[] => [
  handle(listWaitlist, async (tx, { query }) => {
    const [after] = decodeCursor(query.cursor, ['number']) ?? [null]
    return toPage(await listEntries(tx, query, after), query.limit, (row) => [row.id])
  }),

  handle(getWaitlistEntry, {
    load: (tx, { params }) => findEntry(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(joinWaitlist, {
    work: async (tx, { body, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const [from, to] = [Date.parse(body.from), Date.parse(body.to)]
      const durationMinutes = body.duration_minutes ?? 30
      const errors = findWindowErrors({ start: from, end: to }, durationMinutes, now.getTime())
      if (errors.length > 0) throw problem('validation-failed', { errors })
      const patientId = await decidePeople(tx, body)
      const wasMerged = patientId !== body.patient_id
      const entry = await insertEntry(tx, {
        patient_id: patientId,
        doctor_id: body.doctor_id ?? null,
        starts_at: new Date(from).toISOString(),
        ends_at: new Date(to).toISOString(),
        duration_minutes: durationMinutes,
        notes: body.notes ?? null,
        merged_from: wasMerged ? body.patient_id : null,
      })
      if (wasMerged) await rememberAskedId(tx, 'waitlist', entry.id, body.patient_id)
      return announce(tx, waitlistJoined, entry)
    },
  }),

  handle(acceptOffer, {
    load,
    work: async (tx, { current, context, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      const { step, offer } = decideAnswer(current, acceptOffer.step.name, now.getTime())
      const { patient_id, duration_minutes } = current
      const { start } = offeredSpan({ ...current, offer })
      const wish = { doctorId: offer.doctor_id, patientId: patient_id, start, durationMinutes: duration_minutes }
      await claimTimeLocked(tx, { ...wish, overbookReason: null, except: [] }, context, now)
      const booking = {
        askedFor: patient_id,
        patient_id,
        doctor_id: offer.doctor_id,
        appointment_date: offer.appointment_date,
        duration_minutes,
        appointment_type: null,
        notes: current.notes,
        overbook_reason: null,
        series_id: null,
        scheduled_at: now.toISOString(),
      }
      const appointment = await book(tx, booking, current.id)
      await moveEntry(tx, current, step, { appointment_id: appointment.id })
      return appointment
    },
  }),

  handle(declineOffer, {
    load,
    work: async (tx, { current, now }) => {
      const { step, offer } = decideAnswer(current, declineOffer.step.name, now.getTime())
      const declined = await moveEntry(tx, current, step)
      await offerFreedTime(tx, offer.doctor_id, offeredSpan({ ...current, offer }), now)
      return declined
    },
  }),

  handle(leaveWaitlist, {
    load,
    work: async (tx, { current, now }) => {
      const left = await moveEntry(tx, current, decideStep(waitlistSteps, current.status, leaveWaitlist.step.name))
      const { offer } = current
      if (offer) await offerFreedTime(tx, offer.doctor_id, offeredSpan({ ...current, offer }), now)
      return left
    },
  }),
]
