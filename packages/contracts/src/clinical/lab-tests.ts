import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, Nullable, OneOf, Page, Text } from '../kernel/schema.ts'
import { steps } from '../kernel/steps.ts'
import { LabResult, LabResultInput } from './lab-results.ts'

export const LabTestStatus = OneOf(['ordered', 'collected', 'resulted', 'verified', 'rejected', 'cancelled'])
export const LabPriority = OneOf(['routine', 'urgent', 'stat'])
export const LabCritical = OneOf(['unacknowledged', 'acknowledged'])
export const LabStep = OneOf([
  'ordered',
  'collected',
  'rejected',
  'resulted',
  'corrected',
  'verified',
  'cancelled',
  'acknowledged',
])

export const LabTest = Type.Object({
  id: Id,
  patient_id: Id,
  ordered_by: Id,
  medical_record_id: Nullable(Id),
  test_name: Type.String(),
  test_type: Nullable(Type.String()),
  code: Nullable(Type.String()),
  priority: LabPriority,
  status: LabTestStatus,
  ordered_date: Instant,
  sample_collected_date: Nullable(Instant),
  results_date: Nullable(Instant),
  results: Nullable(Type.Array(LabResult)),
  /** 0 without results; each entry of a part or a correction counts one up. */
  results_version: Type.Integer(),
  normal_range: Nullable(Type.String()),
  notes: Nullable(Type.String()),
  /** The notes of the order: they stay when the notes of the results take their place. */
  clinical_details: Nullable(Type.String()),
  resulted_by: Nullable(Id),
  /** A result is or was critical, or a verified one was corrected; `unacknowledged` until a person acknowledges it. */
  critical: Nullable(LabCritical),
  /** Who recorded it, when it came from another system. */
  source: Nullable(Type.String()),
  created_by: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})

/** One test with who did which step, and what was entered each time: a correction leaves what it corrects there. */
export const LabTestDetail = Type.Object({
  ...LabTest.properties,
  steps: Type.Array(
    Type.Object({
      step: LabStep,
      at: Instant,
      actor_id: Nullable(Id),
      actor_name: Nullable(Type.String()),
      reason: Nullable(Type.String()),
    }),
  ),
  result_versions: Type.Array(
    Type.Object({
      number: Type.Integer(),
      results: Type.Array(LabResult),
      notes: Nullable(Type.String()),
      reason: Nullable(Type.String()),
      entered_by: Nullable(Id),
      entered_at: Instant,
    }),
  ),
})

const LabTestFacts = Type.Object({
  id: Id,
  patient_id: Id,
  ordered_by: Id,
  status: LabTestStatus,
  critical: Nullable(LabCritical),
  results_version: Type.Integer(),
  version: Type.Integer(),
})
const labEvent = (verb: string) =>
  event({ service: 'clinical', entity: 'lab_test', verb, version: 1, data: LabTestFacts })
export const labTestOrdered = labEvent('ordered')
export const labTestCollected = labEvent('collected')
export const labTestRejected = labEvent('rejected')
export const labTestResulted = labEvent('resulted')
/** A result is beyond a critical limit and waits for acknowledgement. */
export const labTestCritical = labEvent('critical')
export const labTestAcknowledged = labEvent('acknowledged')
export const labTestVerified = labEvent('verified')
export const labTestCancelled = labEvent('cancelled')

/** Results may be entered in parts, and again: that is a correction. */
export const labTestSteps = steps(LabTestStatus, {
  collect: { from: ['ordered', 'rejected'], to: 'collected', event: labTestCollected },
  reject: { from: ['collected'], to: 'rejected', event: labTestRejected },
  enter_results: { from: ['collected', 'resulted', 'verified'], to: 'resulted', event: labTestResulted },
  verify: { from: ['resulted'], to: 'verified', event: labTestVerified },
  cancel: { from: ['ordered', 'collected', 'rejected'], to: 'cancelled', event: labTestCancelled },
})

/** A critical value waits until a person has seen it. */
export const criticalSteps = steps(LabCritical, {
  acknowledge: { from: ['unacknowledged'], to: 'acknowledged', event: labTestAcknowledged },
  call: { from: ['unacknowledged', 'acknowledged'] },
})

export const listLabTests = route({
  service: 'clinical',
  operationId: 'listLabTests',
  method: 'GET',
  path: '/api/lab-tests',
  summary:
    'Lab tests, newest order first; `critical=unacknowledged` are those that wait for a doctor, `range=none` those with a number that no range speaks of',
  access: 'labs.read',
  query: ListQuery({
    patient_id: Type.Optional(Id),
    doctor_id: Type.Optional(Id),
    status: Type.Optional(LabTestStatus),
    critical: Type.Optional(LabCritical),
    /** `none`: a number among the results was compared with no reference range. */
    range: Type.Optional(OneOf(['none'])),
    /** Ordered from this instant on, and before that one. */
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
  }),
  status: 200,
  answer: Page(LabTest),
  patient: 'answer.patient_id',
})

export const orderLabTest = route({
  service: 'clinical',
  operationId: 'orderLabTest',
  method: 'POST',
  path: '/api/lab-tests',
  summary:
    'Order a test or a panel; ordered by the signed-in doctor unless named. One that is open for the patient is refused unless ?allow_duplicate=true',
  access: 'labs.order',
  query: Closed({ allow_duplicate: Type.Optional(Type.Boolean()) }),
  body: Closed({
    patient_id: Id,
    ordered_by: Type.Optional(Id),
    medical_record_id: Type.Optional(Nullable(Id)),
    test_name: Line(255),
    test_type: Type.Optional(Nullable(Line(100))),
    code: Type.Optional(Nullable(Line(50))),
    priority: Type.Optional(LabPriority),
    ordered_date: Type.Optional(Instant),
    normal_range: Type.Optional(Nullable(Text(500))),
    notes: Type.Optional(Nullable(Text())),
  }),
  status: 201,
  answer: LabTestDetail,
  problems: ['unknown-reference', 'validation-failed', 'patient-archived', 'duplicate-order'],
  events: [labTestOrdered],
  people: { doctor: 'body.ordered_by' },
  patient: 'answer.patient_id',
})

export const getLabTest = route({
  service: 'clinical',
  operationId: 'getLabTest',
  method: 'GET',
  path: '/api/lab-tests/:id',
  summary: 'One lab test with its steps and earlier results',
  access: 'labs.read',
  params: IdParams,
  status: 200,
  answer: LabTestDetail,
  patient: 'answer.patient_id',
})

const step = {
  service: 'clinical',
  method: 'POST',
  params: IdParams,
  status: 200,
  answer: LabTestDetail,
  patient: 'answer.patient_id',
} as const

export const collectLabTest = route({
  ...step,
  operationId: 'collectLabTest',
  path: '/api/lab-tests/:id/collect',
  summary: 'The specimen is taken; after a rejection, taken again',
  access: 'labs.collect',
  body: Closed({ sample_collected_date: Type.Optional(Instant) }),
  problems: ['validation-failed'],
  step: { of: labTestSteps, name: 'collect' },
})

export const rejectLabTest = route({
  ...step,
  operationId: 'rejectLabTest',
  path: '/api/lab-tests/:id/reject',
  summary: 'The specimen cannot be used; it has to be collected again',
  access: 'labs.result',
  body: Closed({ reason: Line(1000) }),
  step: { of: labTestSteps, name: 'reject' },
})

export const enterLabResults = route({
  ...step,
  operationId: 'enterLabResults',
  path: '/api/lab-tests/:id/results',
  summary:
    'Enter results, in parts where they come in parts; an analyte that is there already is corrected, and what it was is kept',
  access: 'labs.result',
  body: Closed({
    results: Type.Array(LabResultInput, { minItems: 1, maxItems: 200 }),
    notes: Type.Optional(Nullable(Text())),
    /** Required where a result is corrected: why; or why a value that seems impossible is right. */
    reason: Type.Optional(Nullable(Line(1000))),
  }),
  problems: ['unit-mismatch', 'implausible-value', 'validation-failed'],
  step: { of: labTestSteps, name: 'enter_results' },
  events: [labTestCritical],
})

export const verifyLabTest = route({
  ...step,
  operationId: 'verifyLabTest',
  path: '/api/lab-tests/:id/verify',
  summary: 'Confirm the results; by another person where the hospital asks for it',
  access: 'labs.verify',
  problems: ['same-person'],
  step: { of: labTestSteps, name: 'verify' },
})

export const cancelLabTest = route({
  ...step,
  operationId: 'cancelLabTest',
  path: '/api/lab-tests/:id/cancel',
  summary: 'Cancel an order that has no results',
  access: 'labs.order',
  body: Closed({ reason: Line(1000) }),
  step: { of: labTestSteps, name: 'cancel' },
})

export const acknowledgeLabTest = route({
  ...step,
  operationId: 'acknowledgeLabTest',
  path: '/api/lab-tests/:id/acknowledge',
  summary:
    'Whoever was asked has seen the critical value and says what was done; another doctor says why they answer instead',
  access: 'labs.order',
  body: Closed({
    reason: Type.Optional(Nullable(Line(1000))),
    /** What was done; without it the result is on the list of those where nobody has said it. */
    action: Type.Optional(Nullable(Line(1000))),
  }),
  problems: ['validation-failed'],
  step: { of: criticalSteps, name: 'acknowledge' },
})
