/** What a valid token says about its bearer. */
export type Bearer =
  | { kind: 'own'; userId: number; tenantId: string; sessionId: string }
  | {
      kind: 'external'
      issuer: string
      subject: string
      email: string | null
      emailVerified: boolean
      /** Seconds; null when the token does not say. */
      issuedAt: number | null
    }

/** A bearer, and until when (milliseconds since 1970) the token says so. */
export interface Reading {
  bearer: Bearer
  expiresAt: number
}
