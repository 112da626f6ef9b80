import { availableParallelism } from 'node:os'
import { problem } from '@hospital/contracts'
import { hash as argon2, verify as verifyArgon2 } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'

/** Hashing with a queue of its own, so that sign-ins cannot take all memory and processors. */
export interface Passwords {
  /** argon2id of a new password. */
  hash(password: string): Promise<string>
  /** A turn in the queue; inside it `verify` may be called. */
  turn<T>(work: (verify: Verify) => Promise<T>): Promise<T>
}

/** Compares with a stored hash; with null it takes the time of a comparison and answers false. */
type Verify = (password: string, stored: string | null) => Promise<boolean>

// OWASP's first choice: 19 MiB, two passes, one thread.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const current = '$argon2id$v=19$m=19456,t=2,p=1$'
const maxWaiting = 200

/** Composed and decomposed accents are the same password. */
const normal = (password: string) => password.normalize('NFC')

export const isCurrentHash = (stored: string): boolean => stored.startsWith(current)

async function compare(password: string, stored: string): Promise<boolean> {
  try {
    if (stored.startsWith('$argon2')) return await verifyArgon2(stored, normal(password))
    // Databases we adopted; the hash is replaced at the first sign-in. What may stand here, is_password_hash() says too.
    if (/^\$2[abxy]\$/.test(stored)) return await verifyBcrypt(password, stored)
  } catch {
    // A damaged hash fits no password.
  }
  return false
}

/** At most as many at a time as there are processors, a bounded number waiting, the rest told to come back. */
function createQueue(size: number) {
  let free = size
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1
    else {
      if (waiting.length >= maxWaiting) throw problem('service-unavailable', { retryAfterSeconds: 2 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

/** Prepares the hash that unknown accounts are compared with. */
export async function createPasswords(): Promise<Passwords> {
  const queue = createQueue(Math.max(2, Math.min(4, availableParallelism())))
  const nobody = await argon2('nobody has this password', cost)
  const verify: Verify = async (password, stored) => {
    const fits = await compare(password, stored ?? nobody)
    return fits && stored !== null
  }
  return {
    hash: (password) => queue(() => argon2(normal(password), cost)),
    turn: (work) => queue(() => work(verify)),
  }
}
