import type { Result } from './run-fault.ts'

const head = ['check', 'seconds', 'acknowledged writes', 'lost', 'doubled', 'unaudited', 'untold', 'result']

/** Whether nothing was found. */
export const hasPassed = ({ findings }: Result): boolean =>
  Object.values(findings).every((sentences: string[]) => sentences.length === 0)

/** A line for every check, for people and for documents. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { name, seconds, acknowledged, findings } = result
    const counts = [findings.lost, findings.doubled, findings.unaudited, findings.untold].map(({ length }) => length)
    return [name, seconds.toFixed(0), acknowledged, ...counts, hasPassed(result) ? 'passed' : 'failed']
  })
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

const shownOfEach = 10

/** What a check found, a line a sentence: of every sort the first ones. */
export function linesOf({ name, findings }: Result): string[] {
  return Object.entries(findings).flatMap(([sort, sentences]: [string, string[]]) => {
    const lines = sentences.slice(0, shownOfEach).map((sentence) => `  ${name}: ${sort}: ${sentence}`)
    const more = sentences.length - lines.length
    return more > 0 ? [...lines, `  ${name}: ${sort}: and ${more} more`] : lines
  })
}
