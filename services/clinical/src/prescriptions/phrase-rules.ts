/** Lower-case words of letters and digits, accents taken off. */
export const splitWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)

/** Lower-case words of any script that begin with a letter, accents taken off: what somebody said, readable or not. */
export const wordsOfAnyScript = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/\p{L}[\p{L}\p{N}]*/gu) ?? []

/** Does a part hold a word, of any script or length, that is none of these? */
export const saysMoreThan = (part: string, ...known: readonly ReadonlySet<string>[]): boolean =>
  wordsOfAnyScript(part).some((word) => !known.some((words) => words.has(word)))

/** The parts of a list that somebody wrote in one line. */
export const partsOf = (text: string): string[] =>
  text
    // A full stop ends a sentence where a word stands before it: `St. John's wort` and `2.5` go on.
    .split(/[/+,;&()[\]\n\r|、，；。]|(?<=[\p{L}\p{N}]{3})[.!](?=\s|$)|\b(?:and|with|plus)\b/iu)
    .map((part) => part.trim())
    .filter(Boolean)

/** Where a known phrase stands among words. */
interface Found<M> {
  words: readonly string[]
  meaning: M
}

/** Finds known phrases in words, the longest first, none inside another. */
export function createPhraseBook<M>(phrases: ReadonlyMap<string, M>) {
  const byFirstWord = new Map<string, Found<M>[]>()
  for (const [phrase, meaning] of phrases) {
    const words = splitWords(phrase)
    const first = words[0] ?? ''
    byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), { words, meaning }])
  }
  for (const list of byFirstWord.values()) list.sort((a, b) => b.words.length - a.words.length)

  return {
    /** What stands there, in order. */
    find(words: readonly string[]): Found<M>[] {
      const found: Found<M>[] = []
      for (let at = 0; at < words.length; ) {
        const match = byFirstWord
          .get(words[at] ?? '')
          ?.find((entry) => entry.words.every((word, i) => words[at + i] === word))
        if (match) found.push(match)
        at += match?.words.length ?? 1
      }
      return found
    },
  }
}
