import { getUserFacts, listUserFacts, systemContext } from '@hospital/contracts'
import { checksumOf, type Deps, type Running } from '@hospital/service'
import { findFacts, listFacts, listVersions } from './fact-work.ts'

const longestList = 500

/** Answers the services that keep copies of users. */
export const respondAboutUsers = ({ database, messaging }: Deps): Running[] => [
  messaging.respond(getUserFacts, ({ tenant_id, user_id }, { requestId }) =>
    database.inTenant(systemContext(tenant_id, requestId ?? ''), (tx) => findFacts(tx, user_id)),
  ),
  messaging.respond(listUserFacts, ({ tenant_id, after_id, limit }, { requestId }) =>
    database.inTenant(systemContext(tenant_id, requestId ?? ''), async (tx) => ({
      users: [...(await listFacts(tx, after_id, Math.min(limit, longestList)))],
      checksum: checksumOf(await listVersions(tx)),
    })),
  ),
]
