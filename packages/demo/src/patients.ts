/** A patient as the registration takes one. */
export interface DemoPatient {
  patient_number: string
  first_name: string
  last_name: string
  date_of_birth: string
  gender: string
  phone: string
  email: string
  address: string
  emergency_contact_name: string
  emergency_contact_phone: string
  medical_history: string
  allergies: string
  current_medications: string
  insurance_info: { provider: string; policy_number: string }
}

type Row = [
  first: string,
  last: string,
  born: string,
  gender: string,
  history: string,
  allergies: string,
  medication: string,
]

/** In every hospital. */
const common: Row[] = [
  ['John', 'Doe', '1985-03-15', 'Male', 'Hypertension since 2019', 'None known', 'Lisinopril 10 mg daily'],
  ['Jane', 'Smith', '1990-07-22', 'Female', 'Recurrent tension headaches', 'None known', ''],
  [
    'Robert',
    'Johnson',
    '1978-11-08',
    'Male',
    'Type 2 diabetes since 2015',
    'Penicillin',
    'Metformin 500 mg twice daily',
  ],
]

/** Each hospital takes nine of these in turn, so no two are alike. */
const others: Row[] = [
  ['Maria', 'García', '1962-05-30', 'Female', 'Osteoarthritis of both knees', 'None known', ''],
  ['Chloé', 'Dubois', '2001-01-19', 'Female', 'Asthma', 'House dust mite', 'Salbutamol inhaler when needed'],
  ['Ahmed', 'Hassan', '1955-12-02', 'Male', 'Atrial fibrillation', 'Sulfonamides', 'Apixaban 5 mg twice daily'],
  ['Wei', 'Zhang', '1993-08-14', 'Female', '', 'None known', ''],
  ['Björn', 'Ödegård', '1970-02-27', 'Male', 'Gout', 'None known', 'Allopurinol 300 mg daily'],
  ['Amara', 'Nwosu', '2015-06-11', 'Female', 'Eczema', 'Peanuts', ''],
  ['Patrick', "O'Brien", '1948-09-23', 'Male', 'COPD, ex-smoker', 'None known', 'Tiotropium inhaler daily'],
  ['Sofia', 'Rossi', '1988-04-05', 'Female', 'Hypothyroidism', 'Latex', 'Levothyroxine 75 µg daily'],
  ['Dmitri', 'Volkov', '1981-10-17', 'Male', 'Lower back pain', 'None known', ''],
  ['Yuki', 'Nakamura', '1999-03-03', 'Female', 'Migraine with aura', 'None known', 'Sumatriptan when needed'],
  ['Lars', 'van der Berg', '1966-07-09', 'Male', 'Hyperlipidaemia', 'None known', 'Atorvastatin 20 mg daily'],
  ['Fatima', 'Al-Sayed', '1974-11-28', 'Female', 'Iron deficiency anaemia', 'Ibuprofen', 'Ferrous sulphate daily'],
  ['Michael', 'Brown', '2008-12-24', 'Male', '', 'Bee venom', ''],
  ['Elena', 'Popescu', '1959-01-31', 'Female', 'Breast cancer 2014, in remission', 'None known', ''],
  ['José', 'Martínez', '1984-06-06', 'Male', 'Appendectomy 2003', 'None known', ''],
  ['Hannah', 'Müller', '1996-02-12', 'Female', 'Seasonal allergic rhinitis', 'Birch pollen', 'Cetirizine in spring'],
  ['Kwame', 'Mensah', '1969-05-18', 'Male', 'Chronic kidney disease stage 2', 'None known', ''],
  ['Ingrid', 'Sørensen', '1943-08-01', 'Female', 'Osteoporosis', 'Codeine', 'Alendronic acid weekly'],
]

const streets = ['12 Oak Street', '48 Maple Avenue', '7 Station Road', '231 Lake Drive', '90 Hill Lane']
const insurers = ['Northwind Health', 'Blue Harbor Insurance', 'Public Health Fund']
const perHospital = 9

/** The patients of a demo hospital; the first three are the same everywhere. */
export function patientsOf(index: number): DemoPatient[] {
  const own = Array.from({ length: perHospital }, (_, at) => others[(index * 4 + at * 2 + (at >> 2)) % others.length])
  const rows = [...common, ...new Set(own.filter((row) => row !== undefined))]
  return rows.map((row, at) => patient(row, at + 1))
}

function patient([first, last, born, gender, history, allergies, medication]: Row, number: number): DemoPatient {
  const suffix = String(number).padStart(2, '0')
  return {
    patient_number: `P${String(number).padStart(3, '0')}`,
    first_name: first,
    last_name: last,
    date_of_birth: born,
    gender,
    phone: `555-01${suffix}`,
    email: `${plain(first)}.${plain(last)}@example.com`,
    address: streets[number % streets.length] ?? '',
    emergency_contact_name: `Robin ${last}`,
    emergency_contact_phone: `555-02${suffix}`,
    medical_history: history,
    allergies,
    current_medications: medication,
    insurance_info: { provider: insurers[number % insurers.length] ?? '', policy_number: `POL-${1000 + number}` },
  }
}

/** Letters only, for an e-mail address: `Ödegård` → `odegard`. */
function plain(name: string): string {
  const folded = name.normalize('NFD').replaceAll('ø', 'o').replaceAll('Ø', 'o').toLowerCase()
  return folded.replaceAll(/[^a-z]/g, '')
}
