import { among, type Fragment, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { PatientRow, patientColumns, sexIs } from './queries.ts'
import { parseSearch, type SearchTerms, wordVariants } from './search-rules.ts'

const FoundRow = Type.Composite([PatientRow, Type.Object({ rank: Type.Integer() })])
type FoundPatient = Static<typeof FoundRow>

/** The place after which a page of found patients begins: rank, names, id. */
type SearchPosition = readonly [rank: number, lastName: string, firstName: string, id: number]

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

/** How well a word fits one of the names: the whole of it, its beginning, any part, or one mistake away. */
const fits = (word: string) => ({
  whole: sql.fragment`search_name LIKE ${`% ${asLiteral(word)} %`}`,
  beginning: sql.fragment`search_name LIKE ${`% ${asLiteral(word)}%`}`,
  // Shorter parts would be in nearly every name.
  part: sql.fragment`search_name LIKE ${word.length < 3 ? `% ${asLiteral(word)}%` : `%${asLiteral(word)}%`}`,
  nearly: sql.fragment`search_variants && ${sql.array(wordVariants(word), 'text')}`,
})

const all = (conditions: readonly Fragment[]): Fragment => sql.fragment`(${sql.join(conditions, sql.fragment` AND `)})`

/** The ways in which names fit what was typed, best first; the position is the rank. */
function nameFits(words: readonly string[]): Fragment[] {
  const fit = words.map(fits)
  const whole = all(fit.map((word) => word.whole))
  return [
    sql.fragment`(${whole} AND cardinality(string_to_array(btrim(search_name), ' ')) = ${words.length})`,
    whole,
    all(fit.map((word) => word.beginning)),
    all(fit.map((word) => word.part)),
    all(
      fit.map((word, i) =>
        (words[i] as string).length < 3 ? word.part : sql.fragment`(${word.part} OR ${word.nearly})`,
      ),
    ),
  ]
}

function namesTerm(words: readonly string[]): Term {
  const ways = nameFits(words)
  const cases = ways.map((way, rank) => sql.fragment`WHEN ${way} THEN ${rank}::int`)
  return { condition: ways.at(-1) as Fragment, rank: sql.fragment`CASE ${sql.join(cases, sql.fragment` `)} END` }
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

/** More is not looked for: each word is asked of every way a name can fit, and a letter can become six. */
const mostWords = 8
const longestWord = 60
/** No index finds a word without one, and nobody is called so. */
const letterOrDigit = /[\p{L}\p{N}]/u

/** The words of a name as names are stored for search: one definition, in the database. */
async function searchableWords(tx: TenantTx, text: string): Promise<string[]> {
  const Searchable = Type.Object({ words: Type.String() })
  const words = await tx.oneFirst(sql.type(Searchable)`SELECT btrim(extensions.searchable(${text})) AS words`)
  return words
    .split(' ')
    .filter((word) => letterOrDigit.test(word))
    .slice(0, mostWords)
    .map((word) => word.slice(0, longestWord))
}

interface SearchRequest {
  q: string
  status: string | undefined
  sex?: string | undefined
  ids?: string | undefined
  limit: number
  after: SearchPosition | null
}

/**
 * One step of a search. The inner query is fenced off, so that the planner gathers the hits by the search indexes and
 * sorts them: walking all patients in name order until enough fit is slow exactly when they stand at the end.
 */
function findFitting(
  tx: TenantTx,
  term: Term,
  { q, status, sex, ids, after, limit }: SearchRequest & { limit: number },
) {
  const [rank, lastName, firstName, id] = after ?? [-1, '', '', 0]
  const byStatus = status === undefined ? sql.fragment`true` : sql.fragment`status = ${status}`
  return tx.any(sql.type(FoundRow)`
    SELECT ${patientColumns}, best.rank FROM patients JOIN (
      SELECT hit_id, rank FROM (
        SELECT id AS hit_id, last_name AS l, first_name AS f, ${term.rank} AS rank FROM patients
        WHERE ${term.condition} AND ${byStatus} AND ${sexIs(sex)} AND ${among(ids, 'patients')} AND (merged_into IS NULL OR lower(patient_number) = ${q.trim().toLowerCase()})
        OFFSET 0
      ) AS hits
      WHERE (rank, l, f, hit_id) > (${rank}, ${lastName}, ${firstName}, ${id})
      ORDER BY rank, l, f, hit_id LIMIT ${limit}
    ) AS best ON id = hit_id ORDER BY best.rank, last_name, first_name, id`)
}

/** Names alone are searched way by way, the best first, until the page is full: common names never reach the costly ways. */
async function searchNames(tx: TenantTx, words: readonly string[], request: SearchRequest): Promise<FoundPatient[]> {
  const ways = nameFits(words)
  const found: FoundPatient[] = []
  for (const [rank, way] of ways.entries()) {
    const missing = request.limit + 1 - found.length
    if (missing <= 0) break
    if (rank < (request.after?.[0] ?? 0) || (rank === 0 && words.length === 1)) continue
    const better = ways.slice(0, rank).at(-1)
    const condition = better && rank !== 0 ? sql.fragment`(${way} AND NOT ${better})` : way
    found.push(
      ...(await findFitting(tx, { condition, rank: sql.fragment`${rank}::int` }, { ...request, limit: missing })),
    )
  }
  return found
}

/**
 * Patients that fit what was typed, best first; one row more than `limit`. A merged patient is found by its own number
 * only: under its names the survivor is found.
 */
export async function searchPatients(tx: TenantTx, request: SearchRequest): Promise<readonly FoundPatient[]> {
  const parsed = parseSearch(request.q)
  const words = parsed.digits === null && parsed.rest !== '' ? await searchableWords(tx, parsed.rest) : []
  const terms = toTerms(parsed, words)
  if (terms.length === 0) return []
  const namesOnly = words.length > 0 && terms.length === 1 && !/\d/.test(parsed.rest)
  if (namesOnly) return searchNames(tx, words, request)
  const term = {
    condition: all(terms.map(({ condition }) => condition)),
    rank: sql.fragment`greatest(${sql.join(
      terms.map(({ rank }) => rank),
      sql.fragment`, `,
    )})`,
  }
  return findFitting(tx, term, { ...request, limit: request.limit + 1 })
}
