import {
  type BodyOf,
  decideStep,
  discontinuePrescription,
  dispensePrescription,
  getPrescription,
  holdPrescription,
  illegalTransition,
  listPrescriptions,
  type Prescription,
  prescribe,
  prescriptionCreated,
  prescriptionDispensed,
  prescriptionSteps,
  prescriptionUpdated,
  problem,
  resumePrescription,
  revisePrescription,
} from '@hospital/contracts'
import { announce, onConstraint, type TenantTx } from '@hospital/database'
import { handle, type Route, toPage } from '@hospital/service'
import { resolveAlertsOfPrescription } from '../alerts/alert-work.ts'
import { openRows } from '../care/guard-work.ts'
import { actor, decodeInstantCursor, openActiveChart, requireDoctor } from '../references.ts'
import { listAnswered, loadChart } from './chart-queries.ts'
import { unansweredConflicts } from './check-rules.ts'
import { decideNewOrder, decideOrder, orderOf } from './order-rules.ts'
import { answerChecks, check, write } from './prescribing-work.ts'
import * as queries from './queries.ts'
import { decideDispense, decidePrescribedDate } from './rules.ts'

type Event = typeof prescriptionCreated | typeof prescriptionDispensed | typeof prescriptionUpdated

/** Reads the prescription back and tells that it changed: ids and version, nothing of what is in it. */
async function announcePrescription(tx: TenantTx, id: number, ...happened: Event[]): Promise<Prescription> {
  const prescription = await queries.getPrescription(tx, id)
  for (const event of happened) await announce(tx, event, prescription)
  return prescription
}

/** An override is on record in the audit trail too. */
function noteOverride(audit: { purpose?: string }, reason: string | undefined): void {
  if (reason !== undefined) audit.purpose = reason
}

type Step = Exclude<keyof typeof prescriptionSteps, 'dispense'>

async function takeStep(tx: TenantTx, current: Prescription, step: Step, reason: string | null, now: Date) {
  const { to: status, event } = decideStep(prescriptionSteps, current.status, step)
  await queries.setStatus(tx, current, { status, reason, at: now.toISOString() })
  if (status === 'discontinued') await resolveAlertsOfPrescription(tx, current.id, now.toISOString())
  return announcePrescription(tx, current.id, event)
}

async function dispense(tx: TenantTx, current: Prescription, body: BodyOf<typeof dispensePrescription>, now: Date) {
  const at = now.toISOString()
  const status = decideDispense(current, body.quantity)
  const chart = await loadChart(tx, current.patient_id)
  const found = check(chart, current, current.id)
  const answered = await listAnswered(tx, current.id)
  const checks = await answerChecks(tx, { patientId: current.patient_id, chart, checks: found, at }, answered, body)
  const isOverride = unansweredConflicts(checks, answered).length > 0
  const limit = () => problem('dispense-limit')
  const ended = () => illegalTransition(prescriptionSteps, current.status)
  await onConstraint({ prescriptions_dispense_limit: limit, dispenses_active_prescription: ended }, () =>
    queries.dispenses.insert(tx, {
      prescription_id: current.id,
      quantity: body.quantity,
      dispensed_by: actor(tx),
      dispensed_at: at,
      notes: body.notes ?? null,
      checks,
      override_reason: isOverride ? (body.override_reason ?? null) : null,
    }),
  )
  if (status === 'completed') {
    await queries.setStatus(tx, current, { status, reason: 'all dispensed', at })
    return announcePrescription(tx, current.id, prescriptionUpdated, prescriptionDispensed)
  }
  await queries.prescriptions.update(tx, current, { updated_at: at })
  return announcePrescription(tx, current.id, prescriptionDispensed)
}

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
      const doctorId = await requireDoctor(tx, body.doctor_id, '/doctor_id')
      const chart = await openActiveChart(tx, body.patient_id)
      const { id, tellOthers } = await write(tx, {
        patientId: chart.id,
        writtenFor: body.patient_id,
        doctorId,
        medicalRecordId: body.medical_record_id ?? null,
        order,
        prescribedDate,
        answers: body,
        revises: null,
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
      const doctorId = await requireDoctor(tx, doctor_id, '/doctor_id')
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
        at,
      })
      await queries.setStatus(tx, current, { status, reason: reason ?? 'revised', revisedBy: id, at })
      await resolveAlertsOfPrescription(tx, current.id, at)
      await tellOthers()
      await announcePrescription(tx, current.id, event)
      return announcePrescription(tx, id, prescriptionCreated)
    },
  }),
]
