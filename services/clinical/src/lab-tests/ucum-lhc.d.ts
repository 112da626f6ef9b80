/** What we use of the UCUM library of the U.S. National Library of Medicine; it has no types of its own. */
declare module '@lhncbc/ucum-lhc' {
  interface Conversion {
    status: 'succeeded' | 'failed' | 'error'
    toVal: number | null
    /** Also says which unit it took instead of one it did not know. */
    msg: readonly string[]
  }
  interface UcumLhcUtils {
    validateUnitString(unit: string): { status: 'valid' | 'invalid' | 'error'; msg: readonly string[] }
    convertUnitTo(from: string, value: number, to: string, options: { molecularWeight?: number | null }): Conversion
  }
  const ucum: { UcumLhcUtils: { getInstance(): UcumLhcUtils } }
  export default ucum
}
