import { PatientSex } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { loadGrade } from '../lab-tests/grading-work.ts'
import { isCritical } from '../lab-tests/rules.ts'
import { gradeImported } from './grading-rules.ts'
import type { ImportedResult, LabTestDraft } from './plan-mapping.ts'

type PlacedDraft = LabTestDraft & { patient_id: number }

const Person = Type.Object({
  id: Type.Integer(),
  date_of_birth: Type.String(),
  sex: PatientSex,
})
const Hours = Type.Object({ hours: Type.Integer() })
const hourMs = 3_600_000

/** A test of an import, graded, and whether it asks a doctor. */
export interface GradedTest {
  results: ImportedResult[]
  critical: 'unacknowledged' | null
}

/** Vital signs are kept as they were measured: no laboratory answers for them. */
const isLaboratory = ({ test_type }: LabTestDraft) => test_type !== 'vital-signs'

/**
 * Grades what was imported as if it had been measured here. What is critical and became known within the hospital's
 * `critical_import_hours` asks a doctor; of older values the flag tells alone.
 */
export async function gradeDrafts(tx: TenantTx, drafts: readonly PlacedDraft[], now: Date): Promise<GradedTest[]> {
  const orderOf = ({ test_name, code }: LabTestDraft) => ({ name: test_name, code })
  const ids = [...new Set(drafts.map(({ patient_id }) => patient_id))]
  const people = await tx.any(sql.type(Person)`
    SELECT id, date_of_birth, sex FROM patients WHERE id = ANY(${sql.array(ids, 'int8')})`)
  const personOf = new Map(people.map((person) => [person.id, person]))
  const hours = await tx.oneFirst(sql.type(Hours)`SELECT critical_import_hours AS hours FROM clinical_settings`)
  const measured = drafts.filter(isLaboratory).map((draft) => ({ order: orderOf(draft), inputs: draft.results }))
  const grade = await loadGrade(tx, measured)
  return drafts.map((draft) => {
    if (!isLaboratory(draft)) return { results: draft.results, critical: null }
    const { sex = 'unknown' as const, date_of_birth = '' } = personOf.get(draft.patient_id) ?? {}
    const person = { sex, dateOfBirth: date_of_birth, at: draft.observed_at }
    const results = draft.results.map((result) =>
      gradeImported(result, (input) => grade(input, orderOf(draft), person, true)),
    )
    const isRecent = Date.parse(draft.results_date) >= now.getTime() - hours * hourMs
    return { results, critical: isRecent && isCritical(results) ? 'unacknowledged' : null }
  })
}
