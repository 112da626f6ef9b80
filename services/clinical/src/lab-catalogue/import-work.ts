import { problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { Value } from '@sinclair/typebox/value'
import { type Draft, readCatalogue } from './csv-rules.ts'
import { type EntryContent, findClaimed, findEntryBreaches } from './entry-rules.ts'
import { addEntry, changeEntry, lockCatalogue } from './queries.ts'
import { type Catalogue, catalogueOf, type Entry, wordOf } from './rules.ts'

/** The entry that a line speaks of: of its code, then of its name. */
function standingFor({ content }: Draft, { entries }: Catalogue): Entry | null {
  const alike = entries.filter(({ kind }) => kind === content.kind)
  const named = alike.find(({ name }) => wordOf(name) === wordOf(content.name))
  return (content.code === null ? undefined : alike.find(({ code }) => code === content.code)) ?? named ?? null
}

const contentOf = ({ id: _id, origin: _origin, updated_at: _at, version: _version, ...content }: Entry): EntryContent =>
  content

/**
 * Adds and changes entries by a table, in one transaction: what a line refuses, refuses all of it.
 * @throws problem `validation-failed` naming each line that cannot be taken
 */
export async function importCatalogue(tx: TenantTx, csv: string) {
  const catalogue = await lockCatalogue(tx)
  const { drafts, refused } = readCatalogue(csv)
  const matched = drafts.map((draft) => ({ ...draft, entry: standingFor(draft, catalogue) }))
  const replaced = new Set(matched.flatMap(({ entry }) => entry?.id ?? []))
  const after = catalogueOf([
    ...matched.map(({ content, entry }, i) => ({
      ...content,
      id: entry?.id ?? -1 - i,
      origin: 'hospital' as const,
      updated_at: null,
      version: 1,
    })),
    ...catalogue.entries.filter(({ id }) => !replaced.has(id)),
  ])
  const breaches = matched.flatMap(({ line, content, entry }, i) => {
    const claimed = findClaimed({ ...content, id: entry?.id ?? -1 - i }, after)
    const isRepeated = entry !== null && matched.findIndex((other) => other.entry === entry) < i
    return [
      ...(isRepeated ? [`${entry.name} is there twice`] : []),
      ...findEntryBreaches(content, after).map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`),
      ...(claimed === null || content.status === 'inactive'
        ? []
        : [`${claimed.what} is ${claimed.entry.name} already`]),
    ].map((detail) => ({ pointer: `/csv/${line}`, detail }))
  })
  const errors = [...refused, ...breaches]
  if (errors.length > 0) throw problem('validation-failed', { errors: errors.slice(0, 100) })
  const changed = matched.filter(({ content, entry }) => entry !== null && !Value.Equal(contentOf(entry), content))
  const added = matched.filter(({ entry }) => entry === null)
  for (const { entry, content } of changed) if (entry !== null) await changeEntry(tx, entry, content)
  for (const { content } of added) await addEntry(tx, content)
  return { added: added.length, changed: changed.length, unchanged: matched.length - changed.length - added.length }
}
