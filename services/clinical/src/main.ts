import { runService } from '@hospital/service'
import { buildClinical } from './app.ts'
import { config } from './config.ts'

await runService(config, (deps) => buildClinical(deps, { ownerUrl: config.ownerUrl }))
