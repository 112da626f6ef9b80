import type pg from 'pg'
import { quoted } from '../names.ts'
import type { Migration } from './files.ts'

/** One row of a pgmigrations table. */
interface AppliedMigration {
  id: number
  name: string
  /** SHA-256 of the file that ran, hexadecimal; null for rows from before checksums and for an adopted database's own. */
  checksum: string | null
}

/** Whose history it is, as people know it. */
interface HistoryPlace {
  database: string
  schema: string
  /** The folder of the files, from the root of the repository. */
  folder: string
}

/** The files of this program do not belong to this database; nothing was changed. The message says what to do. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused'
}

/** What ran in the schema, in the order it ran; nothing when it has no history. */
export async function readHistory(client: pg.Client, schema: string): Promise<AppliedMigration[]> {
  const table = `${quoted(schema)}.pgmigrations`
  const { rows: found } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [table])
  if (found[0]?.found !== true) return []
  // As JSON, because a history from before has no such column.
  const { rows } = await client.query<AppliedMigration>(
    `SELECT id, name, to_jsonb(m) ->> 'checksum' AS checksum FROM ${table} m ORDER BY id`,
  )
  return rows
}

/**
 * Rows that a newer program wrote: names we do not have, with a checksum, or behind the last of ours. Rows without a
 * checksum that stand before are an adopted database's own history.
 */
function newerRows(migrations: readonly Migration[], applied: readonly AppliedMigration[]): AppliedMigration[] {
  const names = new Set(migrations.map(({ name }) => name))
  const ours = applied.filter(({ name }) => names.has(name))
  const isWhole = new Set(ours.map(({ name }) => name)).size === names.size
  const last = isWhole ? Math.max(...ours.map(({ id }) => id)) : Number.POSITIVE_INFINITY
  return applied.filter(({ id, name, checksum }) => !names.has(name) && (checksum !== null || id > last))
}

/**
 * Holds the files against what ran.
 * @throws MigrationRefused when an applied file was edited since, or a newer program was here
 */
export function checkHistory(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  { database, schema, folder }: HistoryPlace,
): void {
  const newer = newerRows(migrations, applied).at(-1)
  if (newer !== undefined) {
    throw new MigrationRefused(
      `Schema ${schema} of database ${database} has the migration ${newer.name}, which this program does not know: a newer version was here. Run that version or a later one.`,
    )
  }
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]))
  const edited = migrations.find(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum)
  if (edited !== undefined) {
    throw new MigrationRefused(
      `${folder}/${edited.name}.sql was edited after it ran in schema ${schema} of database ${database}: put the file back as it was (its SHA-256 was ${checksums.get(edited.name)}) and write a new migration for what changes.`,
    )
  }
}

/** Writes the files' checksums beside the rows that have none: those that ran just now, and those from before checksums. */
export async function writeChecksums(
  client: pg.Client,
  schema: string,
  migrations: readonly Migration[],
): Promise<void> {
  const names = new Set(migrations.map(({ name }) => name))
  const history = await readHistory(client, schema)
  if (!history.some(({ name, checksum }) => checksum === null && names.has(name))) return
  const table = `${quoted(schema)}.pgmigrations`
  await client.query(`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS checksum TEXT`)
  await client.query(
    `UPDATE ${table} m SET checksum = f.checksum FROM unnest($1::text[], $2::text[]) f (name, checksum)
     WHERE m.name = f.name AND m.checksum IS NULL`,
    [[...names], migrations.map(({ checksum }) => checksum)],
  )
}
