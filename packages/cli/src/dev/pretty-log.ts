import { prettyFactory } from 'pino-pretty'

/** Takes what a program wrote, in pieces as they come. */
export type LogReader = (program: string, chunk: string) => void

const widest = 'scheduling'.length

/** A line of a program's log as a person reads it; what is no JSON (Node's own words, a crash) as it is. */
export function prettyLines(isTerminal: boolean): (program: string, line: string) => string {
  const pretty = prettyFactory({
    colorize: isTerminal,
    singleLine: true,
    translateTime: 'UTC:HH:MM:ss.l',
    // Said by the column of the program, or long and of use to tracing alone.
    ignore: 'service,traceparent',
    messageFormat: (record, key) => String(record[key]),
  })
  return (program, line) => {
    const record = recordOf(line)
    return `${program.padEnd(widest)} ${record === undefined ? line : pretty(record).trimEnd()}`
  }
}

/** Cuts what programs write into lines and shows each. */
export function logReader(format: (program: string, line: string) => string, show: (line: string) => void): LogReader {
  const rests = new Map<string, string>()
  return (program, chunk) => {
    const lines = `${rests.get(program) ?? ''}${chunk}`.split('\n')
    rests.set(program, lines.pop() ?? '')
    for (const line of lines) if (line !== '') show(format(program, line))
  }
}

/** The record in a line. Of a request, its message says what is looked for first. */
function recordOf(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const record = JSON.parse(line) as Record<string, unknown>
    if (record['msg'] !== 'request') return record
    const { method, route, status, ms, ...rest } = record
    return { ...rest, msg: `${method} ${route} ${status} ${ms} ms` }
  } catch {
    return undefined // it only looked like one
  }
}
