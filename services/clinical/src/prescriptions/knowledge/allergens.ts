import type { Severity } from './interaction.ts'

/** What people call a class when they speak of an allergy: name → class. */
export const classNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    penicillins: 'penicillin, penicillins, pcn, amoxicillin class',
    cephalosporins: 'cephalosporin, cephalosporins',
    carbapenems: 'carbapenem, carbapenems',
    'beta-lactams': 'beta lactam, beta lactams, betalactam, betalactams',
    'antibiotic-sulfonamides':
      'sulfa, sulpha, sulfa drugs, sulfonamide, sulfonamides, sulphonamides, sulfa antibiotics',
    macrolides: 'macrolide, macrolides, mycins',
    fluoroquinolones: 'quinolone, quinolones, fluoroquinolone, fluoroquinolones',
    tetracyclines: 'tetracyclines',
    aminoglycosides: 'aminoglycoside, aminoglycosides',
    'azole-antifungals': 'azole, azoles, azole antifungals',
    nsaids: 'nsaid, nsaids, non steroidal anti inflammatory drugs, anti inflammatories',
    salicylates: 'salicylate, salicylates',
    opioids: 'opioid, opioids, opiate, opiates, narcotics',
    benzodiazepines: 'benzodiazepine, benzodiazepines, benzos',
    barbiturates: 'barbiturate, barbiturates',
    statins: 'statin, statins',
    'ace-inhibitors': 'ace inhibitor, ace inhibitors, acei',
    arbs: 'arb, arbs, angiotensin receptor blockers',
    'beta-blockers': 'beta blocker, beta blockers',
    thiazides: 'thiazide, thiazides',
    heparins: 'heparins, low molecular weight heparin',
    ssris: 'ssri, ssris',
    'amide-anesthetics': 'local anesthetics, local anaesthetics, caines',
    insulins: 'insulins',
  }).flatMap(([name, words]) => words.split(', ').map((word): [string, string] => [word, name])),
)

/** Allergy to one class that speaks against another. */
interface CrossReaction {
  id: string
  allergen: string
  /** A class or the name of an ingredient. */
  drug: string
  severity: Severity
  detail: string
  source: string
}

const rule = (allergen: string, drug: string, severity: Severity, detail: string, source: string): CrossReaction => ({
  id: `allergy-${allergen}--${drug}`.replaceAll(' ', '-'),
  allergen,
  drug,
  severity,
  detail,
  source,
})

export const crossReactions: readonly CrossReaction[] = [
  rule(
    'penicillins',
    'cephalosporins',
    'moderate',
    'Cross-hypersensitivity with penicillins',
    'USPI Keflex (cephalexin), 5 Warnings: hypersensitivity',
  ),
  rule(
    'penicillins',
    'carbapenems',
    'moderate',
    'Cross-hypersensitivity with penicillins',
    'USPI Merrem (meropenem), 5 Warnings: hypersensitivity',
  ),
  rule(
    'cephalosporins',
    'penicillins',
    'moderate',
    'Cross-hypersensitivity with cephalosporins',
    'USPI Amoxil (amoxicillin), 4 Contraindications: other beta-lactams',
  ),
  rule(
    'cephalosporins',
    'carbapenems',
    'moderate',
    'Cross-hypersensitivity with beta-lactams',
    'USPI Merrem (meropenem), 4 Contraindications: beta-lactams',
  ),
  rule(
    'carbapenems',
    'penicillins',
    'moderate',
    'Cross-hypersensitivity with beta-lactams',
    'USPI Amoxil (amoxicillin), 4 Contraindications: other beta-lactams',
  ),
  rule(
    'ceftazidime',
    'aztreonam',
    'moderate',
    'Same side chain',
    'USPI Azactam (aztreonam), Warnings: hypersensitivity (ceftazidime)',
  ),
  rule(
    'antibiotic-sulfonamides',
    'non-antibiotic-sulfonamides',
    'moderate',
    'Sulfonamide-derived drug',
    'USPI Celebrex (celecoxib), 4 Contraindications; USPI Lasix (furosemide), Precautions; USPI hydrochlorothiazide, Contraindications',
  ),
  rule(
    'salicylates',
    'nsaids',
    'major',
    'Asthma, urticaria or allergic-type reactions after aspirin or other NSAIDs',
    'USPI Motrin (ibuprofen), Contraindications',
  ),
  rule(
    'nsaids',
    'salicylates',
    'major',
    'Asthma, urticaria or allergic-type reactions after NSAIDs',
    '21 CFR 343.80 (aspirin professional labeling)',
  ),
  rule(
    'tricyclics',
    'carbamazepine',
    'major',
    'Hypersensitivity to tricyclic compounds',
    'USPI Tegretol (carbamazepine), Contraindications',
  ),
  rule(
    'enzyme-inducing-antiepileptics',
    'enzyme-inducing-antiepileptics',
    'major',
    'Cross-hypersensitivity among aromatic antiepileptics',
    'USPI Dilantin (phenytoin), 5 Warnings: hypersensitivity; USPI Tegretol (carbamazepine), Warnings',
  ),
  rule(
    'egg',
    'propofol',
    'major',
    'Emulsion with egg lecithin',
    'USPI Diprivan (propofol), 4 Contraindications: eggs, egg products',
  ),
  rule(
    'soy',
    'propofol',
    'major',
    'Emulsion with soybean oil',
    'USPI Diprivan (propofol), 4 Contraindications: soybeans, soy products',
  ),
]

/** Classes whose members share an allergy: one member recorded speaks against all. */
export const classAllergies: ReadonlySet<string> = new Set([
  'penicillins',
  'cephalosporins',
  'carbapenems',
  'antibiotic-sulfonamides',
  'macrolides',
  'fluoroquinolones',
  'tetracyclines',
  'aminoglycosides',
  'azole-antifungals',
  'nsaids',
  'ace-inhibitors',
  'arbs',
  'heparins',
  'barbiturates',
  'amide-anesthetics',
  'benzodiazepines',
  'statins',
  'thiazides',
])

/** Allergens that are no drugs: understood, and nothing to check but what crossReactions name. Word → allergen. */
export const otherAllergens: ReadonlyMap<string, string> = new Map(
  Object.entries({
    egg: 'egg, eggs',
    soy: 'soy, soya, soybean, soybeans',
    food: 'peanut, peanuts, nut, nuts, shellfish, seafood, fish, shrimp, wheat, gluten, dairy, milk, lactose, strawberry, strawberries, kiwi, food',
    environment:
      'pollen, grass, ragweed, tree, mould, mold, dust, mite, mites, dander, cat, cats, dog, dogs, animal, hay fever, feathers',
    venom: 'bee, bees, wasp, wasps, venom, insect, insects',
    contact: 'latex, nickel, adhesive, tape, plaster, perfume',
    contrast: 'iodine, contrast, contrast dye, iodinated contrast',
  }).flatMap(([name, words]) => words.split(', ').map((word): [string, string] => [word, name])),
)
