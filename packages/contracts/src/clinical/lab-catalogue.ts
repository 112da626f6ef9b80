import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Id, Instant, Line, ListQuery, Nullable, OneOf, Page } from '../kernel/schema.ts'

/** ISO 8601 duration in hours, days, weeks, months or years: `PT12H`, `P28D`, `P18Y`. */
export const LabAge = Type.String({ pattern: '^P(T[0-9]{1,3}H|[0-9]{1,3}[DWMY])$', maxLength: 6 })

const Limit = Nullable(Type.Number({ minimum: -1e12, maximum: 1e12 }))
const Kind = OneOf(['analyte', 'panel'])
const Status = OneOf(['active', 'inactive'])

/** Limits for somebody, in the unit of the analyte; ages from `age_min` on and below `age_max`. */
export const LabCatalogueRange = Type.Object({
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
  source: Nullable(Type.String()),
})

/** What this hospital's laboratory measures, or what is ordered as one. */
export const LabCatalogueEntry = Type.Object({
  id: Id,
  kind: Kind,
  /** LOINC where there is one. */
  code: Nullable(Line(50)),
  /** Codes of the same analyte in other units, or of a neighbouring specimen. */
  other_codes: Type.Array(Line(50)),
  name: Line(255),
  synonyms: Type.Array(Line(255)),
  specimen: Nullable(Line(100)),
  /** UCUM; null for what is answered in words, and for panels. */
  unit: Nullable(Line(50)),
  /** g/mol; with it results in mol are compared with limits in g and the reverse. */
  molar_mass: Nullable(Type.Number()),
  /** Charge of the ion: mmol × valence = mEq. */
  valence: Nullable(Type.Integer()),
  /** `hba1c`: % and mmol/mol by NGSP's equation. */
  equation: Nullable(OneOf(['hba1c'])),
  /** Outside of these a result is entered only with a reason. */
  plausible_low: Nullable(Type.Number()),
  plausible_high: Nullable(Type.Number()),
  ranges: Type.Array(LabCatalogueRange),
  /** Answers in words: `N` where the answer is one of the normal ones, `A` or `AA` where it says one of the others. */
  normal_texts: Type.Array(Line(255)),
  abnormal_texts: Type.Array(Line(255)),
  critical_texts: Type.Array(Line(255)),
  /** Names of the analytes that a panel expects. */
  analytes: Type.Array(Line(255)),
  status: Status,
  /** `catalogue`: as every hospital has it; `hospital`: added or changed here. */
  origin: OneOf(['catalogue', 'hospital']),
  updated_at: Nullable(Instant),
  version: Type.Integer(),
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
