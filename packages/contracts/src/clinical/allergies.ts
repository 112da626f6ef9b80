import { type Static, Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import {
  Closed,
  Id,
  IdParams,
  Instant,
  Line,
  ListQuery,
  MergePatch,
  Nullable,
  OneOf,
  Page,
  Text,
} from '../kernel/schema.ts'
import { CheckDecision } from './checks.ts'

export const AllergySeverity = OneOf(['mild', 'moderate', 'severe'])
export const AllergyStatus = OneOf(['active', 'resolved', 'entered_in_error'])

export const Allergy = Type.Object({
  id: Id,
  patient_id: Id,
  substance: Type.String(),
  /** RxNorm or SNOMED CT, as it was recorded. */
  code: Nullable(Type.String()),
  reaction: Nullable(Type.String()),
  severity: Nullable(AllergySeverity),
  status: AllergyStatus,
  source: Nullable(Type.String()),
  entered_by: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})
export type Allergy = Static<typeof Allergy>

/** Somebody's statement that the patient has no known allergies. */
export const AllergyAttestation = Type.Object({
  id: Id,
  patient_id: Id,
  no_known_allergies: Type.Boolean(),
  attested_by: Nullable(Id),
  attested_at: Instant,
  version: Type.Integer(),
})

const AllergyIds = Type.Object({ id: Id, patient_id: Id, version: Type.Integer() })

export const allergyRecorded = event({
  service: 'clinical',
  entity: 'allergy',
  verb: 'created',
  version: 1,
  data: AllergyIds,
})
export const allergyChanged = event({
  service: 'clinical',
  entity: 'allergy',
  verb: 'updated',
  version: 1,
  data: AllergyIds,
})
export const noAllergiesAttested = event({
  service: 'clinical',
  entity: 'allergy_attestation',
  verb: 'created',
  version: 1,
  data: AllergyIds,
})

/** Something that alerts about prescriptions in use; see alerts. */
export const alertRaised = event({
  service: 'clinical',
  entity: 'alert',
  verb: 'raised',
  version: 1,
  data: Type.Object({ id: Id, patient_id: Id, prescription_id: Id, doctor_id: Id, version: Type.Integer() }),
})

const optional = {
  code: Nullable(Line(50)),
  reaction: Nullable(Text(2000)),
  severity: Nullable(AllergySeverity),
}

// Everybody who works with records or prescriptions holds prescriptions.read, the Pharmacist included.
export const listAllergies = route({
  service: 'clinical',
  operationId: 'listAllergies',
  method: 'GET',
  path: '/api/patients/:id/allergies',
  summary: 'Allergies of a patient, newest first, and whether somebody attested that there are none',
  access: 'prescriptions.read',
  params: IdParams,
  query: ListQuery({ status: Type.Optional(AllergyStatus) }),
  status: 200,
  answer: Type.Object({
    ...Page(Allergy).properties,
    no_known_allergies: Nullable(AllergyAttestation),
    /** What was decided about entries that the checks do not understand; those that still hold, oldest first. */
    decisions: Type.Array(CheckDecision),
  }),
  patient: 'path.id',
})

export const recordAllergy = route({
  service: 'clinical',
  operationId: 'recordAllergy',
  method: 'POST',
  path: '/api/patients/:id/allergies',
  summary: 'Record an allergy; prescriptions in use are checked against it and alerts raised',
  access: 'records.write',
  params: IdParams,
  body: Closed({
    substance: Line(255),
    ...Type.Partial(Type.Object({ ...optional, status: AllergyStatus })).properties,
  }),
  status: 201,
  answer: Allergy,
  events: [allergyRecorded, alertRaised],
  patient: 'answer.patient_id',
})

export const changeAllergy = route({
  service: 'clinical',
  operationId: 'changeAllergy',
  method: 'PATCH',
  path: '/api/allergies/:id',
  summary: 'Change an allergy; `resolved` or `entered_in_error` takes it out of the checks, it is never deleted',
  access: 'records.write',
  params: IdParams,
  body: MergePatch(Closed({ substance: Line(255), ...optional, status: AllergyStatus })),
  status: 200,
  answer: Allergy,
  events: [allergyChanged, alertRaised],
  patient: 'answer.patient_id',
})

export const attestNoAllergies = route({
  service: 'clinical',
  operationId: 'attestNoAllergies',
  method: 'POST',
  path: '/api/patients/:id/allergies/none',
  summary: 'Attest that the patient has no known allergies; ends with the next allergy recorded',
  access: 'records.write',
  params: IdParams,
  status: 200,
  answer: AllergyAttestation,
  problems: ['active-allergies'],
  events: [noAllergiesAttested],
  patient: 'answer.patient_id',
})
