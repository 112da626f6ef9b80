import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Which files an import has finished, so that an interrupted one goes on where it was. */
export interface Journal {
  isDone(file: string, content: Uint8Array): boolean
  done(file: string, content: Uint8Array): void
  /** The import reached its end: the next one looks at every file again. */
  finish(): void
}

export function openJournal(dataDir: string, tenant: string, folder: string): Journal {
  const name = createHash('sha256').update(`${tenant}\n${folder}`).digest('hex').slice(0, 16)
  const path = join(dataDir, 'imports', `${name}.journal`)
  mkdirSync(join(dataDir, 'imports'), { recursive: true })
  const finished = new Set(existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [])
  return {
    isDone: (file, content) => finished.has(lineOf(file, content)),
    done: (file, content) => appendFileSync(path, `${lineOf(file, content)}\n`),
    finish: () => rmSync(path, { force: true }),
  }
}

function lineOf(file: string, content: Uint8Array): string {
  return `${createHash('sha256').update(content).digest('hex')} ${file}`
}
