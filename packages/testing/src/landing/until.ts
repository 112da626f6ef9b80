/**
 * Asks until the answer is true; false when the time is over.
 * @throws the error of the last time it was asked
 */
export async function untilTrue(check: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  for (;;) {
    try {
      if (await check()) return true
      if (Date.now() > deadline) return false
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    await pause(100)
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
