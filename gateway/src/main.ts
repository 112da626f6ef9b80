import { connectMessaging } from '@hospital/messaging'
import { createLog } from '@hospital/service/log'
import { buildGateway } from './app.ts'
import { readConfig } from './config.ts'

const config = readConfig()
const log = createLog('gateway', config.logLevel)
const messaging = await connectMessaging({
  url: config.natsUrl,
  user: 'gateway',
  password: config.natsPassword,
  name: 'gateway',
  log,
})
const app = await buildGateway({ config, messaging, log })
await app.listen({ host: config.host, port: config.port })
log.info({ port: config.port }, 'ready')

let stopping = false
async function stop(signal: string): Promise<void> {
  if (stopping) return
  stopping = true
  log.info({ signal }, 'stopping')
  await app.close()
  await messaging.close()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stop(signal).catch((error: unknown) => {
      log.error({ err: error }, 'stopped with an error')
      process.exit(1)
    })
  })
}
process.on('unhandledRejection', (error) => {
  // A fault nobody handled leaves unknown state behind: end, and be started again.
  log.fatal({ err: error }, 'unhandled rejection')
  process.exit(1)
})
