import { createHash } from 'node:crypto'
import type { MedicalRecord, RecordAddendum, Static } from '@hospital/contracts'

type SignedRecord = Static<typeof MedicalRecord>
type Addendum = Static<typeof RecordAddendum>

/** JSON with sorted keys and no spaces: the same content is always the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

const sha256 = (content: unknown): string => createHash('sha256').update(canonicalJson(content)).digest('hex')

/** What a signature stands for: the whole clinical content, whose it is, and who signed it when. */
const signedFields = [
  'id',
  'doctor_id',
  'visit_date',
  'chief_complaint',
  'diagnosis',
  'diagnoses',
  'treatment_plan',
  'prescriptions',
  'vital_signs',
  'lab_results',
  'notes',
  'follow_up_required',
  'follow_up_date',
  'source',
  'created_by',
  'created_at',
  'version',
] as const

/** Who signs, when, and for which patient. */
export interface Signing {
  signed_by: number
  signed_at: string
  patient_id: number
}

/** The digest of a record as it is signed: sha-256 over the canonical JSON of its content and the signing. */
export function recordDigest(
  record: Pick<SignedRecord, (typeof signedFields)[number]>,
  { signed_by, signed_at, patient_id }: Signing,
): string {
  const content = Object.fromEntries(signedFields.map((field) => [field, record[field]]))
  return sha256({ ...content, signed_by, signed_at, patient_id })
}

/** The digest of an addendum; over the digest of its record too, so it cannot move to another. */
export const addendumDigest = (
  recordDigestText: string,
  { text, reason, created_by, created_at }: Pick<Addendum, 'text' | 'reason' | 'created_by' | 'created_at'>,
): string => sha256({ record: recordDigestText, text, reason, created_by, created_at })

export type Verdict =
  | { id: number; outcome: 'intact' | 'unsigned' }
  | { id: number; outcome: 'altered'; parts: string[] }

/** Does a signed record, as the API gives it, still say what was signed? Needs nothing but the record. */
export function verifyRecord(record: SignedRecord): Verdict {
  const { id, signature } = record
  if (signature === null) return { id, outcome: 'unsigned' }
  const isIntact = recordDigest(record, signature) === signature.digest
  const alteredAddenda = record.addenda.filter((item) => addendumDigest(signature.digest, item) !== item.digest)
  const parts = [...(isIntact ? [] : ['record']), ...alteredAddenda.map((item) => `addendum ${item.id}`)]
  return parts.length === 0 ? { id, outcome: 'intact' } : { id, outcome: 'altered', parts }
}
