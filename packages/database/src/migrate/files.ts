import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServiceName } from '../names.ts'

/** One file of `migrations/<service>/{global,tenant}/<UTC ms>_<words>.sql`. */
export interface Migration {
  /** The file's name without `.sql`, as it stands in pgmigrations. */
  name: string
  sql: string
  /** SHA-256 of the whole file, hexadecimal. */
  checksum: string
}

/** The tree of the repository. */
export const migrationsDirectory = fileURLToPath(new URL('../../../../migrations', import.meta.url))

export const migrationFolder = (root: string, service: ServiceName, kind: 'global' | 'tenant'): string =>
  join(root, service, kind)

const fileName = /^\d{13}_[a-z0-9]+(-[a-z0-9]+)*\.sql$/

/** The part between `-- Up Migration` and `-- Down Migration`, as node-pg-migrate reads it. */
function upPart(text: string): string {
  const [up = ''] = text.split(/^\s*--[\s-]*down\s+migration.*$/im)
  return up.replace(/^\s*--[\s-]*up\s+migration.*$/im, '')
}

/** Reads a folder of migrations in the order they run; refuses names that would sort wrongly. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const wrong = files.find((file) => !fileName.test(file))
  if (wrong !== undefined) throw new Error(`${join(folder, wrong)} must be named <UTC ms>_<words-with-hyphens>.sql`)
  return Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(join(folder, file))
      return { name: file.slice(0, -'.sql'.length), sql: upPart(bytes.toString('utf8')), checksum: sha256(bytes) }
    }),
  )
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')

/** One checksum over a folder's names and checksums. */
export const checksumOf = (migrations: readonly Migration[]): string =>
  sha256(migrations.map(({ name, checksum }) => `${checksum}  ${name}\n`).join(''))

/**
 * What is still to run. A file that sorts before one already applied would give databases different histories, so it is
 * refused; rows that name files we never had (an adopted database's own history) are left alone.
 */
export function pendingMigrations(migrations: readonly Migration[], applied: ReadonlySet<string>): Migration[] {
  const pending = migrations.filter(({ name }) => !applied.has(name))
  const lastApplied = migrations.findLast(({ name }) => applied.has(name))
  const late = pending.find(({ name }) => lastApplied !== undefined && name < lastApplied.name)
  if (late !== undefined && lastApplied !== undefined) {
    throw new Error(`Migration ${late.name} sorts before ${lastApplied.name}, which is applied: give it a later time`)
  }
  return pending
}
