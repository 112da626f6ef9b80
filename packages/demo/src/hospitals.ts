export interface DemoHospital {
  id: string
  name: string
  timezone: string
}

export const demoHospitals: readonly DemoHospital[] = [
  { id: 'demo_hospital_001', name: 'City General Hospital', timezone: 'America/New_York' },
  { id: 'demo_hospital_002', name: 'Riverside Medical Center', timezone: 'America/Chicago' },
  { id: 'demo_hospital_003', name: 'St Mary Clinic', timezone: 'Europe/London' },
  { id: 'demo_hospital_004', name: 'Lakeside Children Hospital', timezone: 'America/Los_Angeles' },
  { id: 'demo_hospital_005', name: 'Northern Heart Institute', timezone: 'Europe/Berlin' },
]

/** `City General Hospital` → `citygeneralhospital.com` */
export const domainOf = (hospital: DemoHospital): string => `${hospital.name.toLowerCase().replaceAll(' ', '')}.com`

/** The sign-in of the first person in a role: `labtechnician@citygeneralhospital.com`. */
export const signInOf = (hospital: DemoHospital, role: string): string =>
  `${role.toLowerCase().replaceAll(' ', '')}@${domainOf(hospital)}`
