/** A user that the person may be. */
interface Choice {
  tenant_id: string
}

/** The one that is meant: the only one, or the one in the hospital asked for. Never a guess between several. */
export function chooseUser<C extends Choice>(choices: readonly C[], tenantId: string | null): C | null {
  const fitting = tenantId === null ? choices : choices.filter((choice) => choice.tenant_id === tenantId)
  const [only] = fitting
  return only && fitting.length === 1 ? only : null
}

/** The name of a session that has no row: the tokens of one link. */
export const externalSessionId = (linkId: number): string => `external-${linkId}`

export function linkOfSession(sessionId: string): number | null {
  const digits = /^external-(\d{1,9})$/.exec(sessionId)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** True for a token from before the person signed out. One that does not say when it was issued may be. */
export const isSignedOut = (signedOutAt: string | null, issuedAt: number | undefined): boolean =>
  signedOutAt !== null && (issuedAt ?? 0) * 1000 < Date.parse(signedOutAt)
