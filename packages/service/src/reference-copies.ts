import { createHash } from 'node:crypto'
import {
  type DataOf,
  getUserFacts,
  listUserFacts,
  type RequestContext,
  type ServiceName,
  systemContext,
  userCreated,
  userUpdated,
} from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { type Consuming, consumeOnce } from './consume.ts'
import type { Deps } from './deps.ts'

type UserFacts = DataOf<typeof userUpdated>

/**
 * Writes what identity says of a user into this hospital's copies: `staff` for everybody, `doctors` for those who are
 * or were doctors. Only a newer version changes anything, so repeats and reordering do no harm; a doctor no more stays
 * as `inactive`, since rows refer to them.
 */
export async function storeUser(tx: TenantTx, user: UserFacts): Promise<void> {
  await tx.query(sql.unsafe`
    INSERT INTO staff AS s (id, name, status, version) VALUES (${user.id}, ${user.name}, ${user.status}, ${user.version})
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, status = excluded.status, version = excluded.version
    WHERE s.version < excluded.version`)
  const status = user.is_doctor && user.status !== 'inactive' ? 'active' : 'inactive'
  await tx.query(sql.unsafe`
    INSERT INTO doctors AS d (id, name, email, status, version)
    SELECT ${user.id}, ${user.name}, ${user.email}, ${status}, ${user.version}
    WHERE (${user.is_doctor} OR EXISTS (SELECT 1 FROM doctors WHERE id = ${user.id}))
      -- An older version that comes late does not make a doctor of somebody who is none any more.
      AND EXISTS (SELECT 1 FROM staff WHERE id = ${user.id} AND version = ${user.version})
    ON CONFLICT (id) DO UPDATE
      SET name = excluded.name, email = excluded.email, status = excluded.status, version = excluded.version
    WHERE d.version < excluded.version`)
}

/** Keeps `staff` and `doctors` true from identity's events. */
export const consumeUsers = (service: ServiceName, deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: `${service}-users`,
    stream: 'IDENTITY',
    events: [userCreated, userUpdated],
    write: (tx, event) => storeUser(tx, event.data),
  })

const Known = Type.Object({ known: Type.Boolean() })

/** Asks identity for a user whose event has not arrived yet, so that work with a person created a moment ago succeeds. */
async function ensureUser(
  deps: Deps,
  context: RequestContext,
  userId: number,
  isKnown: (tx: TenantTx) => Promise<boolean>,
) {
  if (userId < 1 || (await deps.database.inTenant(context, isKnown))) return
  const request = { tenant_id: context.tenantId, user_id: userId }
  const user = await deps.messaging.request(getUserFacts, request, {
    requestId: context.requestId,
    traceparent: context.traceparent,
  })
  if (user) await deps.database.inTenant(context, (tx) => storeUser(tx, user))
}

/** Makes sure that the doctor's copy is here, if identity knows such a doctor; for a step before the transaction. */
export const ensureDoctor = (deps: Deps, context: RequestContext, doctorId: number): Promise<void> =>
  ensureUser(deps, context, doctorId, async (tx) =>
    tx.oneFirst(sql.type(Known)`SELECT EXISTS (SELECT 1 FROM doctors WHERE id = ${doctorId}) AS known`),
  )

/** The same for any member of staff: whoever acts is a foreign key of what they do. */
export const ensureStaff = (deps: Deps, context: RequestContext, userId: number): Promise<void> =>
  ensureUser(deps, context, userId, async (tx) =>
    tx.oneFirst(sql.type(Known)`SELECT EXISTS (SELECT 1 FROM staff WHERE id = ${userId}) AS known`),
  )

const Checksum = Type.Object({ rows: Type.String() })

/** `id:version` of every user, hashed: equal on both sides when the copy is complete. */
export const checksumOf = (rows: string): string => createHash('sha256').update(rows).digest('hex')

/**
 * Compares the copies of one hospital with identity and fetches what differs. For the times when events were lost:
 * a message server that lost its data, a restored backup.
 */
export async function reconcileUsers(deps: Deps, tenantId: string): Promise<number> {
  const context = systemContext(tenantId, `reconcile-${tenantId}`)
  const mine = await deps.database.inTenant(context, (tx) =>
    tx.oneFirst(
      sql.type(Checksum)`SELECT coalesce(string_agg(id || ':' || version, ',' ORDER BY id), '') AS rows FROM staff`,
    ),
  )
  const checksumOfMine = checksumOf(mine)
  let stored = 0
  for (let after = 0; ; ) {
    const { users, checksum } = await deps.messaging.request(listUserFacts, {
      tenant_id: tenantId,
      after_id: after,
      limit: 500,
    })
    if (checksum === checksumOfMine) return 0
    await deps.database.inTenant(context, async (tx) => {
      for (const user of users) await storeUser(tx, user)
    })
    stored += users.length
    const last = users.at(-1)
    if (!last || users.length < 500) return stored
    after = last.id
  }
}
