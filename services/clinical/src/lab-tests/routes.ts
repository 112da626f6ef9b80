import {
  acknowledgeLabTest,
  cancelLabTest,
  collectLabTest,
  enterLabResults,
  getLabTest,
  labTestAcknowledged,
  labTestCancelled,
  labTestCollected,
  labTestCritical,
  labTestOrdered,
  labTestRejected,
  labTestResulted,
  labTestVerified,
  listLabTests,
  orderLabTest,
  problem,
  refusedField,
  rejectLabTest,
  unknownReference,
  verifyLabTest,
} from '@hospital/contracts'
import { appendEvent, type TenantTx } from '@hospital/database'
import { type Deps, ensureDoctor, ensureStaff, handle, type Input, type Route, toPage } from '@hospital/service'
import { openRows } from '../care/guard.ts'
import { getSettings } from '../clinical-settings/queries.ts'
import { decodeInstantCursor, openChart, requireDoctor } from '../references.ts'
import { gradeAll } from './grading.ts'
import {
  findTest,
  hasEntered,
  insertResultVersion,
  insertStep,
  insertTest,
  isRecordOf,
  listTests,
  lockTest,
  type Test,
  type TestDetail,
  testRow,
  updateTest,
} from './queries.ts'
import { decideEntry, decideStep, isCritical, notesAfter, type Step } from './rules.ts'

type LabEvent = typeof labTestOrdered

async function readBack(tx: TenantTx, testId: number): Promise<TestDetail> {
  const test = await findTest(tx, testId)
  if (test === null) throw problem('not-found')
  return test
}

/** Reads the test back and tells that it changed: ids and states, never results. */
async function announce(tx: TenantTx, testId: number, ...happened: LabEvent[]): Promise<TestDetail> {
  const test = await readBack(tx, testId)
  const { id, patient_id, ordered_by, status, critical, results_version, version } = test
  for (const event of happened) {
    await appendEvent(tx, event, {
      id,
      data: { id, patient_id, ordered_by, status, critical, results_version, version },
    })
  }
  return test
}

/** @throws problem `illegal-transition` */
function take(step: Step, { status }: Test) {
  const next = decideStep(step, status)
  if (next === null) throw problem('illegal-transition', { extensions: { current_status: status } })
  return next
}

type Stepped = Input<
  | typeof verifyLabTest
  | typeof rejectLabTest
  | typeof cancelLabTest
  | typeof collectLabTest
  | typeof enterLabResults
  | typeof acknowledgeLabTest
>

/** The parts that every step shares: the actor is known here, the row is locked, the refused are audited with their patient. */
const stepOf = (deps: Deps) => ({
  prepare: ({ context }: Pick<Stepped, 'context'>) => ensureStaff(deps, context, context.userId),
  load: async (tx: TenantTx, { params, audit }: Pick<Stepped, 'params' | 'audit'>) => {
    const test = await lockTest(tx, params.id)
    if (test) audit.patientIds.push(test.patient_id)
    return test
  },
})

/** Laboratory tests from the order to the verified result. */
export const labTestRoutes = (deps: Deps): Route[] => [
  handle(listLabTests, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const open = await openRows(tx, context, 'labs', testRow)
    const rows = await listTests(tx, filter, decodeInstantCursor(cursor), limit + 1, open)
    return toPage(rows, limit, (row) => [row.ordered_date, row.id])
  }),

  handle(orderLabTest, {
    prepare: async ({ body, context }) => {
      await ensureDoctor(deps, context, body.ordered_by ?? context.userId)
      await ensureStaff(deps, context, context.userId)
    },
    work: async (tx, { body, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const doctorId = await requireDoctor(tx, body.ordered_by, '/ordered_by')
      const chart = await openChart(tx, body.patient_id)
      const recordId = body.medical_record_id ?? null
      if (recordId !== null && !(await isRecordOf(tx, recordId, chart.id))) {
        throw unknownReference('/medical_record_id', 'no such record of this patient')
      }
      const at = now.toISOString()
      const id = await insertTest(
        tx,
        {
          patient_id: body.patient_id,
          ordered_by: doctorId,
          medical_record_id: recordId,
          test_name: body.test_name,
          test_type: body.test_type ?? null,
          code: body.code ?? null,
          priority: body.priority ?? 'routine',
          ordered_date: body.ordered_date ?? at,
          normal_range: body.normal_range ?? null,
          notes: body.notes ?? null,
        },
        at,
      )
      // Kept here too: the notes of the results take the place of the order's.
      await insertStep(tx, id, 'ordered', at, body.notes ?? null)
      return announce(tx, id, labTestOrdered)
    },
  }),

  handle(getLabTest, {
    load: (tx, { params }) => findTest(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(collectLabTest, {
    ...stepOf(deps),
    work: async (tx, { current, body, now }) => {
      const status = take('collect', current)
      const at = now.toISOString()
      const collected = body.sample_collected_date ?? at
      if (Date.parse(collected) > now.getTime())
        throw refusedField('/sample_collected_date', 'must not be in the future')
      await updateTest(tx, current.id, { ...current, status, sample_collected_date: collected }, at)
      await insertStep(tx, current.id, 'collected', at, null)
      return announce(tx, current.id, labTestCollected)
    },
  }),

  handle(rejectLabTest, {
    ...stepOf(deps),
    work: async (tx, { current, body, now }) => {
      const status = take('reject', current)
      await updateTest(tx, current.id, { ...current, status, sample_collected_date: null }, now.toISOString())
      await insertStep(tx, current.id, 'rejected', now.toISOString(), body.reason)
      return announce(tx, current.id, labTestRejected)
    },
  }),

  handle(enterLabResults, {
    ...stepOf(deps),
    work: async (tx, { current, body, context, now }) => {
      const status = take('enterResults', current)
      const at = now.toISOString()
      const graded = await gradeAll(tx, current, body.results, at)
      const entry = decideEntry(current.results ?? [], current.critical, graded)
      const notes = notesAfter(current, body.notes)
      if (entry.changed.length === 0 && notes === current.notes) return readBack(tx, current.id)
      const number = current.results_version + 1
      const entered = { number, results: graded, notes: body.notes ?? null, reason: body.reason ?? null }
      await insertResultVersion(tx, current.id, entered, at)
      const { results, critical } = entry
      const state = { results, results_version: number, results_date: at, resulted_by: context.userId, critical, notes }
      await updateTest(tx, current.id, { ...current, ...state, status }, at)
      await insertStep(tx, current.id, entry.isCorrection ? 'corrected' : 'resulted', at, entered.reason)
      return announce(tx, current.id, labTestResulted, ...(isCritical(entry.changed) ? [labTestCritical] : []))
    },
  }),

  handle(verifyLabTest, {
    ...stepOf(deps),
    work: async (tx, { current, context, now }) => {
      const status = take('verify', current)
      const { lab_verifier_must_differ: mustDiffer } = await getSettings(tx)
      if (mustDiffer && (await hasEntered(tx, current.id, context.userId))) throw problem('same-person')
      await updateTest(tx, current.id, { ...current, status }, now.toISOString())
      await insertStep(tx, current.id, 'verified', now.toISOString(), null)
      return announce(tx, current.id, labTestVerified)
    },
  }),

  handle(cancelLabTest, {
    ...stepOf(deps),
    work: async (tx, { current, body, now }) => {
      const status = take('cancel', current)
      await updateTest(tx, current.id, { ...current, status }, now.toISOString())
      await insertStep(tx, current.id, 'cancelled', now.toISOString(), body.reason)
      return announce(tx, current.id, labTestCancelled)
    },
  }),

  handle(acknowledgeLabTest, {
    ...stepOf(deps),
    work: async (tx, { current, body, context, now }) => {
      if (current.critical !== 'unacknowledged') {
        throw problem('illegal-transition', { detail: 'No critical value waits for acknowledgement here.' })
      }
      const reason = body.reason ?? null
      if (context.userId !== current.ordered_by && reason === null) {
        throw refusedField('/reason', 'is required from a doctor who did not order the test')
      }
      await updateTest(tx, current.id, { ...current, critical: 'acknowledged' }, now.toISOString())
      await insertStep(tx, current.id, 'acknowledged', now.toISOString(), reason)
      return announce(tx, current.id, labTestAcknowledged)
    },
  }),
]
