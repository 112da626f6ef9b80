import type { BodyOf, changeHospital, FieldError } from '@hospital/contracts'
import { findRuleErrors } from '../availability/rules.ts'
import { isTimeZone } from '../availability/wall-clock-rules.ts'

/** What the schema cannot say about a change of the settings. */
export function findSettingErrors(body: BodyOf<typeof changeHospital>): FieldError[] {
  const errors: FieldError[] = []
  if (body.timezone !== undefined && !isTimeZone(body.timezone)) {
    errors.push({ pointer: '/timezone', detail: 'is not an IANA time zone, e.g. Europe/London' })
  }
  for (const { index, detail } of findRuleErrors(body.opening_hours ?? [])) {
    errors.push({ pointer: `/opening_hours/${index}`, detail })
  }
  const dates = (body.closing_days ?? []).map(({ date }) => date)
  dates.forEach((date, index) => {
    if (dates.indexOf(date) < index) errors.push({ pointer: `/closing_days/${index}/date`, detail: 'is there twice' })
  })
  return errors
}
