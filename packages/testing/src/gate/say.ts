import type { Skipped } from './tap-report.ts'

export const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** One line for a file or a tool that has ended. */
export function tell(ok: boolean, name: string, milliseconds: number): void {
  say(`${ok ? '✓' : '✗'} ${name} (${(milliseconds / 1000).toFixed(1)} s)`)
}

/** The end of a run. The last line is for programs: `N passed, N failed`. */
export function sum(
  counts: { passed: number; failed: number; skipped: readonly Skipped[] },
  milliseconds: number,
): void {
  say(`\ntook ${(milliseconds / 1000).toFixed(0)} s`)
  for (const { file, name, reason } of counts.skipped)
    say(`skipped: ${file}${name && `: ${name}`}${reason && ` (${reason})`}`)
  if (counts.skipped.length > 0) say(`${counts.skipped.length} skipped`)
  say(`${counts.passed} passed, ${counts.failed} failed`)
}
