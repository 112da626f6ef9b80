import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { migrationsDirectory } from '@hospital/database'

/** The SHA-256 of every migration file as it landed, as `sha256sum -c` reads it. */
export const landedFile = join(migrationsDirectory, 'SHA256SUMS')

const line = /^([0-9a-f]{64}) {2}(\S+)$/

/** Path below migrations/ → SHA-256, as the list's text says it. */
export function readLanded(text: string): Map<string, string> {
  const rows = text.split('\n').map((row) => line.exec(row))
  return new Map(rows.flatMap((row) => (row === null ? [] : [[row[2] ?? '', row[1] ?? '']])))
}

/** The migration files that are there, and their SHA-256. */
export function presentFiles(): Map<string, string> {
  const files = readdirSync(migrationsDirectory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.sql'),
  )
  const sum = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(migrationsDirectory, file)))
      .digest('hex')
  return new Map(files.sort().map((file) => [file, sum(file)]))
}

/** Files, in the order in which they landed, that sort before one of their folder that landed earlier. */
export function misplacedFiles(inOrder: Iterable<string>): string[] {
  const last = new Map<string, string>()
  return [...inOrder].filter((file) => {
    const folder = dirname(file)
    const before = last.get(folder) ?? ''
    if (file > before) last.set(folder, file)
    return file < before
  })
}

/** The list with a line for each new file. A line that is there stays: an edited file is for the test to tell. */
export function landedDocument(text: string): string {
  const landed = readLanded(text)
  const fresh = [...presentFiles()].filter(([file]) => !landed.has(file))
  return text + fresh.map(([file, sum]) => `${sum}  ${file}\n`).join('')
}
