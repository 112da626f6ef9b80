import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RouteContract } from '@hospital/contracts'
import { addressOf } from '../upstream/upstreams.ts'
import { carryOut, type GraphqlContext, type OperationDeps, once } from './operation.ts'

/** How one row is read by its id, and how several are, by the list's `ids`. */
export interface RowSource {
  one: RouteContract
  list: RouteContract
}

const mostIds = 100

/** The rows of these ids that the list shows; none where it refuses: each is then asked for by itself, and says why. */
async function readRows(deps: OperationDeps, list: RouteContract, context: GraphqlContext, ids: readonly number[]) {
  const asked = { ids: ids.join(','), limit: ids.length }
  const answer = (await carryOut(deps, list, context, asked).catch(() => null)) as { data?: { id: number }[] } | null
  return (answer?.data ?? []).map((row): [number, unknown] => [row.id, row])
}

async function readBatch(deps: OperationDeps, { list }: RowSource, context: GraphqlContext, ids: ReadonlySet<number>) {
  await nextTurn()
  context.batches.delete(list.operationId)
  if (ids.size < 2) return new Map()
  const all = [...ids]
  const parts = Array.from({ length: Math.ceil(all.length / mostIds) }, (_, i) =>
    all.slice(i * mostIds, (i + 1) * mostIds),
  )
  const read = await Promise.all(parts.map((part) => readRows(deps, list, context, part)))
  return new Map(read.flat())
}

function batchOf(deps: OperationDeps, source: RowSource, context: GraphqlContext) {
  const begun = context.batches.get(source.list.operationId)
  if (begun !== undefined) return begun
  const ids = new Set<number>()
  const batch = { ids, rows: readBatch(deps, source, context, ids) }
  context.batches.set(source.list.operationId, batch)
  return batch
}

/** Reads a row that another one refers to: those of one turn together, and each once for a document. */
export function load(deps: OperationDeps, source: RowSource, context: GraphqlContext, id: number): Promise<unknown> {
  const address = addressOf(source.one, { path: { id }, query: {} })
  return once(context, address, async () => {
    const { ids, rows } = batchOf(deps, source, context)
    ids.add(id)
    return (await rows).get(id) ?? carryOut(deps, source.one, context, { id })
  })
}
