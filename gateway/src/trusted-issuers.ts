import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const TokenUse = Type.Union([Type.Literal('access'), Type.Literal('id')])

const TrustedIssuer = Type.Object(
  {
    issuer: Type.String({ pattern: '^https?://' }),
    audience: Type.Optional(Type.String({ minLength: 1 })),
    client_id: Type.Optional(Type.String({ minLength: 1 })),
    token_use: Type.Optional(TokenUse),
    jwks_uri: Type.Optional(Type.String({ pattern: '^https?://' })),
  },
  { additionalProperties: false },
)

/** An OIDC issuer whose tokens are accepted, and which of them. */
export interface TrustedIssuer {
  /** Exactly as in the tokens' `iss`. */
  issuer: string
  /** Who the tokens must be meant for: an `aud` … */
  audience?: string
  /** … or a client, as `client_id` of access tokens (Amazon Cognito) or `aud` of ID tokens. */
  client_id?: string
  /** Only access tokens, or only ID tokens; both unless said. */
  token_use?: 'access' | 'id'
  /** Where the keys are; found through the issuer's openid-configuration unless said. */
  jwks_uri?: string
}

/**
 * Reads OIDC_ISSUERS, a JSON list. An issuer without audience and client would accept tokens made for anybody, so it is
 * refused.
 */
export function readIssuers(text: string | undefined, production: boolean): TrustedIssuer[] {
  if (!text?.trim()) return []
  const issuers = parse(text)
  for (const entry of issuers) {
    if (!Value.Check(TrustedIssuer, entry)) {
      const wrong = Value.Errors(TrustedIssuer, entry).First()
      throw new Error(`OIDC_ISSUERS is not right at ${wrong?.path || '/'}: ${wrong?.message}.`)
    }
    if (!entry.audience && !entry.client_id)
      throw new Error(`OIDC_ISSUERS: ${entry.issuer} needs an audience or a client_id.`)
    if (production && !entry.issuer.startsWith('https://'))
      throw new Error(`OIDC_ISSUERS: ${entry.issuer} must be https in production.`)
  }
  return issuers as TrustedIssuer[]
}

function parse(text: string): unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('OIDC_ISSUERS is not JSON.')
  }
  return Array.isArray(value) ? value : [value]
}
