import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, MergePatch, Nullable, OneOf, Page } from '../kernel/schema.ts'
import { LabAge } from './lab-catalogue.ts'

const Limit = Nullable(Type.Number({ minimum: -1e12, maximum: 1e12 }))
const RangeStatus = OneOf(['active', 'inactive'])

const optional = {
  code: Nullable(Line(50)),
  /** UCUM, e.g. `mmol/L`. */
  unit: Nullable(Line(50)),
  /** g/mol; with it results in mol are converted to g and back. */
  molar_mass: Nullable(Type.Number({ exclusiveMinimum: 0, maximum: 1e7 })),
  sex: Nullable(OneOf(['male', 'female'])),
  age_min: Nullable(LabAge),
  age_max: Nullable(LabAge),
  reference_low: Limit,
  reference_high: Limit,
  critical_low: Limit,
  critical_high: Limit,
}
const fields = { name: Line(255), ...optional }

/**
 * What is normal for a result of this name (or code), by sex and age. null for a sex or an age: for everybody. Ages are
 * ISO 8601 durations, from `age_min` on and below `age_max`: `P18Y`, `P28D`, `PT12H`.
 */
export const LabReferenceRange = Type.Object({
  id: Id,
  ...fields,
  status: RangeStatus,
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})

export const listLabReferenceRanges = route({
  service: 'clinical',
  operationId: 'listLabReferenceRanges',
  method: 'GET',
  path: '/api/lab-reference-ranges',
  summary: 'Reference ranges of this hospital, by name',
  access: 'labs.read',
  query: ListQuery({ name: Type.Optional(Line(255)), status: Type.Optional(RangeStatus) }),
  status: 200,
  answer: Page(LabReferenceRange),
})

export const createLabReferenceRange = route({
  service: 'clinical',
  operationId: 'createLabReferenceRange',
  method: 'POST',
  path: '/api/lab-reference-ranges',
  summary: 'Say what is normal for whom; the most specific active range applies to results entered from now on',
  access: 'labs.manage',
  body: Closed({
    name: fields.name,
    ...Type.Partial(Type.Object(optional)).properties,
  }),
  status: 201,
  answer: LabReferenceRange,
  problems: ['validation-failed', 'conflict'],
})

export const changeLabReferenceRange = route({
  service: 'clinical',
  operationId: 'changeLabReferenceRange',
  method: 'PATCH',
  path: '/api/lab-reference-ranges/:id',
  summary: 'Change a range, or end it with status `inactive`; results keep the range they were entered with',
  access: 'labs.manage',
  params: IdParams,
  body: MergePatch(Closed({ ...fields, status: RangeStatus })),
  status: 200,
  answer: LabReferenceRange,
  problems: ['validation-failed', 'conflict'],
})
