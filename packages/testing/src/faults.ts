import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What the logs of a system's programs say of a request that was answered with a fault: an answer tells a client nothing of
 * it. `answer` is a problem, or a GraphQL answer that holds one; empty when the logs say nothing.
 */
export function faultsOf(dataDir: string, answer: object): string {
  const [, requestId] = /"request_id":"([^"]+)"/.exec(JSON.stringify(answer)) ?? []
  if (requestId === undefined) return ''
  const logs = join(dataDir, 'logs')
  const lines = readdirSync(logs).flatMap((file) => readFileSync(join(logs, file), 'utf8').split('\n'))
  return lines.filter((line) => line.includes(requestId) && line.includes('"level":50')).join('\n')
}
