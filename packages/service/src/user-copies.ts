import {
  type DataOf,
  getUserFacts,
  listUserFacts,
  Nullable,
  type ServiceName,
  userCreated,
  userUpdated,
} from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { type Consuming, consumeOnce } from './consume.ts'
import type { Deps } from './deps.ts'
import type { Copies } from './reference-copies.ts'

type UserFacts = DataOf<typeof userUpdated>

const Person = Type.Object({ id: Type.Integer(), name: Type.String(), status: Type.String(), version: Type.Integer() })
const Staff = Type.Composite([Person, Type.Object({ roles: Type.Array(Type.String()) })])
const staff = table('staff', Staff, { made: [] })
const doctors = table('doctors', Type.Composite([Person, Type.Object({ email: Nullable(Type.String()) })]), {
  made: [],
})

const Is = Type.Object({ newest: Type.Boolean(), doctor: Type.Boolean() })

/**
 * Writes what identity says of a user into this hospital's copies: `staff` for everybody, `doctors` for those who are
 * or were doctors. Only a newer version changes anything, so repeats and reordering do no harm; a doctor no more stays
 * as `inactive`, since rows refer to them.
 */
export async function storeUser(tx: TenantTx, user: UserFacts): Promise<void> {
  const { id, name, email, version } = user
  await staff.storeNewer(tx, { id, name, status: user.status, roles: user.roles ?? [], version })
  const is = await tx.one(sql.type(Is)`
    SELECT EXISTS (SELECT FROM staff WHERE id = ${id} AND version = ${version}) AS newest,
      EXISTS (SELECT FROM doctors WHERE id = ${id}) AS doctor`)
  // An older version that comes late does not make a doctor of somebody who is none any more.
  if (!is.newest || !(user.is_doctor || is.doctor)) return
  const status = user.is_doctor && user.status !== 'inactive' ? 'active' : 'inactive'
  await doctors.storeNewer(tx, { id, name, email, status, version })
}

/** Keeps `staff` and `doctors` true from identity's events. */
export const consumeUsers = (service: ServiceName, deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: `${service}-users`,
    stream: 'IDENTITY',
    events: [userCreated, userUpdated],
    write: (tx, event) => storeUser(tx, event.data),
  })

/** Identity's users, as they are here. */
export const userCopies = ({ messaging }: Pick<Deps, 'messaging'>): Copies<UserFacts> => ({
  name: 'users',
  table: 'staff',
  ask: ({ tenantId, requestId, traceparent }, id) =>
    messaging.request(getUserFacts, { tenant_id: tenantId, user_id: id }, { requestId, traceparent }),
  list: async (page) => {
    const { users, checksum } = await messaging.request(listUserFacts, page)
    return { facts: users, checksum }
  },
  store: storeUser,
})
