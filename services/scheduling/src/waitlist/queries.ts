import { type listWaitlist, Nullable, type QueryOf, type Static, WaitlistEntry } from '@hospital/contracts'
import { type Fragment, type RowChange, sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { type Interval, iso } from '../availability/interval-rules.ts'

const Stored = Type.Composite([
  Type.Omit(WaitlistEntry, ['patient_name', 'from', 'to', 'offer']),
  Type.Object({
    starts_at: Type.String(),
    ends_at: Type.String(),
    /** The latest offer; it stays when it was answered. */
    offered_doctor_id: Nullable(Type.Integer()),
    offered_date: Nullable(Type.String()),
    offer_expires_at: Nullable(Type.String()),
    /** The id that was named, when it has been merged into the patient. */
    merged_from: Nullable(Type.Integer()),
  }),
])
export const waitlist = table('waitlist', Stored, {
  made: [
    'id',
    'status',
    'offered_doctor_id',
    'offered_date',
    'offer_expires_at',
    'appointment_id',
    'created_by',
    'created_at',
    'updated_at',
    'version',
  ],
})

const Row = Type.Composite([Stored, Type.Pick(WaitlistEntry, ['patient_name'])])
export type Entry = Static<typeof Row> & Static<typeof WaitlistEntry>

function offerOf({ status, offered_doctor_id, offered_date, offer_expires_at }: Static<typeof Row>): Entry['offer'] {
  if (status !== 'offered' || !offered_doctor_id || !offered_date || !offer_expires_at) return null
  return { doctor_id: offered_doctor_id, appointment_date: offered_date, expires_at: offer_expires_at }
}

const toEntry = (row: Static<typeof Row>): Entry => ({
  ...row,
  from: row.starts_at,
  to: row.ends_at,
  offer: offerOf(row),
})

const select = sql.fragment`
  SELECT ${waitlist.columns('w')}, p.first_name || ' ' || p.last_name AS patient_name
  FROM waitlist w JOIN patients p ON p.id = w.patient_id`

const listWhere = async (tx: TenantTx, condition: Fragment): Promise<Entry[]> =>
  (await tx.any(sql.type(Row)`${select} WHERE ${condition}`)).map(toEntry)

export const findEntry = async (tx: TenantTx, id: number): Promise<Entry | null> =>
  (await listWhere(tx, sql.fragment`w.id = ${id}`))[0] ?? null

export const findEntryForChange = async (tx: TenantTx, id: number): Promise<Entry | null> =>
  (await listWhere(tx, sql.fragment`w.id = ${id} FOR UPDATE OF w`))[0] ?? null

const getEntry = async (tx: TenantTx, id: number): Promise<Entry> =>
  toEntry(await tx.one(sql.type(Row)`${select} WHERE w.id = ${id}`))

/** One page and one row more, in the order of the list. */
export function listEntries(tx: TenantTx, filters: QueryOf<typeof listWaitlist>, after: number | null) {
  const conditions = [
    sql.fragment`w.id > ${after ?? 0}`,
    ...(filters.patient_id === undefined ? [] : [sql.fragment`w.patient_id = ${filters.patient_id}`]),
    ...(filters.doctor_id === undefined ? [] : [sql.fragment`w.doctor_id = ${filters.doctor_id}`]),
    ...(filters.status === undefined ? [] : [sql.fragment`w.status = ${filters.status}`]),
  ]
  return listWhere(
    tx,
    sql.fragment`${sql.join(conditions, sql.fragment` AND `)} ORDER BY w.id LIMIT ${filters.limit + 1}`,
  )
}

/** The list is served by one transaction at a time; taken after the calendars, never before. */
export const lockWaitlist = (tx: TenantTx) =>
  tx.query(sql.unsafe`
    SELECT pg_advisory_xact_lock(hashtextextended(${`${tx.context.tenantId}\nwaitlist`}, 4))`)

/** Who waits for a time of this doctor, in their order, as far as the list itself can tell. */
export const listWaiting = (tx: TenantTx, doctorId: number, { start, end }: Interval) =>
  listWhere(
    tx,
    sql.fragment`
    w.status = 'waiting' AND (w.doctor_id IS NULL OR w.doctor_id = ${doctorId})
      AND greatest(w.starts_at, ${iso(start)}::timestamptz) < ${iso(end)}::timestamptz
      AND greatest(w.starts_at, ${iso(start)}::timestamptz) + make_interval(mins => w.duration_minutes) <= w.ends_at
    ORDER BY w.id LIMIT 200`,
  )

/** Open offers of a doctor's time that touch a span. */
export const listOffers = (tx: TenantTx, doctorId: number, { start, end }: Interval) =>
  listWhere(
    tx,
    sql.fragment`
    w.status = 'offered' AND w.offered_doctor_id = ${doctorId} AND w.offered_date < ${iso(end)}::timestamptz
      AND w.offered_date + make_interval(mins => w.duration_minutes) > ${iso(start)}::timestamptz
    ORDER BY w.id`,
  )

/** Offers that nobody answered in time. */
export const listOverdue = (tx: TenantTx, now: Date) =>
  listWhere(
    tx,
    sql.fragment`
    w.status = 'offered' AND w.offer_expires_at <= ${now.toISOString()}::timestamptz
    ORDER BY w.offer_expires_at LIMIT 100`,
  )

/** Who waited for a time that is over. */
export const listOutlived = (tx: TenantTx, now: Date) =>
  listWhere(
    tx,
    sql.fragment`
    w.status = 'waiting' AND w.ends_at <= ${now.toISOString()}::timestamptz
    ORDER BY w.id LIMIT 100 FOR UPDATE OF w SKIP LOCKED`,
  )

type NewEntry = Pick<
  Static<typeof Stored>,
  'patient_id' | 'doctor_id' | 'starts_at' | 'ends_at' | 'duration_minutes' | 'notes' | 'merged_from'
>

export async function insertEntry(tx: TenantTx, made: NewEntry): Promise<Entry> {
  const { id } = await waitlist.insert(tx, { ...made, created_by: tx.context.userId || null })
  return getEntry(tx, id)
}

export type EntryChange = Omit<RowChange<typeof Stored>, 'id' | 'version'>

/** Writes the named fields of an entry that is locked. */
export async function updateEntry(tx: TenantTx, current: Entry, change: EntryChange): Promise<Entry> {
  await waitlist.update(tx, current, change)
  return getEntry(tx, current.id)
}
