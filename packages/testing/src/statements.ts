import { withOwner } from '@hospital/database'

interface Connection {
  query(statement: string | { text: string }, ...rest: unknown[]): unknown
}

/**
 * The statements that this process sends to PostgreSQL while the work is done, by connection, in their order. Each is one
 * round trip: a statement waits for the answer to the one before it.
 */
export async function statementsDuring(ownerUrl: string, work: () => Promise<unknown>): Promise<string[][]> {
  // Services share the driver with the owner's connections: what all connections are made of hears all of them.
  const shared: Connection = await withOwner(ownerUrl, async (owner) => Object.getPrototypeOf(owner))
  const sent = new Map<object, string[]>()
  const original = shared.query
  shared.query = function (this: Connection, statement, ...rest) {
    const text = typeof statement === 'string' ? statement : statement.text
    sent.set(this, [...(sent.get(this) ?? []), text])
    return original.call(this, statement, ...rest)
  }
  try {
    await work()
  } finally {
    shared.query = original
  }
  return [...sent.values()]
}
