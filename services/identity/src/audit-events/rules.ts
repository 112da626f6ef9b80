/** Where a row stands in the common order. */
interface Placed {
  at: string
  id: string
}

// Both parts are of fixed width, so that text order is the order of time and of rows.
const isNewer = (a: Placed, b: Placed) => (a.at === b.at ? a.id > b.id : a.at > b.at)

/** Merges lists that are newest first each into one that is newest first. */
export const mergeNewestFirst = <T extends Placed>(parts: readonly (readonly T[])[]): T[] =>
  parts.flat().sort((a, b) => (isNewer(a, b) ? -1 : isNewer(b, a) ? 1 : 0))
