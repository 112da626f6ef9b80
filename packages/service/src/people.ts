import type { NamedPeople, RequestContext, RouteContract } from '@hospital/contracts'
import { type Database, sql } from '@hospital/database'
import { type TObject, Type } from '@sinclair/typebox'
import type { Deps } from './deps.ts'
import { fetchCopy } from './reference-copies.ts'
import { userCopies } from './user-copies.ts'

type Kind = keyof NamedPeople
interface Person {
  kind: Kind
  id: number
}

/** Brings the copy of somebody whose event has not arrived yet; whoever is not there is nobody's mistake here. */
export type FetchPerson = (context: RequestContext, id: number) => Promise<void>
export type FetchPeople = Readonly<Partial<Record<Kind, FetchPerson>>>

const tableOf = { staff: 'staff', doctor: 'doctors', patient: 'patients' } as const satisfies Record<Kind, string>

/** Staff and doctors are copies of identity's users: asks identity for one. */
export const fetchUser =
  (deps: Pick<Deps, 'database' | 'messaging'>): FetchPerson =>
  (context, userId) =>
    fetchCopy(deps, userCopies(deps), context, userId)

/** Copies that were seen here, by hospital: rows are never deleted, so this never turns wrong. */
const seen = new WeakMap<Database, Map<string, Set<string>>>()
const mostSeenOfOneHospital = 20_000

function seenIn(database: Database, tenantId: string): Set<string> {
  const hospitals = seen.get(database) ?? new Map<string, Set<string>>()
  seen.set(database, hospitals)
  const known = hospitals.get(tenantId) ?? new Set<string>()
  hospitals.set(tenantId, known)
  if (known.size > mostSeenOfOneHospital) known.clear()
  return known
}

const nameOf = ({ kind, id }: Person): string => `${kind} ${id}`

interface Named {
  params: unknown
  query: unknown
  body: unknown
}

/**
 * Who makes something new and names no doctor may be the doctor. A change leaves the field as it is, and where the field
 * may be null nobody is meant.
 */
const meansActor = ({ method, body }: RouteContract, place: string, field: string): boolean => {
  const type: unknown = (body as TObject | undefined)?.properties?.[field]?.['type']
  return method === 'POST' && place === 'body' && !(Array.isArray(type) && type.includes('null'))
}

/** Whom an operation refers to: who writes, and whom its contract says that the request names. */
export function peopleOf(contract: RouteContract, actorId: number, { params, query, body }: Named): Person[] {
  const named = Object.entries(contract.people ?? {}) as [Kind, string][]
  const found = named.flatMap(([kind, path]): Person[] => {
    const [place, field] = path.split('.') as [string, string]
    const from = place === 'body' ? body : place === 'query' ? query : params
    const id = (from as Record<string, unknown> | null | undefined)?.[field]
    if (kind === 'doctor' && id === undefined && meansActor(contract, place, field)) return [{ kind, id: actorId }]
    return typeof id === 'number' ? [{ kind, id }] : []
  })
  return [...(contract.method === 'GET' ? [] : [{ kind: 'staff', id: actorId } as const]), ...found]
}

/**
 * Makes sure that the copies of these people are here: remembered, else looked up in one question, else asked of the
 * service they belong to. Before the transaction of the operation, since another service may answer slowly.
 */
export async function ensurePeople(
  database: Database,
  fetch: FetchPeople,
  context: RequestContext,
  people: readonly Person[],
): Promise<void> {
  const known = seenIn(database, context.tenantId)
  const wanted = people.filter((person) => fetch[person.kind] !== undefined && !known.has(nameOf(person)))
  if (wanted.length === 0) return
  const isHere = wanted.map(
    ({ kind, id }) => sql.fragment`EXISTS (SELECT FROM ${sql.identifier([tableOf[kind]])} WHERE id = ${id}::bigint)`,
  )
  const here = await database.inTenant(context, (tx) =>
    tx.oneFirst(
      sql.type(
        Type.Object({ here: Type.Array(Type.Boolean()) }),
      )`SELECT ARRAY[${sql.join(isHere, sql.fragment`, `)}] AS here`,
    ),
  )
  for (const [index, person] of wanted.entries()) {
    if (here[index]) known.add(nameOf(person))
    else await fetch[person.kind]?.(context, person.id)
  }
}
