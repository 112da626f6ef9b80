import { LabReferenceRange } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import type { Range } from './rules.ts'

export const labReferenceRanges = table('lab_reference_ranges', LabReferenceRange, {
  made: ['id', 'created_at', 'updated_at', 'version'],
  readAs: {
    molar_mass: 'number',
    reference_low: 'number',
    reference_high: 'number',
    critical_low: 'number',
    critical_high: 'number',
  },
})
const columns = labReferenceRanges.columns()

export const lockRange = (tx: TenantTx, id: number): Promise<Range | null> =>
  tx.maybeOne(sql.type(LabReferenceRange)`SELECT ${columns} FROM lab_reference_ranges WHERE id = ${id} FOR UPDATE`)

/** By name; `after` is the place of the last range of the page before. */
export const listRanges = (
  tx: TenantTx,
  filter: { name?: string; status?: string },
  after: { name: string; id: number } | null,
  limit: number,
): Promise<readonly Range[]> => {
  const conditions = [
    sql.fragment`TRUE`,
    ...(filter.name === undefined ? [] : [sql.fragment`lower(name) = lower(${filter.name})`]),
    ...(filter.status === undefined ? [] : [sql.fragment`status = ${filter.status}`]),
    ...(after === null ? [] : [sql.fragment`(lower(name), id) > (lower(${after.name}), ${after.id}::bigint)`]),
  ]
  return tx.any(sql.type(LabReferenceRange)`
    SELECT ${columns} FROM lab_reference_ranges WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY lower(name), id LIMIT ${limit}`)
}

/** The active ranges that may apply to these results. */
export const rangesFor = (
  tx: TenantTx,
  analytes: readonly { name: string; code?: string | null | undefined }[],
): Promise<readonly Range[]> => {
  const names = analytes.map(({ name }) => name.trim().toLowerCase())
  const codes = analytes.flatMap(({ code }) => (code ? [code] : []))
  return tx.any(sql.type(LabReferenceRange)`
    SELECT ${columns} FROM lab_reference_ranges
    WHERE status = 'active' AND (lower(name) = ANY(${sql.array(names, 'text')}) OR code = ANY(${sql.array(codes, 'text')}))`)
}
