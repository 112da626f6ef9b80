import { connectMessaging } from '@hospital/messaging'
import { createLog } from '@hospital/service/log'
import { stopOnSignal } from '@hospital/service/signals'
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

stopOnSignal(log, async () => {
  await app.close()
  await messaging.close()
})
