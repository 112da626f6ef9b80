/**
 * How far a result changes before the change is more than biology and the analyser do to it, in per cent of the last value.
 * Opened: Clinlab Navigator, "Lab Test Significant Change", table "Chemistry Tests", column "Significant Change %"
 * ("calculated at the 95% confidence level"); haemoglobin from its text: "if a patient's initial hemoglobin was 15 g/dL a
 * subsequent level would have to change more than 1.1 g/dL". Its haematology table was beyond what could be read.
 */
export const significantChangeSource =
  'Clinlab Navigator, Lab Test Significant Change, http://www.clinlabnavigator.com/test-significant-change.html'

export const significantChanges: readonly { name: string; percent: number }[] = [
  { name: 'ALT', percent: 66 },
  { name: 'Albumin', percent: 12 },
  { name: 'Amylase', percent: 31 },
  { name: 'AST', percent: 23 },
  { name: 'Bilirubin', percent: 52 },
  { name: 'Calcium', percent: 8 },
  { name: 'CO2', percent: 34 },
  { name: 'CEA', percent: 30 },
  { name: 'Chloride', percent: 4 },
  { name: 'CK', percent: 89 },
  { name: 'Creatinine', percent: 14 },
  { name: 'Ferritin', percent: 30 },
  { name: 'Glucose', percent: 23 },
  { name: 'GGT', percent: 39 },
  { name: 'Iron', percent: 56 },
  { name: 'LDH', percent: 36 },
  { name: 'Lipase', percent: 39 },
  { name: 'Magnesium', percent: 13 },
  { name: 'Phosphorus', percent: 20 },
  { name: 'Potassium', percent: 15 },
  { name: 'PSA', percent: 51 },
  { name: 'Sodium', percent: 3 },
  { name: 'TSH', percent: 57 },
  { name: 'T4', percent: 19 },
  { name: 'Transferrin', percent: 9 },
  { name: 'T3', percent: 26 },
  { name: 'Urea', percent: 29 },
  { name: 'Uric acid', percent: 25 },
  { name: 'Hemoglobin', percent: 7.3 },
]
