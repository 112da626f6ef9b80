import { problem } from '@hospital/contracts'
import type { Static, TObject } from '@sinclair/typebox'
import { assignments, columnsRead, type Fragment, listed, namesOf, type ReadAs } from './columns.ts'
import { sql } from './sql.ts'
import type { GlobalTx, TenantTx } from './transaction.ts'

type Tx = TenantTx | GlobalTx
type Row<S extends TObject> = Static<S>
/** Values by column; a fragment is an expression that the database works out. */
type Values<R> = { [C in keyof R]: R[C] | Fragment }
type Changes<R> = Partial<Values<R>>

/** What the schema cannot say of a table. `Made`: columns that the database fills in when nobody does. */
interface TableNotes<Column extends string, Made extends Column> {
  made: readonly Made[]
  /** Numerics are read as JSON numbers, or as exact decimals in text without trailing zeros. */
  readAs?: Partial<Record<Column, 'number' | 'decimal'>>
}

/** The writes of one table, and its columns for the queries that read it. It knows no conditions: those are plain SQL. */
interface Table<S extends TObject, Made extends keyof Row<S> & string> {
  readonly row: S
  /** `id, patient_id, …` as they are read, for SELECT and RETURNING; `columns('p')` with the alias before each. */
  columns(alias?: string): Fragment
  /** One row. Every column that the database does not make has to be there: a forgotten one does not compile. */
  insert(tx: Tx, values: NewRow<S, Made>): Promise<Row<S>>
  /** The same, or null and nothing written where this constraint holds such a row already. */
  insertUnless(tx: Tx, constraint: string, values: NewRow<S, Made>): Promise<Row<S> | null>
  /**
   * Copies what another service owns: the row when it is not here, its newer version when it is here in an older one.
   * Answers whether it wrote.
   */
  storeNewer(tx: Tx, values: NewRow<S, Made> & { id: number; version: number }): Promise<boolean>
  /**
   * Many rows in one statement, all with the same columns; answered in no particular order. Ids may be given: they were
   * taken from the table's sequence then.
   */
  insertMany(tx: Tx, rows: readonly PlainRow<S, Made>[]): Promise<readonly Row<S>[]>
  /**
   * Writes the named columns of the row that was read, one version on, and `updated_at` unless it is named.
   * @throws problem `stale-version` when the row has another version meanwhile
   */
  update(tx: Tx, current: { id: number | string; version: number }, changes: Changes<Row<S>>): Promise<Row<S>>
  /**
   * The same for many rows in one statement, all with the same columns: constraints look at the end of it, so that each
   * may take what another one leaves. Answered in no particular order.
   */
  updateMany(tx: Tx, rows: readonly RowChange<S>[]): Promise<readonly Row<S>[]>
}

/** The row that was read, by id and version, and what becomes of it. */
export type RowChange<S extends TObject> = { id: number; version: number } & Partial<Omit<Row<S>, 'id' | 'version'>>

export type NewRow<S extends TObject, Made extends keyof Row<S>> = Values<Omit<Row<S>, Made>> &
  Changes<Pick<Row<S>, Made>>

/** The same without expressions. */
type PlainRow<S extends TObject, Made extends keyof Row<S>> = Omit<Row<S>, Made> & Partial<Pick<Row<S>, Made>>

/**
 * A table whose columns are those of a schema, so that they are written down once: what is read, what is written and what
 * must not be forgotten all follow from it. The database turns the values into the types of the columns itself
 * (`jsonb_populate_record`).
 */
export function table<S extends TObject, const Made extends keyof Row<S> & string>(
  name: string,
  row: S,
  notes: TableNotes<keyof Row<S> & string, Made>,
): Table<S, Made> {
  const names = Object.keys(row.properties)
  const record = sql.identifier([name])
  const columns = (alias: string = name): Fragment => columnsRead(names, alias, notes.readAs as ReadAs)
  const own = columns()

  const insertion = (values: object, unless: Fragment) => {
    const given = assignments(row, values)
    return sql.type(row)`
      INSERT INTO ${record} (${given.columns})
      SELECT ${given.expressions} FROM jsonb_populate_record(NULL::${record}, ${given.plain}::jsonb) n
      ${unless} RETURNING ${own}`
  }
  const nextVersion = sql.fragment`version = ${record}.version + 1`

  return {
    row,
    columns,
    insert: (tx, values) => tx.one(insertion(values, sql.fragment``)),
    insertUnless: (tx, constraint, values) =>
      tx.maybeOne(
        insertion(values, sql.fragment`ON CONFLICT ON CONSTRAINT ${sql.identifier([constraint])} DO NOTHING`),
      ),
    storeNewer: async (tx, values) => {
      const set = names.map((column) => {
        const place = sql.identifier([column])
        return sql.fragment`${place} = excluded.${place}`
      })
      const newer = sql.fragment`ON CONFLICT (id) DO UPDATE SET ${listed(set)} WHERE ${record}.version < excluded.version`
      return (await tx.maybeOne(insertion(values, newer))) !== null
    },
    insertMany: async (tx, rows) => {
      const [first] = rows
      if (first === undefined) return []
      const named = namesOf(first)
      if (rows.some((other) => namesOf(other) !== named))
        throw new TypeError('Rows of one statement have the same columns')
      const given = assignments(row, first).columns
      return tx.any(sql.type(row)`
        INSERT INTO ${record} (${given}) OVERRIDING SYSTEM VALUE
        SELECT ${given} FROM jsonb_populate_recordset(NULL::${record}, ${JSON.stringify(rows)}::jsonb) RETURNING ${own}`)
    },
    update: async (tx, current, changes) => {
      const { updated_at = sql.fragment`now()`, ...named } = changes as Record<string, unknown>
      const given = assignments(row, 'updated_at' in row.properties ? { ...named, updated_at } : named)
      const changed = await tx.maybeOne(sql.type(row)`
        UPDATE ${record} SET ${listed([...given.settings, nextVersion])}
        FROM jsonb_populate_record(NULL::${record}, ${given.plain}::jsonb) n
        WHERE ${record}.id = ${current.id} AND ${record}.version = ${current.version} RETURNING ${own}`)
      if (changed === null) throw problem('stale-version')
      return changed
    },
    updateMany: async (tx, rows) => {
      const [first] = rows
      if (first === undefined) return []
      const { id: _id, version: _version, ...named } = first
      const set = [...assignments(row, named).settings]
      if ('updated_at' in row.properties) set.push(sql.fragment`updated_at = now()`)
      const changed = await tx.any(sql.type(row)`
        UPDATE ${record} SET ${listed([...set, nextVersion])}
        FROM jsonb_populate_recordset(NULL::${record}, ${JSON.stringify(rows)}::jsonb) n
        WHERE ${record}.id = n.id AND ${record}.version = n.version RETURNING ${own}`)
      if (changed.length !== rows.length) throw problem('stale-version')
      return changed
    },
  }
}
