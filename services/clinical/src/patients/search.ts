import { sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { PatientRow, patientColumns } from './queries.ts'
import { parseSearch, type SearchTerms, wordVariants } from './search-terms.ts'

const FoundRow = Type.Composite([PatientRow, Type.Object({ rank: Type.Integer() })])
export type FoundPatient = Static<typeof FoundRow>

/** The place after which a page of found patients begins: rank, names, id. */
export type SearchPosition = readonly [rank: number, lastName: string, firstName: string, id: number]

type Fragment = ReturnType<typeof sql.fragment>

/** A condition, and how well a row that meets it fits: 0 is exactly what was typed. */
interface Term {
  condition: Fragment
  rank: Fragment
}

/** Text for LIKE: `%`, `_` and `\` stand for themselves. */
const asLiteral = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

const backwards = (digits: string): string => [...digits].reverse().join('')

function emailTerm(email: string): Term {
  return {
    condition: sql.fragment`lower(email) LIKE ${`${asLiteral(email)}%`}`,
    rank: sql.fragment`CASE WHEN lower(email) = ${email} THEN 0 ELSE 2 END`,
  }
}

/** Digits are a patient number or its running part, or the end of a telephone number. */
function digitsTerm(rest: string, digits: string): Term {
  const made = `p-${digits.padStart(6, '0')}`
  const phone = backwards(digits)
  const suffix = digits.length >= 4 ? sql.fragment`search_phone LIKE ${`${phone}%`}` : sql.fragment`false`
  return {
    condition: sql.fragment`(lower(patient_number) = ${made} OR lower(patient_number) LIKE ${`${asLiteral(rest)}%`} OR ${suffix})`,
    rank: sql.fragment`CASE WHEN lower(patient_number) IN (${rest}, ${made}) OR search_phone = ${phone} THEN 0 ELSE 2 END`,
  }
}

/** A part of the names: short ones begin a word, longer ones stand anywhere or are one mistake away. */
function wordCondition(word: string): Fragment {
  const part = word.length < 3 ? `% ${asLiteral(word)}%` : `%${asLiteral(word)}%`
  if (word.length < 3) return sql.fragment`search_name LIKE ${part}`
  return sql.fragment`(search_name LIKE ${part} OR search_variants && ${sql.array(wordVariants(word), 'text')})`
}

function namesTerm(words: readonly string[]): Term {
  const typed = sql.array([...words], 'text')
  const all = (pattern: (word: string) => string) =>
    sql.array(
      words.map((word) => pattern(asLiteral(word))),
      'text',
    )
  const conditions = words.map(wordCondition)
  return {
    condition: sql.fragment`(${sql.join(conditions, sql.fragment` AND `)})`,
    rank: sql.fragment`CASE
      WHEN string_to_array(btrim(search_name), ' ') @> ${typed}
        THEN CASE WHEN ${typed} @> string_to_array(btrim(search_name), ' ') THEN 0 ELSE 1 END
      WHEN search_name LIKE ALL (${all((word) => `% ${word}%`)}) THEN 2
      WHEN search_name LIKE ALL (${all((word) => `%${word}%`)}) THEN 3
      ELSE 4 END`,
  }
}

/** Letters and digits mixed may be a patient number; a name does not stop being one for a digit in it. */
function restTerm(rest: string, words: readonly string[]): Term {
  const names = words.length > 0 ? namesTerm(words) : { condition: sql.fragment`false`, rank: sql.fragment`4` }
  if (!/\d/.test(rest)) return names
  return {
    condition: sql.fragment`(lower(patient_number) LIKE ${`${asLiteral(rest)}%`} OR ${names.condition})`,
    rank: sql.fragment`CASE WHEN lower(patient_number) = ${rest} THEN 0
      WHEN lower(patient_number) LIKE ${`${asLiteral(rest)}%`} THEN 1 ELSE ${names.rank} END`,
  }
}

function toTerms(terms: SearchTerms, words: readonly string[]): Term[] {
  const found = terms.birthDates.map((date) => ({
    condition: sql.fragment`date_of_birth = ${date}::date`,
    rank: sql.fragment`0`,
  }))
  found.push(...terms.emails.map(emailTerm))
  if (terms.digits !== null) found.push(digitsTerm(terms.rest, terms.digits))
  else if (terms.rest !== '') found.push(restTerm(terms.rest, words))
  return found
}

/** The words of a name as names are stored for search: one definition, in the database. */
async function searchableWords(tx: TenantTx, text: string): Promise<string[]> {
  const Searchable = Type.Object({ words: Type.String() })
  const words = await tx.oneFirst(sql.type(Searchable)`SELECT btrim(extensions.searchable(${text})) AS words`)
  return words
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, 8)
}

export interface SearchRequest {
  q: string
  status: string | undefined
  limit: number
  after: SearchPosition | null
}

/**
 * Patients that fit what was typed, best first; one row more than `limit`. A merged patient is found by its own number
 * only: under its names the survivor is found.
 */
export async function searchPatients(
  tx: TenantTx,
  { q, status, limit, after }: SearchRequest,
): Promise<readonly FoundPatient[]> {
  const parsed = parseSearch(q)
  const words = parsed.digits === null && parsed.rest !== '' ? await searchableWords(tx, parsed.rest) : []
  const terms = toTerms(parsed, words)
  if (terms.length === 0) return []
  const conditions = terms.map((term) => term.condition)
  conditions.push(sql.fragment`(merged_into IS NULL OR lower(patient_number) = ${parsed.rest})`)
  if (status !== undefined) conditions.push(sql.fragment`status = ${status}`)
  const ranks = terms.map((term) => term.rank)
  const [rank, lastName, firstName, id] = after ?? [-1, '', '', 0]
  return tx.any(sql.type(FoundRow)`
    SELECT * FROM (
      SELECT ${patientColumns}, greatest(${sql.join(ranks, sql.fragment`, `)}) AS rank
      FROM patients WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ) AS found
    WHERE (rank, last_name, first_name, id) > (${rank}, ${lastName}, ${firstName}, ${id})
    ORDER BY rank, last_name, first_name, id LIMIT ${limit + 1}`)
}
