import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, Instant, Line, MergePatch } from '../kernel/schema.ts'

const fields = {
  /** Results are verified by another person than who entered them. */
  lab_verifier_must_differ: Type.Boolean(),
  /** Charts open only to those who care for the patient; see break-glass. */
  care_relation_required: Type.Boolean(),
  /** A critical result that nobody has acknowledged for so many minutes escalates. */
  critical_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  /** It goes to the first of these roles that somebody active has. */
  critical_escalation_roles: Type.Array(Line(100), { minItems: 1, maxItems: 20, uniqueItems: true }),
  /** An imported critical result asks a doctor where it became known within so many hours; of older ones the flag tells. */
  critical_import_hours: Type.Integer({ minimum: 0, maximum: 8760 }),
  /** A result is compared with the patient's last one of so many days. */
  delta_days: Type.Integer({ minimum: 1, maximum: 3650 }),
  /** From which change on somebody should look, in per cent of the last value; before what was published. */
  delta_limits: Type.Array(
    Closed({ name: Line(255), percent: Type.Number({ exclusiveMinimum: 0, maximum: 10_000 }) }),
    {
      maxItems: 500,
    },
  ),
  /** The next fill may be handed out so many days before the last one is used up, at most a quarter of the fill. */
  early_refill_days: Type.Integer({ minimum: 0, maximum: 30 }),
  /** How long a prescription can be handed out. */
  prescription_valid_months: Type.Integer({ minimum: 1, maximum: 24 }),
  /** The same for controlled drugs. */
  controlled_valid_days: Type.Integer({ minimum: 1, maximum: 365 }),
  /** Nothing is handed out that no pharmacist has verified. */
  pharmacist_verifies_first: Type.Boolean(),
}

export const ClinicalSettings = Type.Object({ ...fields, updated_at: Instant, version: Type.Integer() })

export const getClinicalSettings = route({
  service: 'clinical',
  operationId: 'getClinicalSettings',
  method: 'GET',
  path: '/api/clinical-settings',
  summary: 'How this hospital works, clinically',
  access: 'hospital.manage',
  status: 200,
  answer: ClinicalSettings,
})

export const changeClinicalSettings = route({
  service: 'clinical',
  operationId: 'changeClinicalSettings',
  method: 'PATCH',
  path: '/api/clinical-settings',
  summary: 'Change how this hospital works, clinically',
  access: 'hospital.manage',
  body: MergePatch(Closed(fields)),
  status: 200,
  answer: ClinicalSettings,
})
