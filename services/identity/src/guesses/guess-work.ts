import { problem } from '@hospital/contracts'
import type { IdentityDeps } from '../deps.ts'
import { tokenHash } from '../keys.ts'
import { findDevice, type GuessCounter, insertGuess, listWrongGuesses, lockAccount, markRight } from './queries.ts'
import { waitForGuess } from './rules.ts'

/** A try to prove who one is. */
interface Guess {
  /** E-mail as typed; it need not exist, and counts the same when it does not. */
  email: string
  /** What is guessed: `password`, `totp`, `reset-code` … All doors of an account share one counter. */
  door: string
  address?: string | undefined
  /** From an earlier sign-in; a device that the account knows has a counter of its own. */
  deviceToken?: string | undefined
}

/** E-mails compare without case, everywhere. */
export const accountOf = (email: string): string => email.trim().toLowerCase()

async function reserve(deps: Pick<IdentityDeps, 'database' | 'keys' | 'clock'>, guess: Guess): Promise<number> {
  const email = accountOf(guess.email)
  return deps.database.inGlobal(async (tx) => {
    const deviceId = guess.deviceToken ? await findDevice(tx, tokenHash(guess.deviceToken), email) : null
    const counter: GuessCounter = { accountHash: deps.keys.fingerprint('account', email), deviceId }
    await lockAccount(tx, counter)
    const waitMs = waitForGuess(await listWrongGuesses(tx, counter), deps.clock())
    if (waitMs > 0) throw problem('too-many-attempts', { retryAfterSeconds: Math.ceil(waitMs / 1000) })
    return insertGuess(tx, counter, guess.door, guess.address)
  })
}

/**
 * Hears a guess, unless the account has used up its guesses. `evaluate` says whether it was right (anything but null);
 * right ones do not count.
 * @throws problem `too-many-attempts`, the same whether the account exists or not
 */
export async function hearGuess<T>(
  deps: Pick<IdentityDeps, 'database' | 'keys' | 'clock'>,
  guess: Guess,
  evaluate: () => Promise<T | null>,
): Promise<T | null> {
  const guessId = await reserve(deps, guess)
  const result = await evaluate()
  if (result !== null) await deps.database.inGlobal((tx) => markRight(tx, guessId))
  return result
}
