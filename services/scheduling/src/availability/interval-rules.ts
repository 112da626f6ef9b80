/** A half-open span of time in milliseconds since 1970. */
export interface Interval {
  start: number
  end: number
}

/** As contracts and SQL write an instant. */
export const iso = (at: number): string => new Date(at).toISOString()

/** How far ahead of now anything is planned: ten years. */
export const farthestMs = 10 * 366 * 86_400_000

/** False for the year 9999 and the like, which calendars cannot be searched for. */
export const isInReach = (at: number): boolean => at > Date.UTC(1900, 0) && at < Date.UTC(2200, 0)

/** The same time as intervals that neither touch nor overlap, in order; empty ones are gone. */
export function merge(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start)
  const merged: Interval[] = []
  for (const interval of sorted) {
    const last = merged.at(-1)
    if (last && interval.start <= last.end) last.end = Math.max(last.end, interval.end)
    else merged.push({ ...interval })
  }
  return merged
}

/** What is left of `intervals` (merged) without `taken`. */
export function subtract(intervals: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const holes = merge(taken)
  return intervals.flatMap((interval) => {
    const left: Interval[] = []
    let start = interval.start
    for (const hole of holes) {
      if (hole.end <= start) continue
      if (hole.start >= interval.end) break
      if (hole.start > start) left.push({ start, end: hole.start })
      start = Math.max(start, hole.end)
    }
    if (start < interval.end) left.push({ start, end: interval.end })
    return left
  })
}

/** The parts of `intervals` inside `bounds`. */
export const clip = (intervals: readonly Interval[], bounds: Interval): Interval[] =>
  intervals
    .map(({ start, end }) => ({ start: Math.max(start, bounds.start), end: Math.min(end, bounds.end) }))
    .filter(({ start, end }) => start < end)

export const overlaps = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end

/** True when one of the (merged) intervals holds all of `inner`. Two months of slots ask this thousands of times. */
export function covers(intervals: readonly Interval[], inner: Interval): boolean {
  let [low, high] = [0, intervals.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((intervals[middle] as Interval).start <= inner.start) low = middle + 1
    else high = middle
  }
  const last = intervals[low - 1]
  return last !== undefined && inner.end <= last.end
}
