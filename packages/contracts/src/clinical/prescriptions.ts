import { type Static, Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, Nullable, OneOf, Page, Text } from '../kernel/schema.ts'
import { steps } from '../kernel/steps.ts'
import { alertRaised } from './allergies.ts'
import { Check, decisions } from './checks.ts'

export const PrescriptionStatus = OneOf(['active', 'on_hold', 'completed', 'discontinued'])
export const Dispense = Type.Object({
  id: Id,
  quantity: Type.Integer(),
  dispensed_by: Nullable(Id),
  dispensed_at: Instant,
  notes: Nullable(Type.String()),
  override_reason: Nullable(Type.String()),
  /** Before the fill before it was nearly used up; the override says why. */
  early: Type.Boolean(),
})

export const StatusChange = Type.Object({
  from_status: PrescriptionStatus,
  to_status: PrescriptionStatus,
  reason: Nullable(Type.String()),
  changed_by: Nullable(Id),
  changed_at: Instant,
})

/** What a pharmacist asks the prescriber: asked once, answered once. */
export const PrescriptionQuestion = Type.Object({
  id: Id,
  question: Type.String(),
  asked_by: Nullable(Id),
  asked_at: Instant,
  answer: Nullable(Type.String()),
  answered_by: Nullable(Id),
  answered_at: Nullable(Instant),
})

/** An exact decimal: text, or a JSON number that is taken as it is written. */
const DecimalInput = Type.Unsafe<string | number>({
  type: ['string', 'number'],
  pattern: '^\\d{1,6}(\\.\\d{1,6})?$',
  exclusiveMinimum: 0,
  maximum: 999_999,
})

export const Prescription = Type.Object({
  id: Id,
  patient_id: Id,
  doctor_id: Id,
  medical_record_id: Nullable(Id),
  medication_name: Type.String(),
  dosage: Nullable(Type.String()),
  frequency: Nullable(Type.String()),
  duration: Nullable(Type.String()),
  instructions: Nullable(Type.String()),
  /** Dispensable units of one fill. */
  quantity: Nullable(Type.Integer()),
  quantity_computed: Type.Boolean(),
  refills_allowed: Type.Integer(),
  status: PrescriptionStatus,
  status_reason: Nullable(Type.String()),
  prescribed_date: Instant,
  rxnorm_code: Nullable(Type.String()),
  /** Exact decimal as text. */
  dose_amount: Nullable(Type.String()),
  dose_unit: Nullable(Type.String()),
  dose_route: Nullable(Type.String()),
  times_per_day: Nullable(Type.Integer()),
  interval_hours: Nullable(Type.Integer()),
  duration_days: Nullable(Type.Integer()),
  checks: Type.Array(Check),
  override_reason: Nullable(Type.String()),
  revises: Nullable(Id),
  revised_by: Nullable(Id),
  /** The revision is of another drug than what it revises: its supply begins anew. */
  other_drug: Type.Boolean(),
  /** The prescription that this one goes on from, with a supply of its own. */
  renews: Nullable(Id),
  /** Handed out of the same supply before: of what this one revises. */
  dispensed_before: Type.Integer(),
  dispensed_quantity: Type.Integer(),
  /** quantity × (refills_allowed + 1) − dispensed_before − dispensed_quantity, at least 0; null without a quantity. */
  remaining_quantity: Nullable(Type.Integer()),
  dispenses: Type.Array(Dispense),
  status_changes: Type.Array(StatusChange),
  questions: Type.Array(PrescriptionQuestion),
  /** The pharmacist who looked at it, and why an overridden contraindication was accepted. */
  verified_by: Nullable(Id),
  verified_at: Nullable(Instant),
  verify_reason: Nullable(Type.String()),
  /** The pharmacist who refused it; `status_reason` says why. */
  refused_by: Nullable(Id),
  /** The pharmacist who entered the quantity, where none could be computed, and what it counts. */
  packed_by: Nullable(Id),
  packed_at: Nullable(Instant),
  pack_unit: Nullable(Type.String()),
  /** Given by word of mouth: `entered_by` wrote it down, the doctor countersigns. Null: written by the doctor. */
  verbal: Type.Boolean(),
  countersignature: Nullable(OneOf(['awaited', 'given'])),
  countersigned_at: Nullable(Instant),
  source: Nullable(Type.String()),
  entered_by: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})
export type Prescription = Static<typeof Prescription>

const PrescriptionIds = Type.Object({ id: Id, patient_id: Id, doctor_id: Id, version: Type.Integer() })
const prescriptionEvent = <const V extends string>(verb: V) =>
  event({ service: 'clinical', entity: 'prescription', verb, version: 1, data: PrescriptionIds })

export const prescriptionCreated = prescriptionEvent('created')
export const prescriptionDispensed = prescriptionEvent('dispensed')
export const prescriptionUpdated = prescriptionEvent('updated')

export const prescriptionSteps = steps(PrescriptionStatus, {
  hold: { from: ['active'], to: 'on_hold', event: prescriptionUpdated },
  resume: { from: ['on_hold'], to: 'active', event: prescriptionUpdated },
  discontinue: { from: ['active', 'on_hold'], to: 'discontinued', event: prescriptionUpdated },
  revise: { from: ['active', 'on_hold'], to: 'discontinued', event: prescriptionUpdated },
  renew: { from: ['active', 'completed'], event: prescriptionUpdated },
  verify: { from: ['active'], event: prescriptionUpdated },
  ask: { from: ['active'], to: 'on_hold', event: prescriptionUpdated },
  answer: { from: ['on_hold'], to: 'active', event: prescriptionUpdated },
  refuse: { from: ['active', 'on_hold'], to: 'discontinued', event: prescriptionUpdated },
  pack: { from: ['active', 'on_hold'], event: prescriptionUpdated },
  dispense: { from: ['active'], last: 'completed', event: prescriptionDispensed },
})

/** What a prescription says of the drug; a revision may say any of it anew. */
const drug = {
  medication_name: Line(255),
  dosage: Type.Optional(Nullable(Line(255))),
  frequency: Type.Optional(Nullable(Line(255))),
  duration: Type.Optional(Nullable(Line(255))),
  instructions: Type.Optional(Nullable(Text(4000))),
  quantity: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 }))),
  refills_allowed: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
  rxnorm_code: Type.Optional(Nullable(Type.String({ pattern: '^\\d{1,8}$' }))),
  dose_amount: Type.Optional(Nullable(DecimalInput)),
  dose_unit: Type.Optional(Nullable(Line(30))),
  dose_route: Type.Optional(Nullable(Line(50))),
  times_per_day: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 48 }))),
  interval_hours: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 8760 }))),
  duration_days: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 3650 }))),
}
const who = {
  ...decisions,
  doctor_id: Type.Optional(Id),
  medical_record_id: Type.Optional(Nullable(Id)),
  override_reason: Type.Optional(Line(2000)),
}
const Reason = Closed({ reason: Line(2000) })

const shared = { service: 'clinical', status: 200, answer: Prescription, patient: 'answer.patient_id' } as const

export const listPrescriptions = route({
  service: 'clinical',
  operationId: 'listPrescriptions',
  method: 'GET',
  path: '/api/prescriptions',
  summary: 'Prescriptions, newest first',
  access: 'prescriptions.read',
  query: ListQuery({
    patient_id: Type.Optional(Id),
    doctor_id: Type.Optional(Id),
    status: Type.Optional(PrescriptionStatus),
    /** On hold until the prescriber answers. */
    question: Type.Optional(OneOf(['open'])),
    countersignature: Type.Optional(OneOf(['awaited'])),
  }),
  status: 200,
  answer: Page(Prescription),
  patient: 'answer.patient_id',
})

export const prescribe = route({
  ...shared,
  operationId: 'prescribe',
  method: 'POST',
  path: '/api/prescriptions',
  summary:
    'Prescribe; allergies, duplicate therapy, interactions, dose, age, pregnancy and kidneys are checked: a conflict needs `override_reason`, what was not understood `decisions`',
  access: 'prescriptions.write',
  body: Closed({ patient_id: Id, ...who, prescribed_date: Type.Optional(Instant), ...drug }),
  status: 201,
  problems: [
    'prescription-conflict',
    'checks-undecided',
    'unknown-reference',
    'other-prescriber',
    'validation-failed',
    'patient-archived',
  ],
  events: [prescriptionCreated, alertRaised],
  people: { doctor: 'body.doctor_id' },
})

export const getPrescription = route({
  ...shared,
  operationId: 'getPrescription',
  method: 'GET',
  path: '/api/prescriptions/:id',
  summary: 'One prescription with its hand-outs and status changes',
  access: 'prescriptions.read',
  params: IdParams,
})

export const dispensePrescription = route({
  ...shared,
  operationId: 'dispensePrescription',
  method: 'POST',
  path: '/api/prescriptions/:id/dispense',
  summary:
    'Hand out all or part, one fill at a time; over it and what it revises never more than quantity × (refills_allowed + 1). The last unit completes it',
  access: 'prescriptions.dispense',
  params: IdParams,
  body: Closed({
    quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    notes: Type.Optional(Nullable(Text(2000))),
    override_reason: Type.Optional(Line(2000)),
    ...decisions,
  }),
  problems: [
    'dispense-limit',
    'fill-too-early',
    'not-verified',
    'illegal-transition',
    'prescription-conflict',
    'prescription-expired',
    'checks-undecided',
    'validation-failed',
  ],
  events: [prescriptionDispensed, prescriptionUpdated],
})

export const holdPrescription = route({
  ...shared,
  operationId: 'holdPrescription',
  method: 'POST',
  path: '/api/prescriptions/:id/hold',
  summary: 'Put an active prescription on hold',
  access: 'prescriptions.write',
  params: IdParams,
  body: Reason,
  step: { of: prescriptionSteps, name: 'hold' },
})

export const resumePrescription = route({
  ...shared,
  operationId: 'resumePrescription',
  method: 'POST',
  path: '/api/prescriptions/:id/resume',
  summary: 'Make a prescription on hold active again',
  chart: 'whole',
  access: 'prescriptions.write',
  params: IdParams,
  body: Closed({ reason: Type.Optional(Line(2000)) }),
  problems: ['open-question'],
  step: { of: prescriptionSteps, name: 'resume' },
})

export const discontinuePrescription = route({
  ...shared,
  operationId: 'discontinuePrescription',
  method: 'POST',
  path: '/api/prescriptions/:id/discontinue',
  summary: 'End a prescription for good; open alerts about it are resolved',
  access: 'prescriptions.write',
  params: IdParams,
  body: Reason,
  step: { of: prescriptionSteps, name: 'discontinue' },
})

export const revisePrescription = route({
  ...shared,
  operationId: 'revisePrescription',
  method: 'POST',
  path: '/api/prescriptions/:id/revise',
  summary:
    'Replace a prescription by a new one that says some things anew; answers the new one, the old is discontinued',
  // Its checks tell what else is in the chart.
  chart: 'whole',
  access: 'prescriptions.write',
  params: IdParams,
  body: Type.Partial(Closed({ ...who, ...drug, reason: Line(2000) }), {
    additionalProperties: false,
    minProperties: 1,
  }),
  problems: [
    'prescription-conflict',
    'checks-undecided',
    'unknown-reference',
    'other-prescriber',
    'validation-failed',
    'patient-archived',
  ],
  step: { of: prescriptionSteps, name: 'revise' },
  events: [prescriptionCreated, alertRaised],
  people: { doctor: 'body.doctor_id' },
})

export const renewPrescription = route({
  ...shared,
  operationId: 'renewPrescription',
  method: 'POST',
  path: '/api/prescriptions/:id/renew',
  summary:
    'Prescribe the same again, checked anew and with a supply of its own; answers the new one, an active old one is discontinued',
  chart: 'whole',
  access: 'prescriptions.write',
  params: IdParams,
  body: Closed({ ...who, quantity: drug.quantity, refills_allowed: drug.refills_allowed }),
  problems: [
    'conflict',
    'prescription-conflict',
    'unknown-reference',
    'other-prescriber',
    'validation-failed',
    'patient-archived',
  ],
  step: { of: prescriptionSteps, name: 'renew' },
  events: [prescriptionCreated, alertRaised],
  people: { doctor: 'body.doctor_id' },
})

export const prescribeVerbally = route({
  ...shared,
  operationId: 'prescribeVerbally',
  method: 'POST',
  path: '/api/prescriptions/verbal',
  summary: 'Write down what a doctor ordered by word of mouth; it was read back, and the doctor countersigns it',
  access: 'prescriptions.verbal',
  body: Closed({
    patient_id: Id,
    ...who,
    doctor_id: Id,
    /** The order was read back to the doctor, who confirmed it. */
    read_back: Type.Literal(true),
    ...drug,
  }),
  status: 201,
  problems: [
    'checks-undecided',
    'prescription-conflict',
    'unknown-reference',
    'other-prescriber',
    'validation-failed',
    'patient-archived',
  ],
  events: [prescriptionCreated, alertRaised],
  people: { doctor: 'body.doctor_id' },
})

export const countersignPrescription = route({
  ...shared,
  operationId: 'countersignPrescription',
  method: 'POST',
  path: '/api/prescriptions/:id/countersign',
  summary: 'The doctor whose order it was signs what was written down',
  access: 'prescriptions.write',
  params: IdParams,
  body: Closed({}),
  problems: ['conflict', 'other-prescriber'],
  events: [prescriptionUpdated],
})
