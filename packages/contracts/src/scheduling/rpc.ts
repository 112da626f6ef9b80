import { Type } from '@sinclair/typebox'
import { rpc } from '../kernel/rpc.ts'
import { Id, Instant, Nullable } from '../kernel/schema.ts'

/** The appointments of one patient, newest first by (appointment_date, id), strictly before a place in that order. */
export const listPatientAppointments = rpc({
  subject: 'rpc.scheduling.list_patient_appointments',
  request: Type.Object({
    tenant_id: Type.String(),
    patient_id: Id,
    before: Nullable(Type.Object({ at: Instant, id: Type.Integer({ minimum: 0, maximum: 2_147_483_648 }) })),
    limit: Type.Integer({ minimum: 1, maximum: 101 }),
  }),
  reply: Type.Object({
    appointments: Type.Array(
      Type.Object({
        id: Id,
        appointment_date: Instant,
        appointment_type: Nullable(Type.String()),
        status: Type.String(),
        doctor_id: Id,
      }),
    ),
  }),
})
