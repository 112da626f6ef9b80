import { Problem } from '@hospital/contracts'

interface Refusal {
  code: string
  pointer?: string
  errors?: readonly { pointer: string }[]
}

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'code' in value && 'pointer' in value

const said = ({ code, pointer, errors = [] }: Refusal): string =>
  [code, ...(pointer === undefined ? [] : [pointer]), ...errors.map((error) => error.pointer)].join(' ')

/** How a rule decided: the code of what stands against it with the places it points at, else what it answers. */
export function outcomeOf<T>(decide: () => T): T | string {
  try {
    const answer = decide()
    return isRefusal(answer) ? said(answer) : answer
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return said({ code: error.code, ...(error.options.errors ? { errors: error.options.errors } : {}) })
  }
}
