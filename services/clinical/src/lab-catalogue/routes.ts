import {
  changeLabCatalogueEntry,
  createLabCatalogueEntry,
  exportLabCatalogue,
  getLabCatalogueEntry,
  importLabCatalogue,
  listLabCatalogue,
  problem,
} from '@hospital/contracts'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { formatCatalogue } from './csv-rules.ts'
import { changedEntry, type EntryContent, findClaimed, findEntryBreaches, wholeEntry } from './entry-rules.ts'
import { importCatalogue } from './import-work.ts'
import { addEntry, changeEntry, getCatalogue, lockCatalogue } from './queries.ts'
import { type Catalogue, selectEntries, wordOf } from './rules.ts'

/** @throws problem `validation-failed`, or `conflict` where another entry has its name or code */
function checkEntry(catalogue: Catalogue, content: EntryContent, id?: number): void {
  const errors = findEntryBreaches(content, catalogue)
  if (errors.length > 0) throw problem('validation-failed', { errors })
  const claimed = content.status === 'active' ? findClaimed({ ...content, ...(id ? { id } : {}) }, catalogue) : null
  if (claimed !== null) throw problem('conflict', { detail: `${claimed.what} is ${claimed.entry.name} already.` })
}

/** What the laboratory measures: the catalogue that every hospital has, with what this one added and changed. */
export const labCatalogueRoutes = (): Route[] => [
  handle(listLabCatalogue, async (tx, { query: { limit, cursor, ...filter } }) => {
    const position = decodeCursor(cursor, ['text', 'number'])
    const after = position && { name: position[0], id: position[1] }
    const { entries } = await getCatalogue(tx)
    const page = selectEntries(entries, filter, after).slice(0, limit + 1)
    return toPage(page, limit, (entry) => [wordOf(entry.name), entry.id])
  }),

  handle(exportLabCatalogue, async (tx, { query }) =>
    formatCatalogue(selectEntries((await getCatalogue(tx)).entries, query, null)),
  ),

  handle(importLabCatalogue, async (tx, { body }) => importCatalogue(tx, body.csv)),

  handle(getLabCatalogueEntry, {
    load: async (tx, { params }) => (await getCatalogue(tx)).entries.find(({ id }) => id === params.id) ?? null,
    work: async (_tx, { current }) => current,
  }),

  handle(createLabCatalogueEntry, async (tx, { body }) => {
    const catalogue = await lockCatalogue(tx)
    const content = wholeEntry(body)
    checkEntry(catalogue, content)
    return addEntry(tx, content)
  }),

  handle(changeLabCatalogueEntry, {
    load: async (tx, { params }) => (await lockCatalogue(tx)).entries.find(({ id }) => id === params.id) ?? null,
    work: async (tx, { current, body }) => {
      const content = changedEntry(current, body)
      checkEntry(await getCatalogue(tx), content, current.id)
      return changeEntry(tx, current, content)
    },
  }),
]
