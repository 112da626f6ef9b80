import {
  type ChartArea,
  chartAreaOf,
  type Permission,
  type Static,
  type TimelineItem,
  type TimelineKind,
  timelineKinds,
} from '@hospital/contracts'

export type Item = Static<typeof TimelineItem>
export type Kind = Static<typeof TimelineKind>

const needed: Readonly<Record<Kind, Permission>> = {
  medical_record: 'records.read',
  prescription: 'prescriptions.read',
  lab_test: 'labs.read',
  appointment: 'appointments.read',
}

/** The kinds a person may read, of those asked for. */
export const visibleKinds = (held: readonly Permission[], asked: Kind | undefined): Kind[] =>
  timelineKinds.filter((kind) => held.includes(needed[kind]) && (asked === undefined || asked === kind))

/** Is the kind of a part of the chart that is not open? Appointments are no part of it. */
export function isClosed(kind: Kind, open: ReadonlySet<ChartArea>): boolean {
  const area = chartAreaOf(needed[kind])
  return area !== null && !open.has(area)
}

/** A place in the list: newest first; at the same instant by kind, then newest id first. */
export interface Place {
  at: string
  rank: number
  id: number
}

const rankOf = (kind: Kind): number => timelineKinds.indexOf(kind)

export const placeOf = ({ at, kind, id }: Item): Place => ({ at, rank: rankOf(kind), id })

/** Below zero when `a` stands before `b` in the list. */
const compare = (a: Place, b: Place): number => {
  if (a.at !== b.at) return a.at > b.at ? -1 : 1
  return a.rank - b.rank || b.id - a.id
}

/** One list out of several, each of which is in order already. */
export const mergeItems = (lists: readonly (readonly Item[])[]): Item[] =>
  lists.flat().toSorted((a, b) => compare(placeOf(a), placeOf(b)))

const beyondEveryId = 2_147_483_648

/**
 * A place of the whole list as a place among the rows of one kind, which are ordered by (at, id) only: everything of
 * that instant still to come, nothing of it, or what lies below the id.
 */
export function placeWithin(kind: Kind, place: Place | null): { at: string; id: number } | null {
  if (place === null) return null
  const rank = rankOf(kind)
  if (rank === place.rank) return { at: place.at, id: place.id }
  return { at: place.at, id: rank > place.rank ? beyondEveryId : 0 }
}
