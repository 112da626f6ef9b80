import { isInstant, problem } from '@hospital/contracts'

/** The place in a list after which the next page begins: the sort values of the last row, the id last. */
export type Position = readonly (string | number | null)[]

/** Opaque to clients: base64url of the position. */
export const encodeCursor = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url')

/** What a part of a cursor can be; a number is a row id or a rank, which are INTEGER everywhere. */
const isPart = {
  text: (part: unknown): boolean => typeof part === 'string' && !part.includes('\u0000'),
  instant: (part: unknown): boolean => typeof part === 'string' && isInstant(part),
  number: (part: unknown): boolean => Number.isInteger(part) && Math.abs(part as number) <= 2_147_483_647,
}

type PartOf<Kind> = Kind extends 'number' ? number : string

/**
 * Reads a cursor back. `shape` names the type of each part, so that what a made-up cursor holds fits its column.
 * @throws problem `invalid-cursor`
 */
export function decodeCursor<const S extends readonly (keyof typeof isPart)[]>(
  cursor: string | undefined,
  shape: S,
): { [K in keyof S]: PartOf<S[K]> } | null {
  if (cursor === undefined) return null
  const refuse = problem('invalid-cursor', {
    errors: [{ pointer: 'query:cursor', detail: 'is not a cursor of this list' }],
  })
  let position: unknown
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw refuse
  }
  const fits =
    Array.isArray(position) && position.length === shape.length && shape.every((kind, i) => isPart[kind](position[i]))
  if (!fits) throw refuse
  return position as { [K in keyof S]: PartOf<S[K]> }
}

/**
 * Makes a page of rows that were read with `LIMIT limit + 1`: the extra row only tells that there are more.
 * `positionOf` gives the sort values of a row, in the order of ORDER BY.
 */
export function toPage<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => Position) {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  return { data, page: { next_cursor: rows.length > limit && last ? encodeCursor(positionOf(last)) : null } }
}
