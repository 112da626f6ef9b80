interface TapReport {
  /** Feed every line of tap's output, in order. */
  line(text: string): void
  counts(): { passed: number; failed: number }
  /** What was not run, in the order of the output. */
  skipped(): readonly Skipped[]
}

export interface FileResult {
  file: string
  ok: boolean
  milliseconds: number
  /** What tap said about the file, without what was handed to `onPrinted`. */
  detail: string
}

export interface Skipped {
  file: string
  /** Of the test or assertion; empty where the whole file was skipped. */
  name: string
  /** Empty where none was given. */
  reason: string
}

/** The end of a file is said in its name; of one that had to be killed in others: `not ok 1 - timeout!` */
const fileLine = /^(not )?ok \d+ - (.*?)(?: # time=([\d.]+)ms)?(?: # SKIP ?(.*))?$/
const skipLine = /^ +(?:not )?ok \d+(?: - (.*?))? # SKIP(?: (.*))?$/

/**
 * Reads tap's output: tells each test file as it ends, counts the assertions, keeps what was skipped.
 *
 * @param onPrinted gets each line that a test file printed itself, as it comes; without it they are part of `detail`
 */
export function tapReport(onFile: (result: FileResult) => void, onPrinted?: (line: string) => void): TapReport {
  let file = ''
  let block: string[] = []
  let blockSkips: Omit<Skipped, 'file'>[] = []
  let totals: { passed: number; failed: number } | undefined
  let failedFiles = 0
  const skipped: Skipped[] = []
  const isPrinted = printedLines()

  const endFile = ([, not, name = '', time, reason]: RegExpExecArray) => {
    if (not !== undefined) failedFiles += 1
    if (name !== file) block.push(name)
    if (reason !== undefined) blockSkips.push({ name: '', reason: unescaped(reason) })
    skipped.push(...blockSkips.map((skip) => ({ file, ...skip })))
    onFile({ file, ok: not === undefined, milliseconds: Number(time ?? 0), detail: block.join('\n') })
    block = []
    blockSkips = []
  }

  return {
    line(text) {
      const subtest = /^# Subtest: (.*)/.exec(text)
      const result = fileLine.exec(text)
      const summary = /^# \{ total: \d+(.*)\}/.exec(text)
      const skip = skipLine.exec(text)
      const printed = isPrinted(text)
      if (subtest !== null) [file, block, blockSkips] = [subtest[1] ?? '', [], []]
      if (skip !== null) blockSkips.push({ name: unescaped(skip[1]), reason: unescaped(skip[2]) })
      if (result !== null) endFile(result)
      else if (summary !== null) totals = { passed: count(summary[1], 'pass'), failed: count(summary[1], 'fail') }
      else if (printed && onPrinted !== undefined) onPrinted(text.replace(/^ {4}/, ''))
      else block.push(text)
    },
    // A file that died before its first assertion counts as one failure.
    counts: () => ({ passed: totals?.passed ?? 0, failed: Math.max(totals?.failed ?? 0, failedFiles) }),
    skipped: () => skipped,
  }
}

const tapLine = /^ *(?:TAP version \d+|(?:not )?ok \d+\b.*|\d+\.\.\d+( #.*)?|Bail out!.*|)$/
/** What tap says in comments. Others are a test's own words: `t.comment()`. */
const tapComment = /^ *# (?:Subtest: |time=|timeout=|test count\(|failed |No coverage|\{ total: )/

/** Tells lines that a test printed from those of the protocol: results, plans, and the YAML below a result. */
function printedLines(): (line: string) => boolean {
  let isBelowResult = false
  /** The indentation of the YAML that we are in. */
  let yaml: string | undefined
  return (line) => {
    const opens = isBelowResult ? /^( *)---$/.exec(line) : null
    isBelowResult = /^ *(?:not )?ok \d+\b/.test(line)
    if (yaml !== undefined) {
      if (line === `${yaml}...`) yaml = undefined
      return false
    }
    if (opens !== null) yaml = opens[1]
    return opens === null && !tapLine.test(line) && !tapComment.test(line)
  }
}

/** `\#` and `\\` are how tap writes `#` and `\` in names and reasons. */
const unescaped = (text = ''): string => text.replaceAll(/\\([#\\])/g, '$1')

function count(summary: string | undefined, word: string): number {
  return Number(new RegExp(`${word}: (\\d+)`).exec(summary ?? '')?.[1] ?? 0)
}
