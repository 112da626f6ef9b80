import {
  decideStep,
  discontinuePrescription,
  dispensePrescription,
  getPrescription,
  holdPrescription,
  listPrescriptions,
  prescribe,
  prescriptionCreated,
  prescriptionSteps,
  problem,
  renewPrescription,
  resumePrescription,
  revisePrescription,
} from '@hospital/contracts'
import { handle, type Route, toPage } from '@hospital/service'
import { resolveAlertsOfPrescription } from '../alerts/alert-work.ts'
import { openRows } from '../care/guard-work.ts'
import { decodeInstantCursor, openActiveChart } from '../references.ts'
import { dispense } from './dispensing-work.ts'
import { decideNewOrder, decideOrder, orderOf } from './order-rules.ts'
import { announcePrescription, noteOverride, requirePrescriber, write } from './prescribing-work.ts'
import * as queries from './queries.ts'
import { decidePrescribedDate } from './rules.ts'
import { takeStep } from './step-work.ts'
import { isOtherDrug } from './supply-rules.ts'

/** Operations on prescriptions: written once, then handed out, held, resumed, ended or replaced, never edited. */
export const prescriptionRoutes = (): Route[] => [
  handle(listPrescriptions, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const open = await openRows(tx, context, 'prescriptions', queries.prescriptionRow)
    const rows = await queries.listPrescriptions(tx, filter, decodeInstantCursor(cursor), limit + 1, open)
    return toPage(rows, limit, (row) => [row.prescribed_date, row.id])
  }),

  handle(getPrescription, {
    load: (tx, { params }) => queries.findPrescription(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(prescribe, {
    work: async (tx, { body, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      noteOverride(audit, body.override_reason)
      const order = decideNewOrder(body)
      const prescribedDate = decidePrescribedDate(body.prescribed_date, now)
      const doctorId = await requirePrescriber(tx, body.doctor_id)
      const chart = await openActiveChart(tx, body.patient_id)
      const { id, tellOthers } = await write(tx, {
        patientId: chart.id,
        writtenFor: body.patient_id,
        doctorId,
        medicalRecordId: body.medical_record_id ?? null,
        order,
        prescribedDate,
        answers: body,
        at: now.toISOString(),
      })
      await tellOthers()
      return announcePrescription(tx, id, prescriptionCreated)
    },
  }),

  handle(dispensePrescription, {
    load: (tx, { params }) => queries.lockPrescription(tx, params.id),
    work: (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      noteOverride(audit, body.override_reason)
      return dispense(tx, current, body, now)
    },
  }),

  ...([holdPrescription, resumePrescription, discontinuePrescription] as const).map((contract) =>
    handle(contract, {
      load: (tx, { params }) => queries.lockPrescription(tx, params.id),
      work: (tx, { current, body, now, audit }) => {
        audit.patientIds.push(current.patient_id)
        return takeStep(tx, current, contract.step.name, body.reason ?? null, now)
      },
    }),
  ),

  handle(revisePrescription, {
    load: (tx, { params }) => queries.lockPrescription(tx, params.id),
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      noteOverride(audit, body.override_reason)
      const { doctor_id, medical_record_id, override_reason, decisions, reason, ...given } = body
      const at = now.toISOString()
      const { to: status, event } = decideStep(prescriptionSteps, current.status, 'revise')
      const order = decideOrder(orderOf(current), given)
      const doctorId = await requirePrescriber(tx, doctor_id)
      const chart = await openActiveChart(tx, current.patient_id)
      const { id, tellOthers } = await write(tx, {
        patientId: chart.id,
        writtenFor: chart.id,
        doctorId,
        medicalRecordId: medical_record_id === undefined ? current.medical_record_id : medical_record_id,
        order,
        prescribedDate: at,
        answers: { override_reason, decisions },
        revises: current.id,
        isOtherDrug: isOtherDrug(current, order),
        at,
      })
      await queries.setStatus(tx, current, { status, reason: reason ?? 'revised', revisedBy: id, at })
      await resolveAlertsOfPrescription(tx, current.id, at)
      await tellOthers()
      await announcePrescription(tx, current.id, event)
      return announcePrescription(tx, id, prescriptionCreated)
    },
  }),

  handle(renewPrescription, {
    load: (tx, { params }) => queries.lockPrescription(tx, params.id),
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      noteOverride(audit, body.override_reason)
      const { doctor_id, medical_record_id, override_reason, decisions, ...given } = body
      const at = now.toISOString()
      decideStep(prescriptionSteps, current.status, 'renew')
      const renewal = await queries.findRenewal(tx, current.id)
      if (renewal !== null) throw problem('conflict', { detail: `Prescription ${renewal} renews it already.` })
      const doctorId = await requirePrescriber(tx, doctor_id)
      const chart = await openActiveChart(tx, current.patient_id)
      const { id, tellOthers } = await write(tx, {
        patientId: chart.id,
        writtenFor: chart.id,
        doctorId,
        medicalRecordId: medical_record_id === undefined ? current.medical_record_id : medical_record_id,
        order: decideOrder(orderOf(current), given),
        prescribedDate: at,
        answers: { override_reason, decisions },
        renews: current.id,
        at,
      })
      if (current.status === 'active') await takeStep(tx, current, 'discontinue', 'renewed', now)
      await tellOthers()
      return announcePrescription(tx, id, prescriptionCreated)
    },
  }),
]
