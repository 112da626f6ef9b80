import { runService } from '@hospital/service'
import { buildScheduling } from './app.ts'
import { config } from './config.ts'

await runService(config, (deps) => buildScheduling(deps, { ownerUrl: config.ownerUrl, publicUrl: config.publicUrl }))
