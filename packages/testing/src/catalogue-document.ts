import {
  describeDatabase,
  type ExpectedCatalogue,
  majorVersion,
  type ServiceCatalogue,
  type ServiceName,
  withOwner,
} from '@hospital/database'
import { testDatabase } from './database.ts'

/** migrations/catalogue.json as freshly migrated databases have it; `migrate status` and `doctor` hold others against it. */
export async function catalogueDocument(): Promise<string> {
  const describe = async (service: ServiceName): Promise<ServiceCatalogue & { postgresql: number }> => {
    const database = await testDatabase(service)
    try {
      const postgresql = await withOwner(database.ownerUrl, majorVersion)
      const tenant = service === 'identity' ? undefined : database.tenants[0]
      return { postgresql, ...(await describeDatabase(database.ownerUrl, service, tenant)) }
    } finally {
      await database.close()
    }
  }
  const { postgresql, ...identity } = await describe('identity')
  const { postgresql: _clinical, ...clinical } = await describe('clinical')
  const { postgresql: _scheduling, ...scheduling } = await describe('scheduling')
  const catalogue: ExpectedCatalogue = { postgresql, services: { identity, clinical, scheduling } }
  return `${JSON.stringify(catalogue, null, 2)}\n`
}
