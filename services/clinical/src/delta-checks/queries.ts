import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { completeResult, type Result } from '../lab-tests/grading-rules.ts'
import type { Tested } from './rules.ts'

const Row = Type.Object({
  id: Type.Integer(),
  patient_id: Type.Integer(),
  test_name: Type.String(),
  code: Type.Union([Type.String(), Type.Null()]),
  results: Type.Unsafe<Partial<Result>[] | null>({}),
  at: Type.String(),
})

const columns = sql.fragment`
  id, patient_id, test_name, code, results, coalesce(sample_collected_date, results_date, ordered_date) AS at`

export async function findTested(tx: TenantTx, id: number): Promise<(Tested & { patient_id: number }) | null> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM lab_tests WHERE id = ${id}`)
  return row && { ...row, results: (row.results ?? []).map(completeResult) }
}

/** The patient's tests with results whose specimen was taken in the days before this one's, newest first. */
export async function listEarlier(
  tx: TenantTx,
  test: Tested & { patient_id: number },
  days: number,
): Promise<Tested[]> {
  const rows = await tx.any(sql.type(Row)`
    SELECT ${columns} FROM lab_tests
    WHERE patient_id = ${test.patient_id} AND id <> ${test.id} AND status IN ('resulted', 'verified')
      AND coalesce(sample_collected_date, results_date, ordered_date) < ${test.at}::timestamptz
      AND coalesce(sample_collected_date, results_date, ordered_date) >= ${test.at}::timestamptz - make_interval(days => ${days}::int)
    ORDER BY coalesce(sample_collected_date, results_date, ordered_date) DESC, id DESC LIMIT 200`)
  return rows.map((row) => ({ ...row, results: (row.results ?? []).map(completeResult) }))
}
