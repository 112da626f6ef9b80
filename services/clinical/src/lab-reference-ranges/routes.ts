import {
  changeLabReferenceRange,
  createLabReferenceRange,
  LabReferenceRange,
  listLabReferenceRanges,
  problem,
  withNulls,
} from '@hospital/contracts'
import { onConstraint } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { Type } from '@sinclair/typebox'
import { readUnit } from '../lab-tests/unit-rules.ts'
import { labReferenceRanges, listRanges, lockRange } from './queries.ts'
import { findRangeBreaches, type RangeContent } from './rules.ts'

const Content = Type.Omit(LabReferenceRange, ['id', 'created_at', 'updated_at', 'version'])

function checkRange(range: RangeContent): void {
  const errors = findRangeBreaches(range)
  if (errors.length > 0) throw problem('validation-failed', { errors })
}

/** Printed forms of units are kept as UCUM writes them, as those of results are. */
const inUcum = <R extends { unit?: string | null }>(range: R): R =>
  range.unit ? { ...range, unit: readUnit(range.unit) ?? range.unit } : range

const orConflict = <T>(write: () => Promise<T>): Promise<T> =>
  onConstraint(
    {
      lab_reference_ranges_one_active: () =>
        problem('conflict', { detail: 'There is an active range of this name for the same sex and ages.' }),
    },
    write,
  )

/** What is normal for whom: kept by the hospital, copied into results as they are entered. */
export const labReferenceRangeRoutes = (): Route[] => [
  handle(listLabReferenceRanges, async (tx, { query: { limit, cursor, ...filter } }) => {
    const position = decodeCursor(cursor, ['text', 'number'])
    const after = position && { name: position[0], id: position[1] }
    return toPage(await listRanges(tx, filter, after, limit + 1), limit, (range) => [range.name, range.id])
  }),

  handle(createLabReferenceRange, async (tx, { body }) => {
    const range = withNulls(Content, { ...inUcum(body), status: 'active' })
    checkRange(range)
    return orConflict(() => labReferenceRanges.insert(tx, range))
  }),

  handle(changeLabReferenceRange, {
    load: (tx, { params }) => lockRange(tx, params.id),
    work: async (tx, { current, body }) => {
      const changes = inUcum(body)
      checkRange({ ...current, ...changes })
      return orConflict(() => labReferenceRanges.update(tx, current, changes))
    },
  }),
]
