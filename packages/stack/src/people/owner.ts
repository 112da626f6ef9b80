import { withOwner } from '@hospital/database'

/** What `withOwner` hands out; named through it, since only the database package knows the driver. */
export type OwnerClient = Parameters<Parameters<typeof withOwner>[1]>[0]

/** Runs the work in one transaction of the owner. */
export async function ownerTransaction<T>(url: string, work: (client: OwnerClient) => Promise<T>): Promise<T> {
  return await withOwner(url, async (client) => {
    await client.query('BEGIN')
    try {
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  })
}
