import { problem } from '@hospital/contracts'
import type { Caller } from '../auth/answers.ts'
import { findPerson, type PersonRow } from '../auth/queries.ts'
import { recordRefusal } from '../auth/record.ts'
import type { IdentityDeps } from '../deps.ts'
import { accountOf, hearGuess } from '../guesses/guess.ts'
import { type CodeType, codeHash } from './codes.ts'
import { tryCodes } from './queries.ts'

/** Whose code it was, and which. */
export interface Checked {
  codeId: number
  person: PersonRow
}

/**
 * Compares a typed code with those mailed to this address.
 * @throws problem `invalid-code` or `too-many-attempts`, the same for addresses that nobody here has; on record
 */
export async function checkCode(
  deps: IdentityDeps,
  caller: Caller,
  action: string,
  { email, code, type }: { email: string; code: string; type: CodeType },
): Promise<Checked> {
  const guess = { email, door: `${type}-code`, address: caller.address }
  let meant: { id: number; name: string; tenant_id: string }[] = []
  try {
    const found = await hearGuess(deps, guess, async () => {
      const live = await deps.database.inGlobal((tx) => tryCodes(tx, accountOf(email), type))
      meant = live.map(({ user_id, tenant_id }) => ({ id: user_id, name: '', tenant_id }))
      return live.find((row) => row.code === codeHash(deps.keys, type, row.user_id, code)) ?? null
    })
    const person = found && (await deps.database.inGlobal((tx) => findPerson(tx, found.user_id)))
    if (!found || !person) throw problem('invalid-code')
    return { codeId: found.id, person }
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'invalid-code' || error.code === 'too-many-attempts')
    ) {
      const accounts = [...new Map(meant.map((account) => [account.tenant_id, account])).values()]
      await recordRefusal(deps, caller, action, error as ReturnType<typeof problem>, accounts)
    }
    throw error
  }
}
