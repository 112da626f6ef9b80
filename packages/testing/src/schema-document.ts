import { globalSchema, type ServiceName } from '@hospital/database'
import { testDatabase } from './database.ts'

interface Column {
  table: string
  comment: string | null
  column: string
  type: string
  nullable: boolean
  fallback: string | null
  note: string | null
}

interface Line {
  table: string
  text: string
}

type Query = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>

const columnsSql = `
  SELECT c.relname AS table, obj_description(c.oid, 'pg_class') AS comment, a.attname AS column,
         format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
         pg_get_expr(d.adbin, d.adrelid) AS fallback, col_description(c.oid, a.attnum) AS note
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'pgmigrations'
  ORDER BY c.relname, a.attnum`

const constraintsSql = `
  SELECT c.relname AS table, format('%s: %s', k.conname, pg_get_constraintdef(k.oid)) AS text
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  WHERE c.relnamespace = $1::regnamespace AND k.contype IN ('c', 'f', 'x', 'u', 'p') ORDER BY c.relname, k.contype, k.conname`

const indexesSql = `
  SELECT t.relname AS table, format('%s: %s', i.relname, regexp_replace(pg_get_indexdef(i.oid), '^.* USING ', '')) AS text
  FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  WHERE t.relnamespace = $1::regnamespace AND t.relname <> 'pgmigrations' ORDER BY t.relname, i.relname`

const triggersSql = `
  SELECT c.relname AS table, format('%s: %s', t.tgname, regexp_replace(pg_get_triggerdef(t.oid), '^CREATE (CONSTRAINT )?TRIGGER \\S+ ', '')) AS text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE c.relnamespace = $1::regnamespace AND NOT t.tgisinternal ORDER BY c.relname, t.tgname`

const cell = (text: string | null) => (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ')

function tableSection(
  columns: readonly Column[],
  lists: readonly { title: string; lines: readonly string[] }[],
): string {
  const [first] = columns
  const rows = columns.map(
    ({ column, type, nullable, fallback, note }) =>
      `| ${column} | ${cell(type)} | ${nullable ? '' : 'not null'} | ${cell(fallback)} | ${cell(note)} |`,
  )
  return [
    `### ${first?.table}`,
    ...(first?.comment ? ['', first.comment] : []),
    '',
    '| column | type | null | default | note |',
    '|---|---|---|---|---|',
    ...rows,
    ...lists.flatMap(({ title, lines }) =>
      lines.length > 0 ? ['', `${title}:`, ...lines.map((line) => `- \`${line}\``)] : [],
    ),
    '',
  ].join('\n')
}

async function schemaSection(query: Query, schema: string): Promise<string> {
  const columns = await query<Column>(columnsSql, [schema])
  const of = async (text: string) =>
    (await query<Line>(text, [schema])).map((line) => ({ ...line, text: line.text.replaceAll(`${schema}.`, '') }))
  const [constraints, indexes, triggers] = [await of(constraintsSql), await of(indexesSql), await of(triggersSql)]
  const tables = [...new Set(columns.map(({ table }) => table))]
  const linesOf = (lines: readonly Line[], table: string) =>
    lines.filter((line) => line.table === table).map(({ text }) => text)
  return tables
    .map((table) =>
      tableSection(
        columns.filter((column) => column.table === table),
        [
          { title: 'Constraints', lines: linesOf(constraints, table) },
          { title: 'Indexes', lines: linesOf(indexes, table) },
          { title: 'Triggers', lines: linesOf(triggers, table) },
        ],
      ),
    )
    .join('\n')
}

const services: readonly ServiceName[] = ['identity', 'clinical', 'scheduling']

/** docs/schema.md as the migrated databases say it: every table, column, constraint, index and trigger. */
export async function schemaDocument(): Promise<string> {
  const parts = [
    '# Database schema',
    '',
    'Generated from migrated databases by `npm run docs`; the tests compare it. One database a service; a tenant’s tables stand in the schema named like the tenant.',
    '',
  ]
  for (const service of services) {
    const database = await testDatabase(service)
    try {
      parts.push(
        `## ${service}: global tables (schema \`${globalSchema(service)}\`)`,
        '',
        await schemaSection(database.query, globalSchema(service)),
      )
      if (service !== 'identity')
        parts.push(`## ${service}: tables of each tenant`, '', await schemaSection(database.query, database.tenants[0]))
    } finally {
      await database.close()
    }
  }
  return `${parts.join('\n').trimEnd()}\n`
}
