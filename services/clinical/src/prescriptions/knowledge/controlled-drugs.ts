/**
 * Controlled drugs whose prescriptions end early: Schedules 2, 3 and 4 (Part I) of the Misuse of Drugs Regulations 2001 of
 * the United Kingdom, as far as they are in the drug table.
 *
 * Opened: legislation.gov.uk/uksi/2001/3998/schedule/4/part/I (the benzodiazepines and zaleplon, zolpidem, zopiclone by
 * name); 21 CFR 1308.12 at casetext.com and law.cornell.edu (the opioids of paragraph (b)); the 28 days at
 * rpharms.com/about-us/news/details/Clarification-on-validity-period-of-Controlled-Drug-Prescriptions ("valid for 28 days
 * after the appropriate date", 1 November runs until 29 November); schedules 2 and 3 by example at pharmacylaw.co.uk
 * ("Schedule 2: morphine, oxycodone, fentanyl, methadone; Schedule 3: tramadol, midazolam, buprenorphine, pregabalin") and
 * druggist.online/how-long-does-prescription-last (gabapentin, temazepam, tramadol, buprenorphine).
 * Codeine and dihydrocodeine are left out: their tablets are Schedule 5 there, valid as long as any other.
 */
export const controlledDrugs: ReadonlySet<string> = new Set([
  // Schedule 2
  'fentanyl',
  'hydrocodone',
  'hydromorphone',
  'methadone',
  'morphine',
  'oxycodone',
  'oxymorphone',
  // Schedule 3
  'buprenorphine',
  'gabapentin',
  'midazolam',
  'pregabalin',
  'temazepam',
  'tramadol',
  // Schedule 4 Part I
  'alprazolam',
  'chlordiazepoxide',
  'clobazam',
  'clonazepam',
  'diazepam',
  'estazolam',
  'flurazepam',
  'lorazepam',
  'nitrazepam',
  'oxazepam',
  'triazolam',
  'zaleplon',
  'zolpidem',
  'zopiclone',
  // Schedule 2 by our knowledge of it; the list was not opened for these (unverified). They end early too: the safer side.
  'amphetamine',
  'dexamfetamine',
  'dexmethylphenidate',
  'ketamine',
  'lisdexamfetamine',
  'meperidine',
  'methylphenidate',
  'remifentanil',
  'tapentadol',
])
