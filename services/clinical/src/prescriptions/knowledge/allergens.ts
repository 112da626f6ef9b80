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

/** Allergens that are no drugs: understood, and nothing to check but what `allergyRules` name. Word → allergen. */
export const otherAllergens: ReadonlyMap<string, string> = new Map(
  Object.entries({
    egg: 'egg, eggs',
    soy: 'soy, soya, soybean, soybeans',
    peanut: 'peanut, peanuts',
    food: 'nut, nuts, shellfish, seafood, fish, shrimp, wheat, gluten, dairy, milk, lactose, strawberry, strawberries, kiwi, food',
    environment:
      'pollen, grass, ragweed, mugwort, tree, birch, alder, hazel, olive tree, cypress, mould, mold, dust, mite, mites, dander, cat, cats, dog, dogs, animal, hay fever, feathers',
    venom: 'bee, bees, wasp, wasps, venom, insect, insects',
    contact: 'latex, nickel, adhesive, tape, plaster, perfume',
    iodine: 'iodine',
    contrast: 'contrast, contrast dye, iodinated contrast',
  }).flatMap(([name, words]) => words.split(', ').map((word): [string, string] => [word, name])),
)
