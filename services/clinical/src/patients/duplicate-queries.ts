import { DuplicateCandidate, Nullable } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { duplicateThreshold, matchPeople, nearDates, type Person, swappedDate } from './duplicate-rules.ts'
import type { PatientInput } from './queries.ts'

type Candidate = Static<typeof DuplicateCandidate>

const shown = table('patients', Type.Omit(DuplicateCandidate, ['score', 'reasons']), { made: [] })
const PersonRow = Type.Composite([
  shown.row,
  Type.Object({
    search_first: Type.String(),
    search_last: Type.String(),
    search_phone: Nullable(Type.String()),
    search_email: Nullable(Type.String()),
  }),
])
const WantedRow = Type.Object({
  first: Type.String(),
  last: Type.String(),
  phone: Nullable(Type.String()),
})

/** More people than this share no birth date; beyond it the best are found all the same by what else they share. */
const mostCompared = 300

/** One registration of a birth date at a time: the second of two clicks sees what the first one wrote. */
export async function queueRegistration(tx: TenantTx, birthDate: string): Promise<void> {
  const lock = `register ${tx.context.tenantId} ${birthDate}`
  await tx.query(sql.unsafe`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 1))`)
}

/** People who share enough with this one to be worth comparing: each part of the condition has its index. */
async function findSimilar(tx: TenantTx, p: PatientInput, phone: string | null) {
  const sameDay = [p.date_of_birth, swappedDate(p.date_of_birth)].filter((date) => date !== null)
  const name = `${p.first_name} ${p.last_name}`
  return tx.any(sql.type(PersonRow)`
    SELECT ${shown.columns()},
      btrim(extensions.searchable(first_name)) AS search_first, btrim(extensions.searchable(last_name)) AS search_last,
      search_phone, lower(email) AS search_email
    FROM patients
    WHERE merged_into IS NULL AND (
      date_of_birth = ANY(${sql.array(sameDay, 'date')})
      OR (date_of_birth = ANY(${sql.array(nearDates(p.date_of_birth), 'date')})
          AND search_variants && extensions.name_variants(extensions.searchable(${name})))
      OR (search_phone = ${phone} AND length(search_phone) >= 4)
      OR lower(email) = lower(${p.email ?? null}))
    LIMIT ${mostCompared}`)
}

/** Who this person may already be, likeliest first. */
export async function findDuplicates(tx: TenantTx, p: PatientInput): Promise<Candidate[]> {
  const wanted = await tx.one(sql.type(WantedRow)`
    SELECT btrim(extensions.searchable(${p.first_name})) AS first, btrim(extensions.searchable(${p.last_name})) AS last,
      extensions.phone_backwards(${p.phone ?? null}) AS phone`)
  const person: Person = {
    firstName: wanted.first,
    lastName: wanted.last,
    birthDate: p.date_of_birth,
    phone: wanted.phone,
    email: p.email?.toLowerCase() ?? null,
  }
  const candidates = (await findSimilar(tx, p, wanted.phone)).flatMap((row) => {
    const { search_first, search_last, search_phone, search_email, ...shown } = row
    const other = {
      firstName: search_first,
      lastName: search_last,
      birthDate: row.date_of_birth,
      phone: search_phone,
      email: search_email,
    }
    const match = matchPeople(person, other)
    return match !== null && match.score >= duplicateThreshold ? [{ ...shown, ...match }] : []
  })
  return candidates.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, 10)
}
