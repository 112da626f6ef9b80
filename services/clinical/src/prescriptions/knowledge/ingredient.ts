/** One active substance: the level at which allergies and interactions are known. */
export interface Ingredient {
  /** RxNorm concept (term type IN); null where none is entered: such a drug is found by name only. */
  rxcui: string | null
  name: string
  classes: readonly string[]
  /** Names that mean this substance, and brands; a brand of several substances names them all. */
  names: readonly { text: string; ingredients: readonly string[] }[]
}

/** What rules may call a substance: its name, and its classes. */
export const keysOf = ({ name, classes }: Ingredient): string[] => [name, ...classes]

const list = (text: string, separator: string | RegExp) =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean)

function parseName(text: string, own: string): Ingredient['names'][number] {
  const [name = '', parts] = text.split('=')
  return { text: name, ingredients: parts === undefined ? [own] : list(parts, '+') }
}

/** Reads a table of lines `RxCUI | name | classes | other names`, where `brand=a+b` is a brand of a and b. */
export function ingredients(table: string): Ingredient[] {
  return list(table, '\n').map((line) => {
    const [rxcui = '', name = '', classes = '', names = ''] = line.split('|').map((cell) => cell.trim())
    return {
      rxcui: rxcui === '-' ? null : rxcui,
      name,
      classes: list(classes, /\s+/),
      names: [{ text: name, ingredients: [name] }, ...list(names, ',').map((text) => parseName(text, name))],
    }
  })
}
