import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { inTransaction, withOwner } from '../migrate/client.ts'
import { globalSchema, quoted, type ServiceName } from '../names.ts'
import { catalogueSql } from './queries.ts'

/** One thing that a schema has. */
export interface CatalogueEntry {
  /** e.g. `index patients_phone_idx of patients` */
  name: string
  /** The table it is part of; null when it stands alone. */
  table: string | null
  /** What every version of PostgreSQL says in the same words, and a hash of what only the same version does. */
  definition: string
}

/** Name of a thing → its definition. */
export type Catalogue = Readonly<Record<string, string>>

/** Of the global tables, and of the tables that every tenant has. */
export interface ServiceCatalogue {
  global: Catalogue
  tenant?: Catalogue
}

/** `migrations/catalogue.json`: what a fresh database has, service by service. */
export interface ExpectedCatalogue {
  /** The major version of PostgreSQL that printed it. */
  postgresql: number
  services: Record<ServiceName, ServiceCatalogue>
}

interface Row {
  name: string
  table: string | null
  facts: string
  printed: string | null
}

/** The runner's own table, which knows no migration. */
const isOfRunner = ({ table }: Row): boolean => table === 'pgmigrations'

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** A definition without what PostgreSQL printed: all that can be compared with another major version. */
export const factsOf = (definition: string): string => definition.replace(/ #[0-9a-f]{12}$/, '')

/** What a schema has, in one query; empty when there is no such schema. */
export async function readCatalogue(client: pg.Client, schema: string): Promise<CatalogueEntry[]> {
  const rows = await inTransaction(client, async () => {
    // Compiling the query takes longer than running it.
    await client.query(`SET LOCAL search_path TO ${quoted(schema)}, extensions; SET LOCAL jit TO off`)
    return (await client.query<Row>(catalogueSql, [schema])).rows
  })
  return rows
    .filter((row) => !isOfRunner(row))
    .map(({ name, table, facts, printed }) => ({
      name,
      table,
      definition: printed === null ? facts : `${facts} #${hashOf(printed)}`,
    }))
}

/** The major version of the server, e.g. 18. */
export async function majorVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version")
  return Math.floor(Number(rows[0]?.version) / 10_000)
}

/** What the migrations of the tree make of a fresh database. */
export async function expectedCatalogue(root: string): Promise<ExpectedCatalogue> {
  return JSON.parse(await readFile(join(root, 'catalogue.json'), 'utf8'))
}

/** A schema's things by name, in the order of their names. */
export function byName(entries: readonly CatalogueEntry[]): Catalogue {
  return Object.fromEntries(
    entries.map(({ name, definition }) => [name, definition] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The catalogues of a service's database: its global schema, and one tenant's where there are any. */
export async function describeDatabase(
  ownerUrl: string,
  service: ServiceName,
  tenant: string | undefined,
): Promise<ServiceCatalogue> {
  return withOwner(ownerUrl, async (client) => {
    const global = byName(await readCatalogue(client, globalSchema(service)))
    return tenant === undefined ? { global } : { global, tenant: byName(await readCatalogue(client, tenant)) }
  })
}
