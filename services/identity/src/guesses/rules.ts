/** How many guesses an account, or a device known to it, may get wrong in the window before it is refused unheard. */
export const maxGuesses = 10
export const windowMinutes = 15

/** Milliseconds until the oldest of the counted guesses is forgotten; 0: another guess is heard now. */
export function waitForGuess(wrongGuesses: readonly string[], now: Date): number {
  if (wrongGuesses.length < maxGuesses) return 0
  const oldest = Math.min(...wrongGuesses.map((at) => Date.parse(at)))
  return Math.max(1_000, oldest + windowMinutes * 60_000 - now.getTime())
}
