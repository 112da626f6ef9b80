import { problem } from '@hospital/contracts'
import type { Caller, PublicNotes } from '@hospital/service'
import { findPerson, type PersonRow } from '../auth/queries.ts'
import type { IdentityDeps } from '../deps.ts'
import { accountOf, hearGuess } from '../guesses/guess-work.ts'
import { type CodeType, codeHash } from './code-adapter.ts'
import { tryCodes } from './queries.ts'

/** Whose code it was, and which. */
export interface Checked {
  codeId: number
  person: PersonRow
}

/**
 * Compares a typed code with those mailed to this address; notes whom it is about. A wrong one counts whatever comes
 * afterwards, so this happens before the transaction of the operation.
 * @throws problem `invalid-code` or `too-many-attempts`, the same for addresses that nobody here has
 */
export async function checkCode(
  deps: IdentityDeps,
  { address, audit }: Caller & { audit: PublicNotes },
  { email, code, type }: { email: string; code: string; type: CodeType },
): Promise<Checked> {
  const found = await hearGuess(deps, { email, door: `${type}-code`, address }, async () => {
    const live = await deps.database.inGlobal((tx) => tryCodes(tx, accountOf(email), type))
    const meant = live.map(({ user_id, tenant_id }) => ({ id: user_id, tenant_id }))
    audit.about = [...new Map(meant.map((account) => [account.tenant_id, account])).values()]
    return live.find((row) => row.code === codeHash(deps.keys, type, row.user_id, code)) ?? null
  })
  const person = found && (await deps.database.inGlobal((tx) => findPerson(tx, found.user_id)))
  if (!found || !person) throw problem('invalid-code')
  audit.about = [person]
  return { codeId: found.id, person }
}
