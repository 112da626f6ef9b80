import pg from 'pg'

type Parse = (text: string) => unknown

const instant: Parse = (text) => (text.includes('infinity') ? text : new Date(text).toISOString())

const safeInteger: Parse = (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the integers that JSON can carry`)
  return value
}

const asWritten: Parse = (text) => text

/**
 * How column types arrive: int8 and counts as numbers, instants as ISO text in UTC with milliseconds, days as
 * YYYY-MM-DD, decimals exactly as written. Keys are PostgreSQL's fixed type oids: [type, array of it].
 */
const parsers: readonly [oid: number, arrayOid: number, Parse][] = [
  [20, 1016, safeInteger], // int8
  [1082, 1182, asWritten], // date
  [1114, 1115, asWritten], // timestamp
  [1184, 1185, instant], // timestamptz
  [1186, 1187, asWritten], // interval
  [1700, 1231, asWritten], // numeric
]

/** pg's own parsers; its types know only the oids of an enum. */
const builtIn = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse

const textArray = 1009
const parseArray = builtIn(textArray)

const deep = (value: unknown, parse: Parse): unknown =>
  Array.isArray(value) ? value.map((item) => deep(item, parse)) : value === null ? null : parse(String(value))

const byOid = new Map<number, Parse>(
  parsers.flatMap(([oid, arrayOid, parse]): [number, Parse][] => [
    [oid, parse],
    [arrayOid, (text) => deep(parseArray(text), parse)],
  ]),
)

/** The parser of a column, ours or pg's own. */
export const typeParsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parse => byOid.get(oid) ?? builtIn(oid, format),
}
