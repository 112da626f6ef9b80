import { LabReferenceRange } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import type { Range, RangeContent } from './rules.ts'

const columns = sql.fragment`id, name, code, unit, molar_mass::float8, sex, age_min, age_max, reference_low::float8,
  reference_high::float8, critical_low::float8, critical_high::float8, status, created_at, updated_at, version`

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

const contentColumns = sql.fragment`name, code, unit, molar_mass, sex, age_min, age_max, reference_low, reference_high,
  critical_low, critical_high, status`

const contentValues = (
  r: RangeContent,
) => sql.fragment`${r.name}, ${r.code}, ${r.unit}, ${r.molar_mass}::numeric, ${r.sex},
  ${r.age_min}, ${r.age_max}, ${r.reference_low}::numeric, ${r.reference_high}::numeric, ${r.critical_low}::numeric,
  ${r.critical_high}::numeric, ${r.status}`

export const insertRange = (tx: TenantTx, range: RangeContent): Promise<Range> =>
  tx.one(sql.type(LabReferenceRange)`
    INSERT INTO lab_reference_ranges (${contentColumns}) VALUES (${contentValues(range)}) RETURNING ${columns}`)

export const updateRange = (tx: TenantTx, id: number, range: RangeContent): Promise<Range> =>
  tx.one(sql.type(LabReferenceRange)`
    UPDATE lab_reference_ranges SET (${contentColumns}) = (${contentValues(range)}), updated_at = now(), version = version + 1
    WHERE id = ${id} RETURNING ${columns}`)
