import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, Id } from '../kernel/schema.ts'
import { alertRaised, allergyRecorded } from './allergies.ts'
import { labTestCollected, labTestCritical, labTestOrdered, labTestResulted, labTestVerified } from './lab-tests.ts'
import { medicalRecordCreated } from './medical-records.ts'
import { patientCreated } from './patients.ts'
import { prescriptionCreated } from './prescriptions.ts'

const sixtyFourMebibytes = 64 * 1024 * 1024

/** What a bundle brought: rows made, resources left out and why, and whether everything was here already. */
export const ImportReport = Type.Object({
  imported: Type.Object({
    patients: Type.Integer(),
    medical_records: Type.Integer(),
    prescriptions: Type.Integer(),
    lab_tests: Type.Integer(),
    allergies: Type.Integer(),
  }),
  skipped: Type.Array(Type.Object({ resource_type: Type.String(), count: Type.Integer(), reason: Type.String() })),
  /** True when this bundle was imported before, so that nothing changed. */
  unchanged: Type.Boolean(),
  /** The patients of the bundle, made now or before. */
  patient_ids: Type.Array(Id),
})

export const importFhirBundle = route({
  service: 'clinical',
  operationId: 'importFhirBundle',
  method: 'POST',
  path: '/api/imports/fhir',
  summary: 'Import a FHIR R4 transaction or collection Bundle: all of it or nothing; a second time changes nothing',
  access: 'data.import',
  query: Closed({ doctor_id: Type.Optional(Id) }),
  // Read by the import itself, which names what is wrong by JSON Pointer as `invalid-bundle`.
  body: Type.Unknown(),
  status: 200,
  answer: ImportReport,
  problems: ['malformed-json', 'invalid-bundle', 'payload-too-large', 'unknown-reference'],
  // What the front door tells of each row, and what drugs and allergies mean for those who were here before.
  events: [
    patientCreated,
    medicalRecordCreated,
    prescriptionCreated,
    labTestOrdered,
    labTestCollected,
    labTestResulted,
    labTestCritical,
    labTestVerified,
    allergyRecorded,
    alertRaised,
  ],
  people: { doctor: 'query.doctor_id' },
  bodyLimit: sixtyFourMebibytes,
  // Bundles without white space have one in 23 bytes.
  bodyValues: 4_000_000,
  consumes: ['application/fhir+json'],
})
