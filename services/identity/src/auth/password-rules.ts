import { commonPasswords } from './knowledge/common-passwords.ts'

const shortest = 12
const shortestWithMfa = 8
const longest = 128

/** True for a password that is long enough only together with a second factor. */
export const needsMfa = (password: string): boolean => [...password].length < shortest

/** One character over and over, or a run along the keyboard's digits or the alphabet. */
function isMonotonous(password: string): boolean {
  const codes = [...password].map((character) => character.codePointAt(0) ?? 0)
  if (new Set(codes).size < 4) return true
  const steps = new Set(codes.slice(1).map((code, i) => code - (codes[i] ?? 0)))
  const turns = new Set([...steps].map((step) => (Math.abs(step) === 9 ? -Math.sign(step) : step)))
  return turns.size === 1
}

/** A short unit repeated to make up length. */
const isRepeated = (password: string) => /^(.{1,8}?)\1+(.{0,7})$/u.exec(password)?.[1] !== undefined

/** What is left of `Password123!` when the usual ending is taken away. */
const stem = (password: string) => password.replace(/[\d\p{P}\p{S}]{1,4}$/u, '')

const isCommon = (password: string) => commonPasswords.has(password) || commonPasswords.has(stem(password))

/**
 * Why a password is refused, or null. Length is what counts: no rules about kinds of characters, and nothing is cut off.
 */
export function weaknessOf(
  password: string,
  { hasMfa, own }: { hasMfa: boolean; own: readonly string[] },
): string | null {
  const length = [...password].length
  const least = hasMfa ? shortestWithMfa : shortest
  if (length < least) return `must have at least ${least} characters`
  if (length > longest) return `must have at most ${longest} characters`
  const plain = password.normalize('NFKC').toLowerCase()
  const names = own.flatMap((text) => [text, text.split('@')[0] ?? '']).map((text) => text.toLowerCase())
  if (names.some((name) => name.length > 0 && (plain === name || stem(plain) === name)))
    return 'is your own name or e-mail'
  if (isCommon(plain)) return 'is one of the commonly used'
  if (isMonotonous(plain) || isRepeated(plain)) return 'repeats itself'
  return null
}
