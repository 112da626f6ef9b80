import { say, seconds } from '@hospital/stack/terminal'

const kinds = ['patients', 'medical_records', 'prescriptions', 'lab_tests', 'allergies'] as const

/** What all bundles together brought. */
export interface Totals {
  add(report: Record<string, unknown>): void
  fail(file: string, reason: string): void
  resumed(): void
  done(): number
  failed(): number
  show(milliseconds: number): void
}

interface Report {
  imported?: Partial<Record<string, number>>
  skipped?: { resource_type: string; count: number; reason: string }[]
  unchanged?: boolean
}

export function totals(): Totals {
  const imported = new Map<string, number>(kinds.map((kind) => [kind, 0]))
  const skipped = new Map<string, number>()
  const failures: string[] = []
  const counts = { bundles: 0, unchanged: 0, resumed: 0 }
  return {
    add(body) {
      const report = body as Report
      counts.bundles += 1
      if (report.unchanged) counts.unchanged += 1
      for (const [kind, count] of Object.entries(report.imported ?? {}))
        imported.set(kind, (imported.get(kind) ?? 0) + (count ?? 0))
      for (const { resource_type, reason, count } of report.skipped ?? []) {
        const name = `${resource_type}: ${reason}`
        skipped.set(name, (skipped.get(name) ?? 0) + count)
      }
    },
    fail: (file, reason) => void failures.push(`${file}: ${reason}`),
    resumed() {
      counts.resumed += 1
    },
    done: () => counts.bundles + counts.resumed + failures.length,
    failed: () => failures.length,
    show(milliseconds) {
      const rate = counts.bundles / Math.max(milliseconds / 1000, 0.001)
      say(
        `${counts.bundles} bundles in ${seconds(milliseconds)} (${rate.toFixed(1)}/s), ${counts.unchanged} of them were here already`,
      )
      if (counts.resumed > 0) say(`${counts.resumed} bundles were finished before the interruption`)
      say(`  imported  ${[...imported].map(([kind, count]) => `${kind.replace('_', ' ')} ${count}`).join(', ')}`)
      for (const [name, count] of [...skipped].sort()) say(`  skipped   ${String(count).padStart(6)}  ${name}`)
      for (const failure of failures) say(`  ✗ ${failure}`)
    },
  }
}
