import { appendFile, mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ServiceName } from '../names.ts'

/** A link of a chain as it was written down outside the database. */
export interface Anchor {
  seq: number
  hash: string
}

const anchorFile = (directory: string, service: ServiceName, tenantId: string): string =>
  join(directory, service, `${tenantId}.jsonl`)

/** Whole lines only: one that was cut off, by a crash or by our reading, is left out. */
function parseAnchors(text: string): Anchor[] {
  const anchors = text.split('\n').flatMap((line) => {
    const [, seq, hash] = line.match(/^\{"seq":(\d+),"hash":"([0-9a-f]{64})"\}$/) ?? []
    return seq === undefined || hash === undefined ? [] : [{ seq: Number(seq), hash }]
  })
  // Two sealers that take turns may write their lines in the other order.
  return anchors.sort((one, other) => one.seq - other.seq)
}

const unlessMissing =
  <T>(otherwise: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return otherwise
    throw error
  }

/** Every link that was written down for a chain, in its order. */
export const readAnchors = async (directory: string, service: ServiceName, tenantId: string): Promise<Anchor[]> =>
  parseAnchors(await readFile(anchorFile(directory, service, tenantId), 'utf8').catch(unlessMissing('')))

/** About forty lines: the newest is among them whatever the order. */
const tailBytes = 4_096

/** The newest link that was written down, from the end of the file, which may be long. */
export async function readNewestAnchor(
  directory: string,
  service: ServiceName,
  tenantId: string,
): Promise<Anchor | undefined> {
  const file = await open(anchorFile(directory, service, tenantId)).catch(unlessMissing(null))
  if (file === null) return undefined
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, Math.max(0, size - tailBytes))
    return parseAnchors(buffer.toString('utf8', 0, bytesRead)).at(-1)
  } finally {
    await file.close()
  }
}

const toLine = ({ seq, hash }: Anchor): string => `${JSON.stringify({ seq, hash })}\n`

const compactAtBytes = 1024 * 1024
const keptWhole = 1_000

/** Halves the older part of a file that has grown long. Fewer links still hold the chain, only less finely. */
async function compact(file: string, anchors: readonly Anchor[]): Promise<void> {
  const old = anchors.slice(0, -keptWhole).filter((_, at) => at % 2 === 0)
  const next = `${file}.new`
  await writeFile(next, [...old, ...anchors.slice(-keptWhole)].map(toLine).join(''), { mode: 0o600, flush: true })
  await rename(next, file)
}

/** Writes down the newest link, after the commit that made it. Only ever appends. */
export async function writeAnchor(
  directory: string,
  service: ServiceName,
  tenantId: string,
  anchor: Anchor,
): Promise<void> {
  const file = anchorFile(directory, service, tenantId)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await appendFile(file, toLine(anchor), { mode: 0o600, flush: true })
  const { size } = await stat(file)
  if (size > compactAtBytes) await compact(file, await readAnchors(directory, service, tenantId))
}
