import { openedSources } from './opened-sources.ts'

/** How bad, from worst to least. */
export const severities = ['contraindicated', 'major', 'moderate', 'minor'] as const
export type Severity = (typeof severities)[number]

/** Where a rule was read while it was written: the address, and the words or the entry that say it. */
export interface Opened {
  address: string
  passage: string
}

/** A pair of classes (or single substances) that should not meet in one patient unnoticed. */
export interface InteractionRule {
  /** Stable: alerts and overrides refer to it. */
  id: string
  /** A class or the name of an ingredient. */
  a: string
  b: string
  severity: Severity
  /** Rules of one pair of substances with the same effect tell one fact: only the worst of them is said. */
  effect: string
  /** The publication and the section it was written from. */
  source: string
  /** null: unverified. The publication was not opened; such a rule may warn, it is never a reason to pass anything. */
  opened: Opened | null
}

/** `unverified`, or a short name of `opened-sources.ts` or an address, a space, and the passage. */
export function parseOpened(cell: string): Opened | null {
  if (cell === 'unverified') return null
  const space = cell.indexOf(' ')
  const address = cell.slice(0, space)
  return { address: openedSources.get(address)?.address ?? address, passage: cell.slice(space + 1) }
}

/**
 * Reads a table of lines `a × b | severity | effect | source | opened`; the id follows from the pair. `opened` is
 * `unverified`, or an address (a short name of `opened-sources.ts` or a whole address), a space, and the passage.
 */
export function interactions(table: string): InteractionRule[] {
  const lines = table.split('\n').filter((line) => line.includes('|'))
  return lines.map((line) => {
    const [pair = '', severity = '', effect = '', source = '', opened = ''] = line.split('|').map((cell) => cell.trim())
    const [a = '', b = ''] = pair.split('×').map((side) => side.trim())
    const id = `${a}--${b}`.replaceAll(' ', '-')
    return { id, a, b, severity: severity as Severity, effect, source, opened: parseOpened(opened) }
  })
}
