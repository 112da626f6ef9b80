import { Instant, LabCatalogueEntry, type Static } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { EntryContent } from './entry-rules.ts'
import { type Catalogue, catalogueWith, type Entry } from './rules.ts'

const Row = Type.Object({
  ...Type.Omit(LabCatalogueEntry, ['origin', 'updated_at']).properties,
  updated_at: Instant,
})
const labCatalogue = table('lab_catalogue', Row, {
  made: ['id', 'updated_at', 'version'],
  readAs: { molar_mass: 'number', plausible_low: 'number', plausible_high: 'number' },
})
const columns = labCatalogue.columns()

const toEntry = (row: Static<typeof Row>): Entry => ({ ...row, origin: 'hospital' })

/** The catalogue of this hospital: the one that every hospital has, with what it added and changed. */
export const getCatalogue = async (tx: TenantTx): Promise<Catalogue> =>
  catalogueWith((await tx.any(sql.type(Row)`SELECT ${columns} FROM lab_catalogue ORDER BY id`)).map(toEntry))

/** The same, and nobody else writes it until the commit: a name or a code belongs to one entry. */
export async function lockCatalogue(tx: TenantTx): Promise<Catalogue> {
  await tx.query(
    sql.unsafe`SELECT pg_advisory_xact_lock(hashtextextended(${`${tx.context.tenantId}\nlab_catalogue`}, 0))`,
  )
  return getCatalogue(tx)
}

export const addEntry = async (tx: TenantTx, content: EntryContent): Promise<Entry> =>
  toEntry(await labCatalogue.insert(tx, content))

/** An entry of every hospital's gets a row with its first change here. */
export async function changeEntry(tx: TenantTx, current: Entry, content: EntryContent): Promise<Entry> {
  const isKept = current.origin === 'hospital'
  const row = isKept
    ? await labCatalogue.update(tx, current, content)
    : await labCatalogue.insert(tx, { ...content, id: current.id, version: current.version + 1 })
  return toEntry(row)
}
