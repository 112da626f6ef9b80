/** Asks until the answer is true, an error counting as no; false when the time is over. */
export async function untilTrue(check: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (!(await check().catch(() => false))) {
    if (Date.now() > deadline) return false
    await pause(100)
  }
  return true
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
