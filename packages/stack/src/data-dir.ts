import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from './failure.ts'

const neededMegabytes = 300
const largestLogBytes = 20 * 1024 * 1024

/** Step by step: Node's own recursion never ends below a folder that refuses new ones with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

/** Makes the data folder and says early what would fail late. */
export function prepareDataDir(dataDir: string): void {
  try {
    makeFolder(join(dataDir, 'logs'))
    writeFileSync(join(dataDir, '.writable'), 'x'.repeat(4096))
    rmSync(join(dataDir, '.writable'))
  } catch (error) {
    throw new Failure(unusable(dataDir, (error as NodeJS.ErrnoException).code))
  }
  const { bavail, bsize } = statfsSync(dataDir)
  const freeMegabytes = Math.floor((bavail * bsize) / 1024 / 1024)
  if (freeMegabytes < neededMegabytes) {
    throw new Failure(
      `The disk is nearly full: ${freeMegabytes} MB free for ${dataDir}, at least ${neededMegabytes} MB are needed. Free some space or set HOSPITAL_DATA_DIR.`,
    )
  }
}

function unusable(dataDir: string, code: string | undefined): string {
  if (code === 'ENOSPC')
    return `The disk is full: nothing can be written to ${dataDir}. Free some space or set HOSPITAL_DATA_DIR.`
  if (code === 'EACCES' || code === 'EPERM') {
    return `${dataDir} belongs to another user: set HOSPITAL_DATA_DIR to a folder of yours, or change its owner.`
  }
  if (code === 'EROFS') return `${dataDir} is read-only: set HOSPITAL_DATA_DIR to a folder that can be written.`
  return `${dataDir} cannot be used as the data folder (${code}): set HOSPITAL_DATA_DIR to another one.`
}

/** Where a program's output goes; what has grown large is put aside first. */
export function logFile(dataDir: string, name: string): string {
  const file = join(dataDir, 'logs', `${name}.log`)
  if (existsSync(file) && statSync(file).size > largestLogBytes) renameSync(file, `${file}.1`)
  return file
}

/** The last complaint in a log: of JSON lines the newest error, else the last line that looks like one. */
export function lastComplaint(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').slice(-20_000).trimEnd().split('\n')
  for (const line of lines.toReversed()) {
    const text = complaintIn(line)
    if (text !== undefined) return text
  }
  return lines.at(-1)
}

function complaintIn(line: string): string | undefined {
  if (!line.startsWith('{')) return /^\w*Error\b.*: /.test(line) ? line : undefined
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string; name?: string } }
    return (entry.level ?? 0) >= 50
      ? [entry.msg, entry.err?.message ?? entry.err?.name].filter(Boolean).join(': ')
      : undefined
  } catch {
    return undefined
  }
}
