import { randomBytes } from 'node:crypto'

/** Random words that stand for what people type, to be looked for afterwards. */
export interface Aviary {
  /** A word for a field that may be told to other services: names, addresses, numbers of people. */
  name(where: string): string
  /** A word for everything else. */
  word(where: string): string
  /** Whole texts that must be nowhere: tokens that were given out. */
  secrets: string[]
  all(): string[]
  /** The words that were planted in a place. */
  wordsOf(where: string): string[]
  /** Where the words that a text holds were planted. */
  foundIn(text: string): string[]
  isName(where: string): boolean
}

/** Lower case, since addresses of e-mail become that; no character that any encoding changes. */
const randomWord = () => `zq${randomBytes(6).toString('hex')}qz`

const anyWord = /zq[0-9a-f]{12}qz/gi

export function aviary(): Aviary {
  const planted = new Map<string, string>()
  const names = new Set<string>()
  const secrets: string[] = []
  const plant = (where: string): string => {
    const word = randomWord()
    planted.set(word, where)
    return word
  }
  return {
    name(where) {
      names.add(where)
      return plant(where)
    },
    word: plant,
    secrets,
    all: () => [...planted.keys()],
    wordsOf: (where) => [...planted].flatMap(([word, place]) => (place === where ? [word] : [])),
    foundIn(text) {
      const words = new Set(text.match(anyWord)?.map((word) => word.toLowerCase()))
      const places = [...words].flatMap((word) => planted.get(word) ?? [])
      return [...new Set(places), ...secrets.filter((secret) => text.includes(secret)).map(() => 'a token')]
    },
    isName: (where) => names.has(where),
  }
}
