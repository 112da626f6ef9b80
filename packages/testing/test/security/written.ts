import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CloudEvent } from '@hospital/contracts'
import { connectMessaging } from '../../../messaging/src/index.ts'
import type { TestSystem } from '../../src/index.ts'
import type { Aviary } from './aviary.ts'

/** The logs of all programs and stack.json, by their names. */
export function writtenBy(dataDir: string): Record<string, string> {
  const logs = readdirSync(join(dataDir, 'logs')).map((name) => [
    name,
    readFileSync(join(dataDir, 'logs', name), 'utf8'),
  ])
  return { ...Object.fromEntries(logs), 'stack.json': readFileSync(join(dataDir, 'stack.json'), 'utf8') }
}

/** What is found in the bytes of a folder's files, dead letters and all. */
export function scanFolder(dataDir: string, folder: string, birds: Aviary): string[] {
  const top = join(dataDir, folder)
  if (!existsSync(top)) return []
  const files = readdirSync(top, { recursive: true, encoding: 'utf8' }).map((name) => join(top, name))
  const found = files
    .filter((file) => statSync(file).isFile())
    .flatMap((file) => birds.foundIn(readFileSync(file, 'latin1')))
  return [...new Set(found)]
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const followed = ['IDENTITY', 'CLINICAL', 'SCHEDULING'] as const

/** Every event of a hospital that the streams hold, read with the gateway's own credentials. */
export async function readEvents(system: TestSystem, tenantId: string): Promise<CloudEvent[]> {
  const { nats, secrets_dir: secretsDir } = system.stack()
  const password = readFileSync(join(secretsDir, 'nats_gateway_password'), 'utf8').trim()
  const messaging = await connectMessaging({ url: nats.url, user: 'gateway', password, name: 'gateway', log: quiet })
  const events: CloudEvent[] = []
  try {
    for (const stream of followed) {
      const before = events.length
      let quietSince = performance.now()
      const following = messaging.follow({
        stream,
        tenantId,
        after: 0,
        hear: (event) => {
          events.push(event)
          quietSince = performance.now()
        },
      })
      // The last event of the stream may be another hospital's: silence is the end.
      while (events.length === before || performance.now() - quietSince < 400)
        await new Promise((resolve) => setTimeout(resolve, 50))
      await following.close()
    }
  } finally {
    await messaging.close()
  }
  return events
}
