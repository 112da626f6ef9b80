/** How bad; the order is from worst to least. */
export type Severity = 'contraindicated' | 'major' | 'moderate' | 'minor'

/** A pair of classes (or single substances) that should not meet in one patient unnoticed. */
export interface InteractionRule {
  /** Stable: alerts and overrides refer to it. */
  id: string
  /** A class or the name of an ingredient. */
  a: string
  b: string
  severity: Severity
  effect: string
  /** The publication and the section it was written from. */
  source: string
}

/** Reads a table of lines `a × b | severity | effect | source`; the id follows from the pair. */
export function interactions(table: string): InteractionRule[] {
  const lines = table.split('\n').filter((line) => line.includes('|'))
  return lines.map((line) => {
    const [pair = '', severity = '', effect = '', source = ''] = line.split('|').map((cell) => cell.trim())
    const [a = '', b = ''] = pair.split('×').map((side) => side.trim())
    const id = `${a}--${b}`.replaceAll(' ', '-')
    return { id, a, b, severity: severity as Severity, effect, source }
  })
}
