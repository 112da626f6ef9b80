/**
 * Classes of which one member at a time is meant: two are duplicate therapy. From the indication and warning sections of
 * the members' US prescribing information, and the class concept of duplicate therapy in 42 CFR 456.705 (therapeutic
 * duplication in drug use review).
 */
export const duplicateClasses: ReadonlySet<string> = new Set([
  'ace-inhibitors',
  'arbs',
  'statins',
  'fibrates',
  'thiazides',
  'loop-diuretics',
  'beta-blockers',
  'dihydropyridines',
  'non-dhp-calcium-blockers',
  'vitamin-k-antagonists',
  'doacs',
  'heparins',
  'p2y12-inhibitors',
  'non-aspirin-nsaids',
  'opioids',
  'benzodiazepines',
  'sedative-hypnotics',
  'gabapentinoids',
  'ssris',
  'snris',
  'tricyclics',
  'maois',
  'antipsychotics',
  'triptans',
  'cholinesterase-inhibitors',
  'sulfonylureas',
  'dpp4-inhibitors',
  'glp1-agonists',
  'sglt2-inhibitors',
  'ppis',
  'h2-blockers',
  'bisphosphonates',
  'systemic-corticosteroids',
  'long-acting-beta2-agonists',
  'sedating-antihistamines',
  'antihistamines',
  'pde5-inhibitors',
  'penicillins',
  'cephalosporins',
  'macrolides',
  'fluoroquinolones',
  'tetracyclines',
  'xanthine-oxidase-inhibitors',
])

export const duplicateSource =
  '42 CFR 456.705 (drug use review: therapeutic duplication); class membership as in the US prescribing information'
