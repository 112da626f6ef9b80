interface TapReport {
  /** Feed every line of tap's output, in order. */
  line(text: string): void
  counts(): { passed: number; failed: number }
}

interface FileResult {
  file: string
  ok: boolean
  milliseconds: number
  /** What tap said about the file. */
  detail: string
}

/** Reads tap's output: tells each test file as it ends, and counts the assertions. */
export function tapReport(onFile: (result: FileResult) => void): TapReport {
  let block: string[] = []
  let totals: { passed: number; failed: number } | undefined
  let failedFiles = 0
  return {
    line(text) {
      const result = /^(not )?ok \d+ - (\S+\.ts)(?: # time=([\d.]+)ms)?/.exec(text)
      const summary = /^# \{ total: \d+(.*)\}/.exec(text)
      if (text.startsWith('# Subtest: ')) block = []
      if (result !== null) {
        const ok = result[1] === undefined
        if (!ok) failedFiles += 1
        onFile({ file: result[2] ?? '', ok, milliseconds: Number(result[3] ?? 0), detail: block.join('\n') })
        block = []
      } else if (summary !== null) {
        totals = { passed: count(summary[1], 'pass'), failed: count(summary[1], 'fail') }
      } else {
        block.push(text)
      }
    },
    // A file that died before its first assertion counts as one failure.
    counts: () => ({ passed: totals?.passed ?? 0, failed: Math.max(totals?.failed ?? 0, failedFiles) }),
  }
}

function count(summary: string | undefined, word: string): number {
  return Number(new RegExp(`${word}: (\\d+)`).exec(summary ?? '')?.[1] ?? 0)
}
