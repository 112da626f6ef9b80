import { LabCatalogueInput } from '@hospital/contracts'
import { Value } from '@sinclair/typebox/value'
import { type EntryContent, type EntryInput, wholeEntry } from './entry-rules.ts'
import type { Entry } from './rules.ts'

// The catalogue as a table: one line for each range of an entry, its other fields in the first of them (RFC 4180).

const texts = ['kind', 'name', 'code', 'specimen', 'unit', 'equation'] as const
const numbers = ['molar_mass', 'valence', 'plausible_low', 'plausible_high'] as const
const lists = ['other_codes', 'synonyms', 'normal_texts', 'abnormal_texts', 'critical_texts', 'analytes'] as const
const rangeTexts = ['sex', 'age_min', 'age_max', 'source'] as const
const rangeNumbers = ['reference_low', 'reference_high', 'critical_low', 'critical_high'] as const
const rangeFlags = ['pregnant', 'verified'] as const
const columns = [...texts, ...numbers, ...lists, 'status', ...rangeTexts, ...rangeNumbers, ...rangeFlags] as const

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
// Spreadsheets take what begins so for a formula.
const harmless = (field: string): string => (/^[=@\t\r]/.test(field) ? `'${field}` : field)
const line = (fields: readonly unknown[]): string =>
  fields.map((field) => quoted(harmless(field === null || field === undefined ? '' : String(field)))).join(',')

/** The entries as CSV. */
export function formatCatalogue(entries: readonly Entry[]): string {
  const rows = entries.flatMap((entry) => {
    const own = [
      ...texts.map((name) => entry[name]),
      ...numbers.map((name) => entry[name]),
      ...lists.map((name) => entry[name].join('|')),
      entry.status,
    ]
    const [first, ...others] = entry.ranges.map((range) => [
      ...rangeTexts.map((name) => range[name]),
      ...rangeNumbers.map((name) => range[name]),
      ...rangeFlags.map((name) => range[name]),
    ])
    const repeated = columns.slice(0, own.length).map((name) => (name === 'kind' || name === 'name' ? entry[name] : ''))
    return [line([...own, ...(first ?? [])]), ...others.map((range) => line([...repeated, ...range]))]
  })
  return `${[columns.join(','), ...rows].join('\r\n')}\r\n`
}

interface Line {
  /** As an editor counts: the head is line 1. */
  number: number
  fields: string[]
}

/** Lines of fields; `null` where a quote is not closed. */
export function readLines(text: string): Line[] | null {
  const lines: Line[] = []
  let [fields, field, number, begun] = [[] as string[], '', 1, 1]
  let isQuoted = false
  const endLine = () => {
    fields.push(field)
    if (fields.some((one) => one.trim() !== '')) lines.push({ number: begun, fields })
    fields = []
    field = ''
    begun = number + 1
  }
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (isQuoted) {
      if (sign === '"' && text[at + 1] === '"') {
        field += '"'
        at++
      } else if (sign === '"') isQuoted = false
      else field += sign
    } else if (sign === '"' && field === '') isQuoted = true
    else if (sign === ',') {
      fields.push(field)
      field = ''
    } else if (sign === '\n') endLine()
    else if (sign !== '\r') field += sign
    if (sign === '\n') number++
  }
  if (field !== '' || fields.length > 0) endLine()
  return isQuoted ? null : lines
}

interface Refused {
  pointer: string
  detail: string
}

/** An entry as a table says it, and the line that it begins in. */
export interface Draft {
  line: number
  content: EntryContent
}

const numberOf = (field: string): number | string => (/^-?\d+(\.\d+)?([eE]-?\d+)?$/.test(field) ? Number(field) : field)
const flagOf = (field: string): boolean | string =>
  /^(true|yes|1)$/i.test(field) ? true : /^(false|no|0)$/i.test(field) ? false : field

type Cells = Partial<Record<(typeof columns)[number], string>>

const given = <Name extends string, V>(names: readonly Name[], cells: Cells, read: (field: string) => V) =>
  names.flatMap((name) => {
    const field = (cells as Record<string, string>)[name]?.trim().replace(/^'(?=[=@])/, '') ?? ''
    return field === '' ? [] : [[name, read(field)] as const]
  })

const rangeIn = (cells: Cells): object | null => {
  const found = [
    ...given(rangeTexts, cells, String),
    ...given(rangeNumbers, cells, numberOf),
    ...given(rangeFlags, cells, flagOf),
  ]
  return found.length === 0 ? null : Object.fromEntries(found)
}

const entryIn = (cells: Cells): object =>
  Object.fromEntries([
    ...given(texts, cells, String),
    ...given(numbers, cells, numberOf),
    ...given(lists, cells, (field) => field.split('|').flatMap((one) => one.trim() || [])),
  ])

/** The entries of a table; lines that cannot be read are refused, by number. */
export function readCatalogue(text: string): { drafts: Draft[]; refused: Refused[] } {
  const refuse = (number: number, detail: string): Refused => ({ pointer: `/csv/${number}`, detail })
  const lines = readLines(text.replace(/^\uFEFF/, ''))
  if (lines === null) return { drafts: [], refused: [refuse(1, 'a quote is not closed')] }
  const [head, ...rest] = lines
  const names = head?.fields.map((name) => name.trim().toLowerCase()) ?? []
  const strange = names.filter((name) => !columns.some((column) => column === name))
  if (strange.length > 0 || !names.includes('name'))
    return { drafts: [], refused: [refuse(1, `the head names ${columns.join(', ')}; a name is needed`)] }
  const refused: Refused[] = []
  const found: { line: number; key: string; entry: object; ranges: object[]; status: string }[] = []
  for (const { number, fields } of rest) {
    const cells: Cells = Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']))
    const key = `${cells.kind ?? ''} ${cells.name?.trim().toLowerCase() ?? ''}`
    const range = rangeIn(cells)
    const last = found.at(-1)
    if (fields.length > names.length) refused.push(refuse(number, 'has more fields than the head'))
    else if (last?.key === key && range !== null) last.ranges.push(range)
    else
      found.push({
        line: number,
        key,
        entry: entryIn(cells),
        ranges: range === null ? [] : [range],
        status: cells.status?.trim() || 'active',
      })
  }
  const drafts = found.flatMap(({ line: number, entry, ranges, status }) => {
    const input: unknown = { ...entry, ranges }
    const [error] = Value.Errors(LabCatalogueInput, input)
    if (error) refused.push(refuse(number, `${error.path.slice(1).replaceAll('/', ' ') || 'line'}: ${error.message}`))
    if (status !== 'active' && status !== 'inactive') refused.push(refuse(number, 'status: active or inactive'))
    return error || (status !== 'active' && status !== 'inactive')
      ? []
      : [{ line: number, content: wholeEntry(input as EntryInput, status) }]
  })
  return { drafts, refused }
}
