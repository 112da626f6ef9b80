import type { CatalogueAnalyte } from './analyte.ts'
import { bloodGases } from './blood-gases.ts'
import { chemistry } from './chemistry.ts'
import { coagulation } from './coagulation.ts'
import { drugs } from './drugs.ts'
import { fluids } from './fluids.ts'
import { haematology } from './haematology.ts'
import { hormones } from './hormones.ts'
import { immunology } from './immunology.ts'
import { microbiology } from './microbiology.ts'
import { urine } from './urine.ts'

/** Changes with every change in this folder. */
export const catalogueVersion = '2026.11.1'

/** The routine of a general hospital. What is measured here and stands in no list is added by the hospital. */
export const analytes: readonly CatalogueAnalyte[] = [
  ...chemistry,
  ...bloodGases,
  ...haematology,
  ...coagulation,
  ...hormones,
  ...immunology,
  ...urine,
  ...fluids,
  ...microbiology,
  ...drugs,
]
