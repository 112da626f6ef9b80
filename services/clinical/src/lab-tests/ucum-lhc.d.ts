/** What we use of the UCUM library of the U.S. National Library of Medicine; it has no types of its own. */
declare module '@lhncbc/ucum-lhc' {
  interface Conversion {
    status: 'succeeded' | 'failed' | 'error'
    toVal: number | null
  }
  interface UcumLhcUtils {
    validateUnitString(unit: string): { status: 'valid' | 'invalid' | 'error' }
    convertUnitTo(from: string, value: number, to: string, suggest?: boolean, molarMass?: number | null): Conversion
  }
  const ucum: { UcumLhcUtils: { getInstance(): UcumLhcUtils } }
  export default ucum
}
