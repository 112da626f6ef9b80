import { runService } from '@hospital/service'
import { buildIdentity } from './app.ts'
import { config } from './config.ts'

await runService(config, (deps) => buildIdentity(deps, config))
