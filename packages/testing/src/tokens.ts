import { generateKeyPairSync } from 'node:crypto'
import { permissionsOfRoles, type ServiceName } from '@hospital/contracts'
import { contextToken, type TokenOwner } from '@hospital/stack'

/** Stands in for the gateway: signs context tokens that services under test accept. */
export interface TestGateway {
  publicKey: string
  /** The value of an Authorization header. */
  bearer(service: ServiceName, owner: Partial<TokenOwner> & { tenantId: string; roles: readonly string[] }): string
  /** The same for an operation before sign-in. */
  anonymous(service: ServiceName): string
}

/** A gateway with a key pair of its own. Permissions follow from the built-in roles unless they are given. */
export function testGateway(): TestGateway {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    bearer(service, owner) {
      const permissions = owner.permissions ?? permissionsOfRoles(owner.roles)
      const complete = { userId: 1, name: owner.roles.join(' '), ...owner, permissions }
      return `Bearer ${contextToken(privateKey, service, complete)}`
    },
    anonymous(service) {
      const nobody: TokenOwner = { tenantId: '', userId: 'anonymous', name: '', roles: [], permissions: [] }
      return `Bearer ${contextToken(privateKey, service, nobody)}`
    },
  }
}
