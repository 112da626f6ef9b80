import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, MergePatch, Nullable, OneOf, Page } from '../kernel/schema.ts'

/** ISO 8601 duration in hours, days, weeks, months or years: `PT12H`, `P28D`, `P18Y`. */
export const LabAge = Type.String({ pattern: '^P(T[0-9]{1,3}H|[0-9]{1,3}[DWMY])$', maxLength: 6 })

const Limit = Nullable(Type.Number({ minimum: -1e12, maximum: 1e12 }))
const Kind = OneOf(['analyte', 'panel'])
const Status = OneOf(['active', 'inactive'])

const rangeScope = {
  sex: Nullable(OneOf(['male', 'female'])),
  age_min: Nullable(LabAge),
  age_max: Nullable(LabAge),
  /** Only for somebody known to be pregnant. */
  pregnant: Type.Boolean(),
  reference_low: Limit,
  reference_high: Limit,
  critical_low: Limit,
  critical_high: Limit,
  /** Read in a publication that was opened, or set by this hospital. An unverified range alarms, and never says normal. */
  verified: Type.Boolean(),
  source: Nullable(Line(1000)),
}

/** Limits for somebody, in the unit of the analyte; ages from `age_min` on and below `age_max`. */
export const LabCatalogueRange = Type.Object(rangeScope)

const Words = (maxLength: number) => Type.Array(Line(maxLength), { maxItems: 100 })

const optional = {
  /** LOINC where there is one. */
  code: Nullable(Line(50)),
  /** Codes of the same analyte in other units, or of a neighbouring specimen. */
  other_codes: Words(50),
  synonyms: Words(255),
  specimen: Nullable(Line(100)),
  /** UCUM; null for what is answered in words, and for panels. */
  unit: Nullable(Line(50)),
  /** g/mol; with it results in mol are compared with limits in g and the reverse. */
  molar_mass: Nullable(Type.Number({ exclusiveMinimum: 0, maximum: 1e7 })),
  /** Charge of the ion: mmol × valence = mEq. */
  valence: Nullable(Type.Integer({ minimum: 1, maximum: 8 })),
  /** `hba1c`: % and mmol/mol by NGSP's equation. */
  equation: Nullable(OneOf(['hba1c'])),
  /** Outside of these a result is entered only with a reason. */
  plausible_low: Limit,
  plausible_high: Limit,
  /** Answers in words: `N` where the answer is one of the normal ones, `A` or `AA` where it says one of the others. */
  normal_texts: Words(255),
  abnormal_texts: Words(255),
  critical_texts: Words(255),
  /** Names of the analytes that a panel expects. */
  analytes: Words(255),
}

/** What this hospital's laboratory measures, or what is ordered as one. */
export const LabCatalogueEntry = Type.Object({
  id: Id,
  kind: Kind,
  name: Line(255),
  ...optional,
  ranges: Type.Array(LabCatalogueRange),
  status: Status,
  /** `catalogue`: as every hospital has it; `hospital`: added or changed here. */
  origin: OneOf(['catalogue', 'hospital']),
  updated_at: Nullable(Instant),
  version: Type.Integer(),
})

const { verified, source, pregnant, ...limits } = rangeScope
const RangesInput = Type.Array(
  Closed(Type.Partial(Type.Object({ ...limits, pregnant, verified, source })).properties),
  { maxItems: 200 },
)

/** What can be said of a new entry; what is left out of a range is null, and the hospital stands for it. */
export const LabCatalogueInput = Closed({
  kind: Type.Optional(Kind),
  name: Line(255),
  ...Type.Partial(Type.Object(optional)).properties,
  ranges: Type.Optional(RangesInput),
})

export const listLabCatalogue = route({
  service: 'clinical',
  operationId: 'listLabCatalogue',
  method: 'GET',
  path: '/api/lab-catalogue',
  summary:
    'Analytes and panels of this hospital’s laboratory, by name; `q` finds by part of a name, a synonym or a code',
  access: 'labs.read',
  query: ListQuery({
    q: Type.Optional(Line(255)),
    kind: Type.Optional(Kind),
    status: Type.Optional(Status),
    origin: Type.Optional(OneOf(['catalogue', 'hospital'])),
  }),
  status: 200,
  answer: Page(LabCatalogueEntry),
})

export const getLabCatalogueEntry = route({
  service: 'clinical',
  operationId: 'getLabCatalogueEntry',
  method: 'GET',
  path: '/api/lab-catalogue/:id',
  summary: 'One analyte or panel',
  access: 'labs.read',
  params: IdParams,
  status: 200,
  answer: LabCatalogueEntry,
})

export const createLabCatalogueEntry = route({
  service: 'clinical',
  operationId: 'createLabCatalogueEntry',
  method: 'POST',
  path: '/api/lab-catalogue',
  summary: 'Add an analyte or a panel that is measured here; names and codes belong to one entry each',
  access: 'labs.manage',
  body: LabCatalogueInput,
  status: 201,
  answer: LabCatalogueEntry,
  problems: ['validation-failed', 'conflict'],
})

export const changeLabCatalogueEntry = route({
  service: 'clinical',
  operationId: 'changeLabCatalogueEntry',
  method: 'PATCH',
  path: '/api/lab-catalogue/:id',
  summary:
    'Change an entry for this hospital, or take it out with status `inactive`; results keep what they were graded by',
  access: 'labs.manage',
  params: IdParams,
  body: MergePatch(Closed({ name: Line(255), ...optional, ranges: RangesInput, status: Status })),
  status: 200,
  answer: LabCatalogueEntry,
  problems: ['validation-failed', 'conflict'],
})

export const exportLabCatalogue = route({
  service: 'clinical',
  operationId: 'exportLabCatalogue',
  method: 'GET',
  path: '/api/lab-catalogue/csv',
  summary: 'The catalogue as CSV: a line for each range of an entry, lists within a field apart by |',
  access: 'labs.read',
  query: Closed({ kind: Type.Optional(Kind), origin: Type.Optional(OneOf(['catalogue', 'hospital'])) }),
  status: 200,
  answer: Type.String(),
  produces: 'text/csv; charset=utf-8',
})

export const importLabCatalogue = route({
  service: 'clinical',
  operationId: 'importLabCatalogue',
  method: 'POST',
  path: '/api/lab-catalogue/csv',
  summary:
    'Add and change entries by CSV as it is exported, found by code, then by name; all or nothing, each refused line named as `/csv/<line>`',
  access: 'labs.manage',
  body: Closed({ csv: Type.String({ minLength: 1, maxLength: 1_000_000 }) }),
  consumes: ['text/csv'],
  status: 200,
  answer: Type.Object({ added: Type.Integer(), changed: Type.Integer(), unchanged: Type.Integer() }),
  problems: ['validation-failed', 'conflict'],
})
