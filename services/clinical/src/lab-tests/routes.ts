import {
  acknowledgeLabTest,
  cancelLabTest,
  collectLabTest,
  criticalSteps,
  decideStep,
  enterLabResults,
  getLabTest,
  labTestCritical,
  labTestOrdered,
  labTestSteps,
  listLabTests,
  orderLabTest,
  problem,
  refusedField,
  rejectLabTest,
  verifyLabTest,
  withNulls,
} from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { handle, type Route, toPage } from '@hospital/service'
import { openRows } from '../care/guard-work.ts'
import { getSettings } from '../clinical-settings/queries.ts'
import { closeOpen, lockOpen, noteCorrected } from '../critical-results/queries.ts'
import { requireOwnRecord } from '../medical-records/queries.ts'
import { actor, decodeInstantCursor, lockChart, openChart, requireDoctor } from '../references.ts'
import { gradeAll } from './grading-work.ts'
import {
  findOpenTest,
  findTest,
  hasEntered,
  insertResultVersion,
  insertStep,
  labTests,
  listTests,
  lockTest,
  NewTest,
  type TestDetail,
  testRow,
} from './queries.ts'
import { decideEntry, isCritical, notesAfter } from './rules.ts'

type LabEvent = typeof labTestOrdered

async function readBack(tx: TenantTx, testId: number): Promise<TestDetail> {
  const test = await findTest(tx, testId)
  if (test === null) throw problem('not-found')
  return test
}

/** Reads the test back and tells that it changed: ids and states, never results. */
async function announceTest(tx: TenantTx, testId: number, ...happened: LabEvent[]): Promise<TestDetail> {
  const test = await readBack(tx, testId)
  for (const event of happened) await announce(tx, event, test)
  return test
}

/** The row is locked, the refused are audited with their patient. */
const load = async (tx: TenantTx, { params, audit }: { params: { id: number }; audit: { patientIds: number[] } }) => {
  const test = await lockTest(tx, params.id)
  if (test) audit.patientIds.push(test.patient_id)
  return test
}

/** Laboratory tests from the order to the verified result. */
export const labTestRoutes = (): Route[] => [
  handle(listLabTests, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const open = await openRows(tx, context, 'labs', testRow)
    const rows = await listTests(tx, filter, decodeInstantCursor(cursor), limit + 1, open)
    return toPage(rows, limit, (row) => [row.ordered_date, row.id])
  }),

  handle(orderLabTest, async (tx, { body, query, now, audit }) => {
    audit.patientIds.push(body.patient_id)
    const doctorId = await requireDoctor(tx, body.ordered_by, '/ordered_by')
    const chart = await openChart(tx, body.patient_id)
    await requireOwnRecord(tx, body.medical_record_id ?? null, chart.id)
    await lockChart(tx, chart.id)
    const existing = query.allow_duplicate === true ? null : await findOpenTest(tx, chart.id, body)
    if (existing !== null) throw problem('duplicate-order', { extensions: { existing_id: existing } })
    const at = now.toISOString()
    const { id } = await labTests.insert(tx, {
      ...withNulls(NewTest, {
        ...body,
        ordered_by: doctorId,
        priority: body.priority ?? 'routine',
        clinical_details: body.notes ?? null,
        ordered_date: body.ordered_date ?? at,
        created_at: at,
        updated_at: at,
      }),
      created_by: actor(tx),
    })
    await insertStep(tx, id, 'ordered', at, body.notes ?? null)
    return announceTest(tx, id, labTestOrdered)
  }),

  handle(getLabTest, {
    load: (tx, { params }) => findTest(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(collectLabTest, {
    load,
    work: async (tx, { current, body, now }) => {
      const { to: status, event } = decideStep(labTestSteps, current.status, 'collect')
      const at = now.toISOString()
      const collected = body.sample_collected_date ?? at
      if (Date.parse(collected) > now.getTime())
        throw refusedField('/sample_collected_date', 'must not be in the future')
      await labTests.update(tx, current, { status, sample_collected_date: collected, updated_at: at })
      await insertStep(tx, current.id, 'collected', at, null)
      return announceTest(tx, current.id, event)
    },
  }),

  handle(rejectLabTest, {
    load,
    work: async (tx, { current, body, now }) => {
      const { to: status, event } = decideStep(labTestSteps, current.status, 'reject')
      await labTests.update(tx, current, { status, sample_collected_date: null, updated_at: now.toISOString() })
      await insertStep(tx, current.id, 'rejected', now.toISOString(), body.reason)
      return announceTest(tx, current.id, event)
    },
  }),

  handle(enterLabResults, {
    load,
    work: async (tx, { current, body, context, now }) => {
      const { to: status, event } = decideStep(labTestSteps, current.status, 'enter_results')
      const at = now.toISOString()
      const graded = await gradeAll(tx, current, body, at)
      const wasVerified = current.status === 'verified'
      const entry = decideEntry(current.results ?? [], current.critical, graded, wasVerified)
      const notes = notesAfter(current, body.notes)
      if (entry.changed.length === 0 && notes === current.notes) return readBack(tx, current.id)
      if (entry.isCorrection && (body.reason ?? '').trim() === '') {
        throw refusedField('/reason', 'is required: a result that is there already is corrected')
      }
      const number = current.results_version + 1
      const entered = { number, results: graded, notes: body.notes ?? null, reason: body.reason ?? null }
      await insertResultVersion(tx, current.id, entered, at)
      const { results, critical } = entry
      const state = { results, results_version: number, results_date: at, resulted_by: context.userId, critical, notes }
      await labTests.update(tx, current, { ...state, status, updated_at: at })
      if (entry.isCorrected) await noteCorrected(tx, current.id)
      await insertStep(tx, current.id, entry.isCorrection ? 'corrected' : 'resulted', at, entered.reason)
      const asks = entry.isCorrected || isCritical(entry.changed)
      return announceTest(tx, current.id, event, ...(asks ? [labTestCritical] : []))
    },
  }),

  handle(verifyLabTest, {
    load,
    work: async (tx, { current, context, now }) => {
      const { to: status, event } = decideStep(labTestSteps, current.status, 'verify')
      const { lab_verifier_must_differ: mustDiffer } = await getSettings(tx)
      if (mustDiffer && (await hasEntered(tx, current.id, context.userId))) throw problem('same-person')
      await labTests.update(tx, current, { status, updated_at: now.toISOString() })
      await insertStep(tx, current.id, 'verified', now.toISOString(), null)
      return announceTest(tx, current.id, event)
    },
  }),

  handle(cancelLabTest, {
    load,
    work: async (tx, { current, body, now }) => {
      const { to: status, event } = decideStep(labTestSteps, current.status, 'cancel')
      await labTests.update(tx, current, { status, updated_at: now.toISOString() })
      await insertStep(tx, current.id, 'cancelled', now.toISOString(), body.reason)
      return announceTest(tx, current.id, event)
    },
  }),

  handle(acknowledgeLabTest, {
    load,
    work: async (tx, { current, body, context, now }) => {
      const { to: critical, event } = decideStep(criticalSteps, current.critical ?? 'none', 'acknowledge')
      const reason = body.reason ?? null
      const asked = await lockOpen(tx, current.id)
      if (![current.ordered_by, asked?.recipient_id].includes(context.userId) && reason === null) {
        throw refusedField('/reason', 'is required from a doctor who was not asked')
      }
      const at = now.toISOString()
      if (asked) await closeOpen(tx, asked, { at, acknowledge_reason: reason, action: body.action ?? null })
      await labTests.update(tx, current, { critical, updated_at: now.toISOString() })
      await insertStep(tx, current.id, 'acknowledged', now.toISOString(), reason)
      return announceTest(tx, current.id, event)
    },
  }),
]
