import { createSigner } from 'fast-jwt'

/** What tokens of a kind say of themselves. All are signed with Ed25519. */
interface TokenKind {
  iss: string
  typ: string
  lifetimeSeconds: number
}

/** Identity's word to a person: `Authorization: Bearer` at the gateway. */
export const accessTokens: TokenKind = { iss: 'hospital', typ: 'at+jwt', lifetimeSeconds: 600 }

/** The gateway's word to one service, its audience, about who acts. */
export const contextTokens: TokenKind = { iss: 'hospital-gateway', typ: 'ctx+jwt', lifetimeSeconds: 60 }

/** The audience of access tokens. */
export const hospitalAudience = 'hospital'

interface Claims {
  aud: string
  sub: string
  [claim: string]: unknown
}

/**
 * The one way tokens are made: a function of claims and the second since 1970 at which they begin to count.
 * @param privateKey PKCS 8 PEM
 * @throws when it holds no Ed25519 key
 */
export function tokenMaker({ iss, typ, lifetimeSeconds }: TokenKind, privateKey: string, kid?: string) {
  const header = { alg: 'EdDSA', typ, ...(kid ? { kid } : {}) }
  const sign = createSigner({ key: privateKey, algorithm: 'EdDSA', header, iss })
  return (claims: Claims, issuedAt: number): string =>
    sign({ ...claims, iat: issuedAt, exp: issuedAt + lifetimeSeconds })
}

/** The one way they are read, in the words of @fastify/jwt. It skips a check whose claim is missing: so all are required. */
export const readingOf = ({ iss, typ }: TokenKind, audience: string) => ({
  algorithms: ['EdDSA' as const],
  allowedIss: iss,
  allowedAud: audience,
  checkTyp: typ,
  requiredClaims: ['iss', 'aud', 'sub', 'exp'],
  clockTolerance: 5_000,
})
