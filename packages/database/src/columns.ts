import type { TObject } from '@sinclair/typebox'
import { sql } from './sql.ts'

export type Fragment = ReturnType<typeof sql.fragment>

const comma = sql.fragment`, `

/** Columns, values or assignments, one after the other. */
export const listed = (parts: readonly (Fragment | ReturnType<typeof sql.identifier>)[]): Fragment =>
  sql.fragment`${sql.join(parts, comma)}`

/** The condition that a column is one of these ids, written with commas as a list's `ids`; none without them. */
export const among = (ids: string | undefined, alias: string): Fragment =>
  ids === undefined
    ? sql.fragment`TRUE`
    : sql.fragment`${sql.identifier([alias, 'id'])} = ANY(string_to_array(${ids}, ',')::bigint[])`

/** Numerics are read as JSON numbers, or as exact decimals in text without trailing zeros. */
export type ReadAs = Readonly<Record<string, 'number' | 'decimal' | undefined>>

/** `p.id, p.patient_id, …` for SELECT and RETURNING, with the alias before each. */
export const columnsRead = (names: readonly string[], alias: string, as: ReadAs = {}): Fragment =>
  listed(
    names.map((column) => {
      const place = sql.identifier([alias, column])
      if (as[column] === 'number') return sql.fragment`${place}::float8 AS ${sql.identifier([column])}`
      if (as[column] === 'decimal') return sql.fragment`trim_scale(${place})::text AS ${sql.identifier([column])}`
      return sql.fragment`${place}`
    }),
  )

const isFragment = (value: unknown): value is Fragment =>
  typeof value === 'object' && value !== null && 'sql' in value && 'values' in value && 'type' in value

/**
 * The columns that are given, each with what to write into it; `n` is the record made of the plain values.
 * @throws TypeError when something given is no column
 */
export function assignments(row: TObject, given: object) {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  const stranger = entries.find(([column]) => !(column in row.properties))
  if (stranger !== undefined) throw new TypeError(`${stranger[0]} is no column of the table`)
  const pairs = entries.map(([name, value]) => {
    const column = sql.identifier([name])
    return { column, expression: isFragment(value) ? value : sql.fragment`n.${column}` }
  })
  return {
    columns: listed(pairs.map(({ column }) => column)),
    expressions: listed(pairs.map(({ expression }) => expression)),
    /** `column = expression`, for UPDATE. */
    settings: pairs.map(({ column, expression }) => sql.fragment`${column} = ${expression}`),
    plain: JSON.stringify(Object.fromEntries(entries.filter(([, value]) => !isFragment(value)))),
  }
}

/** The columns that are given, as one word to compare. */
export const namesOf = (values: object): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [name]))
    .sort()
    .join()
