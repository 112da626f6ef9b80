import { problem } from '@hospital/contracts'

/** Counts the streams that each person has open, and refuses more than `most`. */
export function seatsOf(most: number) {
  const taken = new Map<string, number>()
  return {
    /** Takes a seat; answers how to leave it. */
    take(person: string): () => void {
      const count = taken.get(person) ?? 0
      if (count >= most)
        throw problem('too-many-requests', { detail: `${most} streams are open already.`, retryAfterSeconds: 5 })
      taken.set(person, count + 1)
      return () => {
        const left = (taken.get(person) ?? 1) - 1
        if (left > 0) taken.set(person, left)
        else taken.delete(person)
      }
    },
  }
}
