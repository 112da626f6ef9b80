import { Type } from '@sinclair/typebox'
import { chartAreas } from '../kernel/permissions.ts'
import { rpc } from '../kernel/rpc.ts'
import { Id, Nullable, OneOf } from '../kernel/schema.ts'
import { PatientFacts } from './patients.ts'

/** The facts of one patient, asked when a reference copy has not arrived yet. null: nobody by that id. */
export const getPatientFacts = rpc({
  subject: 'rpc.clinical.get_patient_facts',
  request: Type.Object({ tenant_id: Type.String(), patient_id: Id }),
  reply: Nullable(PatientFacts),
})

/** The facts of many patients by id, for the reconciler; `checksum` over (id, version) of all. */
export const listPatientFacts = rpc({
  subject: 'rpc.clinical.list_patient_facts',
  request: Type.Object({ tenant_id: Type.String(), after_id: Type.Integer(), limit: Type.Integer() }),
  reply: Type.Object({ patients: Type.Array(PatientFacts), checksum: Type.String() }),
})

/** What of these patients' charts is open to a person with these permissions; all where the hospital does not ask. */
export const getOpenCharts = rpc({
  subject: 'rpc.clinical.get_open_charts',
  request: Type.Object({
    tenant_id: Type.String(),
    user_id: Id,
    permissions: Type.Array(Type.String()),
    patient_ids: Type.Array(Id, { maxItems: 100 }),
  }),
  reply: Type.Object({
    charts: Type.Array(Type.Object({ patient_id: Id, areas: Type.Array(OneOf(chartAreas)) })),
  }),
})
