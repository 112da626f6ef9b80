import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { rangesFor } from '../lab-reference-ranges/queries.ts'
import { chooseRanges, type Range } from '../lab-reference-ranges/rules.ts'
import { sexOf } from '../lab-reference-ranges/sex-rules.ts'
import { isCritical } from '../lab-tests/rules.ts'
import { gradeImported } from './grading-rules.ts'
import type { ImportedResult, LabTestDraft } from './plan-mapping.ts'

const Person = Type.Object({
  id: Type.Integer(),
  date_of_birth: Type.String(),
  gender: Type.Union([Type.String(), Type.Null()]),
})

/** The ranges that may speak of a result, found without looking at all of them for each of thousands. */
function indexRanges(ranges: readonly Range[]): (result: ImportedResult) => Range[] {
  const wordOf = ({ name }: { name: string }) => name.trim().toLowerCase()
  const [byName, byCode] = [Map.groupBy(ranges, wordOf), Map.groupBy(ranges, ({ code }) => code)]
  return (result) => {
    const coded = result.code === null ? [] : (byCode.get(result.code) ?? [])
    return [...new Set([...(byName.get(wordOf(result)) ?? []), ...coded])]
  }
}

const hourMs = 3_600_000

/** A test of an import, graded, and whether it asks a doctor. */
export interface GradedTest {
  results: ImportedResult[]
  critical: 'unacknowledged' | null
}

/**
 * Grades what was imported by the hospital's ranges, as if it had been measured here. What is critical and became known
 * within the hospital's `critical_import_hours` asks a doctor; of older values the flag tells alone.
 */
export async function gradeDrafts(
  tx: TenantTx,
  drafts: readonly (LabTestDraft & { patient_id: number })[],
  now: Date,
): Promise<GradedTest[]> {
  const ids = [...new Set(drafts.map(({ patient_id }) => patient_id))]
  const people = await tx.any(sql.type(Person)`
    SELECT id, date_of_birth, gender FROM patients WHERE id = ANY(${sql.array(ids, 'int8')})`)
  const personOf = new Map(people.map((person) => [person.id, person]))
  const hours = await tx.oneFirst(
    sql.type(Type.Object({ hours: Type.Integer() }))`SELECT critical_import_hours AS hours FROM clinical_settings`,
  )
  const candidates = indexRanges(
    await rangesFor(
      tx,
      drafts.flatMap(({ results }) => results),
    ),
  )
  return drafts.map(({ patient_id, observed_at, results_date, results }) => {
    const person = personOf.get(patient_id)
    const subject = { sex: sexOf(person?.gender ?? null), dateOfBirth: person?.date_of_birth ?? '', at: observed_at }
    const graded = results.map((result) => gradeImported(result, chooseRanges(candidates(result), result, subject)))
    const isRecent = Date.parse(results_date) >= now.getTime() - hours * hourMs
    return { results: graded, critical: isRecent && isCritical(graded) ? 'unacknowledged' : null }
  })
}
