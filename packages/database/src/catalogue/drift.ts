import type pg from 'pg'
import { withOwner } from '../migrate/client.ts'
import { migrationsDirectory } from '../migrate/files.ts'
import type { MigrateOptions } from '../migrate/migrate.ts'
import { type MigrationStatus, migrationStatus } from '../migrate/status.ts'
import { databaseName, databaseRoles, globalSchema } from '../names.ts'
import {
  type Catalogue,
  type CatalogueEntry,
  expectedCatalogue,
  factsOf,
  majorVersion,
  readCatalogue,
} from './catalogue.ts'
import { findRoleChanges } from './roles.ts'

/** A schema, or `roles`, that is not as the migrations made it. */
interface Drift {
  schema: string
  /** One sentence each, e.g. `index patients_phone_idx of patients is missing`. */
  differences: string[]
}

/** Adopted with the columns, types and indexes that it has. */
const adoptedTable = 'tenants'

/** `column phone of patients` → `patients`, whose own absence says it all. */
const tableOf = (name: string): string | undefined => / (?:of|on table) (\w+)$/.exec(name)?.[1]

/**
 * What somebody changed by hand.
 * @param isShared the schema may hold other tables and functions, those of an adopted database
 */
export function compareCatalogues(
  expected: Catalogue,
  found: readonly CatalogueEntry[],
  { isShared, sameMajor }: { isShared: boolean; sameMajor: boolean },
): string[] {
  const comparable = sameMajor ? (definition: string) => definition : factsOf
  const entries = new Map(found.map((entry) => [entry.name, entry]))
  const isTable = (table: string | null | undefined) => table != null && `table ${table}` in expected
  const missing = Object.keys(expected).filter((name) => !entries.has(name))
  const lost = new Set(missing)
  const foreign = found.filter(({ name }) => !(name in expected))
  const hasOwnLine = ({ name, table }: CatalogueEntry) =>
    isShared ? table !== adoptedTable && isTable(table) : name === `table ${table}` || table === null || isTable(table)
  const keepsItsType = ({ name, table }: CatalogueEntry) =>
    isShared && table === adoptedTable && name.startsWith('column ')
  const differs = ({ name, definition }: CatalogueEntry) =>
    name in expected && comparable(definition) !== comparable(expected[name] ?? '')
  return [
    ...missing.filter((name) => !lost.has(`table ${tableOf(name)}`)).map((name) => `${name} is missing`),
    ...foreign.filter(hasOwnLine).map(({ name }) => `${name} was added`),
    ...found.filter((entry) => differs(entry) && !keepsItsType(entry)).map(({ name }) => `${name} was changed`),
  ].sort()
}

/**
 * Holds every schema that is at the newest version against `catalogue.json` of the migrations tree, one query each; changes
 * nothing. `status`: where somebody looked already. What PostgreSQL prints (expressions, whole definitions) is compared only on the major version that wrote the file.
 */
export async function findDrift(
  options: Pick<MigrateOptions, 'url' | 'service' | 'directory' | 'prefix'>,
  status?: MigrationStatus,
): Promise<Drift[]> {
  const { service } = options
  const { global, tenants } = status ?? (await migrationStatus(options))
  if (global.refusal !== null || global.pending.length > 0) return []
  const { postgresql, services } = await expectedCatalogue(options.directory ?? migrationsDirectory)
  const expected = services[service]
  return withOwner(options.url, async (client) => {
    const sameMajor = (await majorVersion(client)) === postgresql
    const look = async (schema: string, catalogue: Catalogue): Promise<Drift> => ({
      schema,
      differences: await differencesOf(client, schema, catalogue, sameMajor),
    })
    const drift = [await look(globalSchema(service), expected.global)]
    for (const { tenantId, current } of tenants) {
      if (current && expected.tenant !== undefined) drift.push(await look(tenantId, expected.tenant))
    }
    const roles = databaseRoles(options.prefix ?? databaseName(options.url))
    drift.push({ schema: 'roles', differences: await findRoleChanges(client, roles) })
    return drift.filter(({ differences }) => differences.length > 0)
  })
}

async function differencesOf(client: pg.Client, schema: string, expected: Catalogue, sameMajor: boolean) {
  const found = await readCatalogue(client, schema)
  return compareCatalogues(expected, found, { isShared: schema === 'public', sameMajor })
}
