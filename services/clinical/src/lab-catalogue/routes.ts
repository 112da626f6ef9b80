import { listLabCatalogue } from '@hospital/contracts'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { getCatalogue } from './queries.ts'
import { selectEntries, wordOf } from './rules.ts'

/** What the laboratory measures: the catalogue that every hospital has, with what this one changed. */
export const labCatalogueRoutes = (): Route[] => [
  handle(listLabCatalogue, async (tx, { query: { limit, cursor, ...filter } }) => {
    const position = decodeCursor(cursor, ['text', 'number'])
    const after = position && { name: position[0], id: position[1] }
    const { entries } = await getCatalogue(tx)
    const page = selectEntries(entries, filter, after).slice(0, limit + 1)
    return toPage(page, limit, (entry) => [wordOf(entry.name), entry.id])
  }),
]
