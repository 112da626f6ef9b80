import { changeSecuritySettings as changeContract, getSecuritySettings as getContract } from '@hospital/contracts'
import { handle, type Route } from '@hospital/service'
import { listUsersWithRoles } from '../roles/queries.ts'
import { tellAccessChanged } from '../sessions/end-work.ts'
import { getSecuritySettings, lockSecuritySettings, updateSecuritySettings } from '../tenants/queries.ts'
import { getAssignableRoles } from '../users/grant-work.ts'

/** How a hospital guards its accounts. */
export const securityRoutes = (): Route[] => [
  handle(getContract, (tx) => getSecuritySettings(tx)),
  handle(changeContract, {
    load: (tx) => lockSecuritySettings(tx),
    work: async (tx, { body, current }) => {
      const roleIds = body.mfa_required_role_ids ?? current.mfa_required_role_ids
      await getAssignableRoles(tx, roleIds, (i) => `/mfa_required_role_ids/${i}`)
      const settings = await updateSecuritySettings(tx, roleIds)
      for (const userId of await listUsersWithRoles(tx, [...current.mfa_required_role_ids, ...roleIds])) {
        await tellAccessChanged(tx, userId)
      }
      return settings
    },
  }),
]
