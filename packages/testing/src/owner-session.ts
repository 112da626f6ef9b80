import { withOwner } from '@hospital/database'

type Client = Parameters<Parameters<typeof withOwner>[1]>[0]

interface Session {
  client: Client
  end(): void
  /** When the connection is closed. */
  over: Promise<void>
}

async function open(url: string): Promise<Session> {
  const opened = Promise.withResolvers<Client>()
  const ended = Promise.withResolvers<void>()
  const over = withOwner(url, async (client) => {
    opened.resolve(client)
    await ended.promise
  })
  over.catch(opened.reject)
  return { client: await opened.promise, end: ended.resolve, over: over.catch(() => {}) }
}

/** What a statement may leave in its session. */
const leavesTraces = /\b(begin|set|listen|lock|prepare|advisory_lock)\b/i

/**
 * Queries of an owner over one connection that is kept: a new one costs more than most queries. What runs at the same
 * time, or may leave something in its session, has a connection of its own.
 */
export function ownerSession(url: string) {
  let session: Promise<Session> | null = null
  let isBusy = false

  const close = async (): Promise<void> => {
    const closing = session
    session = null
    const opened = await closing?.catch(() => null)
    opened?.end()
    await opened?.over
  }
  return {
    query: async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => {
      if (isBusy || leavesTraces.test(text))
        return withOwner(url, async (client) => (await client.query<Row>(text, values)).rows)
      isBusy = true
      try {
        session ??= open(url)
        return (await (await session).client.query<Row>(text, values)).rows
      } catch (error) {
        await close()
        throw error
      } finally {
        isBusy = false
      }
    },
    close,
  }
}
