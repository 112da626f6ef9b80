import {
  type BodyOf,
  discontinuePrescription,
  dispensePrescription,
  getPrescription,
  holdPrescription,
  listPrescriptions,
  type Prescription,
  prescribe,
  prescriptionCreated,
  prescriptionDispensed,
  prescriptionUpdated,
  problem,
  type RequestContext,
  resumePrescription,
  revisePrescription,
} from '@hospital/contracts'
import { appendEvent, onConstraint, type TenantTx } from '@hospital/database'
import { type Deps, ensureDoctor, ensureStaff, handle, type Route, toPage } from '@hospital/service'
import { raiseAlerts, resolveAlertsOfPrescription } from '../alerts/raise.ts'
import { openRows } from '../care/guard.ts'
import { decodeInstantCursor, openActiveChart, requireDoctor } from '../references.ts'
import { listAnswered } from './chart-queries.ts'
import { unansweredConflicts } from './check-rules.ts'
import { decideNewOrder, decideOrder, orderOf } from './order-rules.ts'
import * as queries from './queries.ts'
import { decideDispense, decidePrescribedDate, decideStep, type Step } from './rules.ts'
import { check, refuseConflicts, write } from './writing.ts'

type Event = typeof prescriptionCreated | typeof prescriptionDispensed | typeof prescriptionUpdated

/** Reads the prescription back and tells that it changed: ids and version, nothing of what is in it. */
async function announce(tx: TenantTx, event: Event, prescriptionId: number): Promise<Prescription> {
  const prescription = await queries.getPrescription(tx, prescriptionId)
  const { id, patient_id, doctor_id, version } = prescription
  await appendEvent(tx, event, { id, data: { id, patient_id, doctor_id, version } })
  return prescription
}

/** An override is on record in the audit trail too. */
function noteOverride(audit: { purpose?: string }, reason: string | undefined): void {
  if (reason !== undefined) audit.purpose = reason
}

async function takeStep(tx: TenantTx, current: Prescription, step: Step, reason: string | null, now: Date) {
  const status = decideStep(current, step)
  await queries.setStatus(tx, current, { status, reason, at: now.toISOString() })
  if (status === 'discontinued') await resolveAlertsOfPrescription(tx, current.id, now.toISOString())
  return announce(tx, prescriptionUpdated, current.id)
}

async function dispense(tx: TenantTx, current: Prescription, body: BodyOf<typeof dispensePrescription>, now: Date) {
  const at = now.toISOString()
  const status = decideDispense(current, body.quantity)
  const checks = await check(tx, current.patient_id, current, current.id)
  const answered = await listAnswered(tx, current.id)
  refuseConflicts(checks, answered, body.override_reason)
  const isOverride = unansweredConflicts(checks, answered).length > 0
  const limit = () => problem('dispense-limit')
  const ended = () => problem('illegal-transition')
  await onConstraint({ prescriptions_dispense_limit: limit, dispenses_active_prescription: ended }, () =>
    queries.insertDispense(tx, {
      prescriptionId: current.id,
      quantity: body.quantity,
      notes: body.notes ?? null,
      checks,
      overrideReason: isOverride ? (body.override_reason ?? null) : null,
      at,
    }),
  )
  if (status === 'completed') {
    await queries.setStatus(tx, current, { status, reason: 'all dispensed', at })
    await announce(tx, prescriptionUpdated, current.id)
  } else await queries.touch(tx, current.id, at)
  return announce(tx, prescriptionDispensed, current.id)
}

/** Operations on prescriptions: written once, then handed out, held, resumed, ended or replaced, never edited. */
export const prescriptionRoutes = (deps: Deps): Route[] => {
  const ensureActor = ({ context }: { context: RequestContext }) => ensureStaff(deps, context, context.userId)
  const ensurePeople = async ({ body, context }: { body: { doctor_id?: number }; context: RequestContext }) => {
    await ensureDoctor(deps, context, body.doctor_id ?? context.userId)
    await ensureStaff(deps, context, context.userId)
  }

  return [
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
      prepare: ensurePeople,
      work: async (tx, { body, now, audit }) => {
        audit.patientIds.push(body.patient_id)
        noteOverride(audit, body.override_reason)
        const order = decideNewOrder(body)
        const prescribedDate = decidePrescribedDate(body.prescribed_date, now)
        const doctorId = await requireDoctor(tx, body.doctor_id, '/doctor_id')
        const chart = await openActiveChart(tx, body.patient_id)
        const id = await write(tx, {
          patientId: chart.id,
          writtenFor: body.patient_id,
          doctorId,
          medicalRecordId: body.medical_record_id ?? null,
          order,
          prescribedDate,
          overrideReason: body.override_reason,
          revises: null,
          at: now.toISOString(),
        })
        await raiseAlerts(tx, chart.id, now.toISOString())
        return announce(tx, prescriptionCreated, id)
      },
    }),

    handle(dispensePrescription, {
      prepare: ensureActor,
      load: (tx, { params }) => queries.lockPrescription(tx, params.id),
      work: (tx, { current, body, now, audit }) => {
        audit.patientIds.push(current.patient_id)
        noteOverride(audit, body.override_reason)
        return dispense(tx, current, body, now)
      },
    }),

    ...([holdPrescription, resumePrescription, discontinuePrescription] as const).map((contract) =>
      handle(contract, {
        prepare: ensureActor,
        load: (tx, { params }) => queries.lockPrescription(tx, params.id),
        work: (tx, { current, body, now, audit }) => {
          audit.patientIds.push(current.patient_id)
          return takeStep(tx, current, stepOf[contract.operationId], body.reason ?? null, now)
        },
      }),
    ),

    handle(revisePrescription, {
      prepare: ensurePeople,
      load: (tx, { params }) => queries.lockPrescription(tx, params.id),
      work: async (tx, { current, body, now, audit }) => {
        audit.patientIds.push(current.patient_id)
        noteOverride(audit, body.override_reason)
        const { doctor_id, medical_record_id, override_reason, reason, ...given } = body
        const at = now.toISOString()
        const status = decideStep(current, 'revise')
        const order = decideOrder(orderOf(current), given)
        const doctorId = await requireDoctor(tx, doctor_id, '/doctor_id')
        const chart = await openActiveChart(tx, current.patient_id)
        const id = await write(tx, {
          patientId: chart.id,
          writtenFor: chart.id,
          doctorId,
          medicalRecordId: medical_record_id === undefined ? current.medical_record_id : medical_record_id,
          order,
          prescribedDate: at,
          overrideReason: override_reason,
          revises: current.id,
          at,
        })
        await queries.setStatus(tx, current, { status, reason: reason ?? 'revised', revisedBy: id, at })
        await resolveAlertsOfPrescription(tx, current.id, at)
        await raiseAlerts(tx, chart.id, at)
        await announce(tx, prescriptionUpdated, current.id)
        return announce(tx, prescriptionCreated, id)
      },
    }),
  ]
}

const stepOf = {
  holdPrescription: 'hold',
  resumePrescription: 'resume',
  discontinuePrescription: 'discontinue',
} as const
