import { type Opened, parseOpened, type Severity } from './interaction.ts'

/** A substance, or a class, that is not for people under an age. */
export interface AgeLimit {
  subject: string
  /** In years. */
  under: number
  severity: Severity
  effect: string
  source: string
  /** null: unverified. */
  opened: Opened | null
}

function ageLimit(line: string): AgeLimit {
  const [subject = '', under, severity, effect = '', source = '', opened = ''] = line
    .split('|')
    .map((cell) => cell.trim())
  return {
    subject,
    under: Number(under),
    severity: severity as Severity,
    effect,
    source,
    opened: parseOpened(opened),
  }
}

/** subject | under, years | severity | effect | source | unverified, or an address and the passage */
export const ageLimits: readonly AgeLimit[] = `
codeine | 12 | contraindicated | respiratory depression and death | FDA Drug Safety Communication, 20 April 2017 | https://www.univadis.co.uk/viewarticle/fda-codeine-tramadol-contraindicated-in-kids-509975 "adding a new contraindication for all codeine- and tramadol-containing products, precluding their use in children aged <12 y"
dihydrocodeine | 12 | contraindicated | respiratory depression, as codeine | SmPC dihydrocodeine, 4.3 | unverified
tramadol | 12 | contraindicated | respiratory depression and death | FDA Drug Safety Communication, 20 April 2017 | https://www.univadis.co.uk/viewarticle/fda-codeine-tramadol-contraindicated-in-kids-509975 "adding a new contraindication for all codeine- and tramadol-containing products, precluding their use in children aged <12 y"
aspirin | 16 | contraindicated | Reye's syndrome | NHS, Aspirin: who can and cannot take it | https://newsdaily24.de/en-tr/category/lifestyle/popular-painkiller-poses-dangers-for-children-1914571 quoting the NHS: "aspirin should never be given to children under 16 unless prescribed by a doctor"
promethazine | 2 | contraindicated | fatal respiratory depression | USPI promethazine, Boxed Warning | https://allnurses.com/nursing-patient-medications/phenergan-contraindicated-in-197169.html "should not be given to children younger than age 2, according to the food and drug administration"
metoclopramide | 1 | contraindicated | extrapyramidal disorders | EMA, SmPC metoclopramide, 4.3 | https://kfgb.healthesolutions.nl/drug/38939/metoclopramide contra-indications: "Children under 1 year of age"
loperamide | 2 | contraindicated | respiratory depression, heart rhythm | USPI loperamide, 4, as quoted | https://www.droracle.ai/articles/6515/what-are-the-contraindications-for-loperamide-anti-diarrheal-medication "Loperamide hydrochloride capsules are contraindicated in: pediatric patients less than 2 years of age"
domperidone | 12 | major | no benefit shown, risk to the heart | MHRA, domperidone for nausea and vomiting | https://lancashireandsouthcumbriaformulary.nhs.uk/Mobile/chaptersSubDetails.asp?FormularySectionID=4&SubSectionID=K100&SubSectionRef=04.06 "no longer indicated for the relief of nausea and vomiting in children aged under 12 years or those weighing less than 35 kg"
tetracyclines | 8 | major | lasting discoloration of teeth | SmPC doxycycline, 4.4 | http://www.medicaltalk.net/t/special-warnings-and-precautions-for-use-paediatric-population/49015 "The use of drugs of the tetracycline class during tooth development (… childhood to the age of 8 years) may cause permanent discolouration of the teeth"
fluoroquinolones | 18 | moderate | harm to joints and tendons | USPI ciprofloxacin, 5 Warnings (paediatric use) | unverified
prochlorperazine | 2 | contraindicated | extrapyramidal disorders | USPI prochlorperazine, 4 Contraindications | unverified
ketorolac | 16 | major | not established by mouth | USPI ketorolac tablets, 8.4 | unverified
ssris | 7 | moderate | suicidal thoughts | USPI, class Boxed Warning | unverified
dextromethorphan | 4 | major | not for cough and cold in small children | FDA, cough and cold products in children | unverified
pseudoephedrine | 4 | major | not for cough and cold in small children | FDA, cough and cold products in children | unverified
diphenhydramine | 2 | contraindicated | respiratory depression | USPI diphenhydramine, Contraindications | unverified
valproic acid | 2 | major | fatal harm to the liver | USPI valproate, Boxed Warning | unverified
`
  .split('\n')
  .filter((line) => line.includes('|'))
  .map(ageLimit)
