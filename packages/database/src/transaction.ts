import type { DatabaseTransactionConnection, QuerySqlToken } from 'slonik'

/** Whose transaction it is; what events and triggers say about the actor. */
export interface TenantContext {
  tenantId: string
  /** users.id; 0 is the system itself. */
  userId: number
  requestId: string
  traceparent?: string | undefined
}

const methods = [
  'any',
  'anyFirst',
  'exists',
  'many',
  'manyFirst',
  'maybeOne',
  'maybeOneFirst',
  'one',
  'oneFirst',
  'query',
] as const

type QueryMethods = Pick<DatabaseTransactionConnection, (typeof methods)[number]>

declare const tenantBrand: unique symbol
declare const globalBrand: unique symbol

interface Transaction extends QueryMethods {
  /** The schema of the service's global tables: `public`, `clinical` or `scheduling`. */
  readonly globalSchema: string
}

/** A transaction that sees one tenant's data. Only `inTenant` makes one, so a query without a tenant does not compile. */
export interface TenantTx extends Transaction {
  readonly [tenantBrand]: true
  readonly context: TenantContext
  /** Runs `work` so that its failure undoes only what it did. */
  savepoint<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>
}

/** A transaction over the service's global tables. */
export interface GlobalTx extends Transaction {
  readonly [globalBrand]: true
  savepoint<T>(work: (tx: GlobalTx) => Promise<T>): Promise<T>
}

/**
 * The only statements that reach the database. It closes RESET ROLE, SET, COPY, DO, PREPARE, LISTEN and COMMIT for text
 * that an attacker would control whole; the extended protocol closes them behind another statement.
 */
const statement = /^[\s(]*(select|insert|update|delete|merge|with|values|explain)\b/i

function assertStatement(query: QuerySqlToken): void {
  if (!statement.test(query.sql))
    throw new TypeError('Only SELECT, INSERT, UPDATE, DELETE and MERGE run in a transaction')
}

/** What the audit rows of a database need. */
interface AuditBinding {
  /** Signs the rows. */
  key: Buffer
  /** The hospitals whose trail waits for the sealer, and when it was last written to (`performance.now()`). */
  writtenTrails: Map<string, number>
}

/** Beside the handle and not in it, so that no query function comes by the key. */
const auditBindings = new WeakMap<TenantTx | GlobalTx, AuditBinding>()

/** What the audit rows of this transaction need. */
export function auditBindingOf(tx: TenantTx | GlobalTx): AuditBinding {
  const binding = auditBindings.get(tx)
  if (binding === undefined) throw new TypeError('Not a transaction of inTenant or inGlobal')
  return binding
}

/** The types of the events that were written in a transaction, in their order; its savepoints share the list. */
const toldIn = new WeakMap<TenantTx | GlobalTx, string[]>()

/** The types of the events that this transaction tells so far: what a contract says must agree with it. */
export const eventsToldIn = (tx: TenantTx | GlobalTx): string[] => {
  const told = toldIn.get(tx)
  if (told === undefined) throw new TypeError('Not a transaction of inTenant or inGlobal')
  return told
}

/** What the transactions of one database have in common. */
interface Binding {
  globalSchema: string
  audit: AuditBinding
}

/** A handle that dies with its transaction: a promise nobody awaited must not write into the next tenant's. */
interface Handle<Tx> {
  tx: Tx
  close(): void
}

/** Wraps slonik's transaction into the branded handle that queries receive. */
export function bindTransaction<Tx extends TenantTx | GlobalTx>(
  connection: DatabaseTransactionConnection,
  binding: Binding,
  context: TenantContext | null,
  told: string[] = [],
): Handle<Tx> {
  let open = true
  const assertOpen = () => {
    if (!open) throw new Error('The transaction is over')
  }
  const bound = methods.map((name) => {
    const run = (connection[name] as (query: QuerySqlToken) => Promise<unknown>).bind(connection)
    return [
      name,
      async (query: QuerySqlToken) => {
        assertOpen()
        assertStatement(query)
        return run(query)
      },
    ]
  })
  const savepoint = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    assertOpen()
    return connection.transaction(async (nested) => {
      const inner = bindTransaction<Tx>(nested, binding, context, told)
      try {
        return await work(inner.tx)
      } finally {
        inner.close()
      }
    })
  }
  const { globalSchema } = binding
  const tx = { ...Object.fromEntries(bound), globalSchema, context, savepoint } as unknown as Tx
  auditBindings.set(tx, binding.audit)
  toldIn.set(tx, told)
  return {
    tx,
    close: () => {
      open = false
    },
  }
}
