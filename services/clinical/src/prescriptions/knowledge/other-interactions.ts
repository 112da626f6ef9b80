import { interactions } from './interaction.ts'

/** Kidney, immune system, hormones, absorption. */
export const otherInteractions = interactions(`
methotrexate × nsaids | major | Methotrexate toxicity: marrow, gut | USPI Trexall (methotrexate), 7 Drug Interactions: NSAIDs | ansm ANTI-INFLAMMATOIRES NON STÉROÏDIENS + METHOTREXATE: association déconseillée
methotrexate × trimethoprim | major | Marrow suppression | USPI Trexall (methotrexate), 7 Drug Interactions: trimethoprim/sulfamethoxazole | ansm METHOTREXATE + TRIMETHOPRIME: contre-indication
methotrexate × penicillins | moderate | Methotrexate clearance falls | USPI Trexall (methotrexate), 7 Drug Interactions: penicillins | ansm METHOTREXATE + PÉNICILLINES: association déconseillée
methotrexate × ppis | moderate | Methotrexate clearance falls | USPI Trexall (methotrexate), 7 Drug Interactions: proton pump inhibitors | ansm ANTISÉCRÉTOIRES INHIBITEURS DE LA POMPE À PROTONS + METHOTREXATE: association déconseillée
methotrexate × probenecid | major | Methotrexate clearance falls | USPI Trexall (methotrexate), 7 Drug Interactions: probenecid | ansm METHOTREXATE + PROBENECIDE: contre-indication
thiopurines × febuxostat | contraindicated | Thiopurine toxicity: marrow | USPI Uloric (febuxostat), 4 Contraindications | ansm ANTIPURINES + INHIBITEURS DE LA XANTHINE OXYDASE: contre-indication
thiopurines × allopurinol | major | Thiopurine toxicity: reduce the dose to a third or a quarter | USPI Imuran (azathioprine), Precautions: allopurinol | ansm ANTIPURINES + INHIBITEURS DE LA XANTHINE OXYDASE: contre-indication
calcineurin-inhibitors × azole-antifungals | major | Calcineurin inhibitor exposure rises: kidney damage | USPI Prograf (tacrolimus), 7 Drug Interactions: CYP3A inhibitors | unverified
calcineurin-inhibitors × strong-cyp-inducers | major | Exposure falls: rejection | USPI Prograf (tacrolimus), 7 Drug Interactions: strong CYP3A inducers | unverified
calcineurin-inhibitors × potassium-sparing-diuretics | major | Hyperkalemia | USPI Prograf (tacrolimus), 5 Warnings: hyperkalemia | ansm CICLOSPORINE + DIURÉTIQUES ÉPARGNEURS DE POTASSIUM (SEULS OU ASSOCIÉS): association déconseillée
mtor-inhibitors × strong-cyp3a4-inhibitors | major | Sirolimus exposure rises | USPI Rapamune (sirolimus), 7 Drug Interactions | ansm CLARITHROMYCINE + IMMUNOSUPPRESSEURS: association déconseillée
colchicine × strong-cyp3a4-inhibitors | major | Fatal colchicine toxicity; contraindicated in renal or hepatic impairment | USPI Colcrys (colchicine), 4 Contraindications and 7 Drug Interactions | ansm COLCHICINE + INHIBITEURS PUISSANTS DU CYP3A4: contre-indication
colchicine × p-gp-inhibitors | major | Fatal colchicine toxicity | USPI Colcrys (colchicine), 7 Drug Interactions: P-gp inhibitors | ansm COLCHICINE + VERAPAMIL: association déconseillée
colchicine × statins | moderate | Myopathy | USPI Colcrys (colchicine), 7 Drug Interactions: HMG-CoA reductase inhibitors | ansm COLCHICINE + INHIBITEURS DE L'HMG-COA RÉDUCTASE (STATINES): précaution d'emploi
cyp3a4-taxanes × strong-cyp3a4-inhibitors | major | Docetaxel exposure rises | USPI Taxotere (docetaxel), 7 Drug Interactions | unverified
cyp2d6-prodrugs × strong-cyp2d6-inhibitors | major | Less endoxifen | USPI Soltamox (tamoxifen), 7 Drug Interactions: CYP2D6 inhibitors | ansm PAROXETINE + TAMOXIFENE: association déconseillée
vitamin-k-antagonists × tamoxifen | major | INR rises | USPI Soltamox (tamoxifen), 7 Drug Interactions: warfarin | unverified
hormonal-contraceptives × strong-cyp-inducers | major | Contraception fails | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: substances diminishing the efficacy | ansm ESTROPROGESTATIFS CONTRACEPTIFS + INDUCTEURS ENZYMATIQUES: association déconseillée
hormonal-contraceptives × enzyme-inducing-antiepileptics | major | Contraception fails | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: substances diminishing the efficacy | ansm ESTROPROGESTATIFS CONTRACEPTIFS + INDUCTEURS ENZYMATIQUES: association déconseillée
lamotrigine × estrogens | moderate | Lamotrigine falls by half | USPI Lamictal (lamotrigine), 7 Drug Interactions: estrogen-containing oral contraceptives | ansm ESTROPROGESTATIFS CONTRACEPTIFS + LAMOTRIGINE: association déconseillée
drospirenone × ace-inhibitors | moderate | Hyperkalemia | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: potential to increase serum potassium | ansm HYPERKALIÉMIANTS + AUTRES HYPERKALIÉMIANTS: à prendre en compte
drospirenone × arbs | moderate | Hyperkalemia | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: potential to increase serum potassium | ansm HYPERKALIÉMIANTS + AUTRES HYPERKALIÉMIANTS: à prendre en compte
drospirenone × potassium-sparing-diuretics | moderate | Hyperkalemia | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: potential to increase serum potassium | ansm HYPERKALIÉMIANTS + AUTRES HYPERKALIÉMIANTS: à prendre en compte
fluoroquinolones × polyvalent-cations | moderate | The antibiotic is not absorbed; hours apart | USPI Cipro (ciprofloxacin), 7 Drug Interactions: drugs that reduce absorption | ansm CALCIUM + CIPROFLOXACINE: précaution d'emploi
tetracyclines × polyvalent-cations | moderate | The antibiotic is not absorbed; hours apart | USPI Vibramycin (doxycycline), Precautions: drug interactions | ansm CALCIUM + CYCLINES: précaution d'emploi
thyroid-hormones × polyvalent-cations | moderate | Levothyroxine is not absorbed; four hours apart | USPI Synthroid (levothyroxine), 7 Drug Interactions: drugs that decrease absorption | ansm CALCIUM + HORMONES THYROÏDIENNES: précaution d'emploi
bisphosphonates × polyvalent-cations | moderate | The bisphosphonate is not absorbed; half an hour apart | USPI Fosamax (alendronate), 7 Drug Interactions: calcium supplements and antacids | ansm BISPHOSPHONATES + CALCIUM: précaution d'emploi
bisphosphonates × non-aspirin-nsaids | moderate | Gastrointestinal irritation | USPI Fosamax (alendronate), 7 Drug Interactions: NSAIDs | unverified
fluoroquinolones × systemic-corticosteroids | moderate | Tendon rupture | USPI Cipro (ciprofloxacin), boxed warning | ansm FLUOROQUINOLONES + GLUCOCORTICOÏDES (SAUF HYDROCORTISONE): à prendre en compte
systemic-corticosteroids × nsaids | moderate | Gastrointestinal bleeding and ulcer | USPI Rayos (prednisone), 7 Drug Interactions: NSAIDs | ansm ANTI-INFLAMMATOIRES NON STÉROÏDIENS + GLUCOCORTICOÏDES (SAUF HYDROCORTISONE): à prendre en compte
ketorolac × nonselective-nsaids | contraindicated | Cumulative toxicity | USPI Toradol (ketorolac), Contraindications: concurrent aspirin or NSAIDs | unverified
ketorolac × aspirin | contraindicated | Cumulative toxicity | USPI Toradol (ketorolac), Contraindications: concurrent aspirin or NSAIDs | unverified
ketorolac × probenecid | contraindicated | Ketorolac exposure triples | USPI Toradol (ketorolac), Contraindications: probenecid | https://www.txvendordrug.com/book/export/html/9153966 “ketorolac, probenecid: adjunctive administration contraindicated”
sulfonylureas × cyp2c9-inhibitors | moderate | Hypoglycemia | USPI Diflucan (fluconazole), Drug Interactions: oral hypoglycemics; USPI Amaryl (glimepiride), 7 | ansm FLUCONAZOLE + SULFAMIDES HYPOGLYCÉMIANTS: précaution d'emploi
sulfonylureas × fluoroquinolones | moderate | Hypoglycemia | USPI Cipro (ciprofloxacin), 7 Drug Interactions: oral antidiabetic drugs | unverified
insulins × nonselective-beta-blockers | moderate | Signs of hypoglycemia are masked | USPI Humalog (insulin lispro), 7 Drug Interactions | ansm BÊTA-BLOQUANTS (SAUF ESMOLOL) (Y COMPRIS COLLYRES) + INSULINE: précaution d'emploi
aminoglycosides × glycopeptides | major | Kidney damage | USPI gentamicin injection, boxed warning: other nephrotoxic drugs | unverified
aminoglycosides × platinum-compounds | major | Kidney damage, ototoxicity | USPI gentamicin injection, boxed warning (cisplatin) | unverified
methotrexate × antibacterial-sulfonamides | major | Marrow suppression | USPI Trexall (methotrexate), 7 Drug Interactions: sulfonamides | unverified
methotrexate × ciprofloxacin | major | Methotrexate clearance falls | USPI Trexall (methotrexate), 7 Drug Interactions: ciprofloxacin | ansm CIPROFLOXACINE + METHOTREXATE: association déconseillée
methotrexate × acitretin | contraindicated | Liver damage | USPI Soriatane (acitretin), Contraindications: methotrexate | ansm ACITRETINE + METHOTREXATE: contre-indication
retinoids × tetracyclines | contraindicated | Raised pressure in the skull | SmPC Roaccutane (isotretinoin), 4.3 | ansm CYCLINES + RÉTINOÏDES: contre-indication
disulfiram × metronidazole | major | Psychosis, confusion | USPI Flagyl (metronidazole), 4 Contraindications: disulfiram | ansm DISULFIRAME + METRONIDAZOLE: association déconseillée
calcineurin-inhibitors × non-aspirin-nsaids | moderate | Kidney damage | USPI Neoral (cyclosporine), Precautions: nephrotoxic drugs | ansm ANTI-INFLAMMATOIRES NON STÉROÏDIENS + CICLOSPORINE: précaution d'emploi
calcineurin-inhibitors × aminoglycosides | major | Kidney damage | USPI Neoral (cyclosporine), Precautions: nephrotoxic drugs | unverified
hormonal-contraceptives × ritonavir | major | Contraception fails | USPI Norvir (ritonavir), 7 Drug Interactions: oral contraceptives | ansm ESTROPROGESTATIFS CONTRACEPTIFS + INHIBITEURS DE PROTÉASES BOOSTÉS PAR RITONAVIR: association déconseillée
hormonal-contraceptives × efavirenz | major | Contraception fails | USPI Sustiva (efavirenz), 7 Drug Interactions: hormonal contraceptives | ansm ESTROPROGESTATIFS CONTRACEPTIFS + INDUCTEURS ENZYMATIQUES: association déconseillée
thyroid-hormones × bile-acid-sequestrants | moderate | Levothyroxine is not absorbed; four hours apart | USPI Synthroid (levothyroxine), 7 Drug Interactions: bile acid sequestrants | ansm HORMONES THYROÏDIENNES + RÉSINES CHÉLATRICES: précaution d'emploi
thyroid-hormones × rifampin | moderate | Levothyroxine falls | USPI Synthroid (levothyroxine), 7 Drug Interactions: rifampin | ansm HORMONES THYROÏDIENNES + RIFAMPICINE: précaution d'emploi
dolutegravir × metformin | moderate | Metformin rises; not above 1 g a day | USPI Tivicay (dolutegravir), 7 Drug Interactions: metformin | ansm DOLUTÉGRAVIR + METFORMINE: précaution d'emploi
tenofovir × non-aspirin-nsaids | moderate | Kidney damage | USPI Viread (tenofovir disoproxil), 5 Warnings: NSAIDs | ansm ANTI-INFLAMMATOIRES NON STÉROÏDIENS + TENOFOVIR DISOPROXIL: précaution d'emploi
fluoropyrimidines × phenytoin | major | Phenytoin toxicity | USPI Xeloda (capecitabine), 7 Drug Interactions: phenytoin | ansm CYTOTOXIQUES + PHÉNYTOÏNE (ET, PAR EXTRAPOLATION, FOSPHÉNYTOÏNE): association déconseillée
vinca-alkaloids × strong-cyp3a4-inhibitors | major | Vinca alkaloid exposure rises: nerve damage | USPI vincristine, Precautions: itraconazole | ansm INHIBITEURS PUISSANTS DU CYP3A4 + VINCA-ALCALOÏDES CYTOTOXIQUES: association déconseillée
bosentan × cyclosporine | contraindicated | Bosentan rises, cyclosporine falls | USPI Tracleer (bosentan), 4 Contraindications | ansm BOSENTAN + CICLOSPORINE: contre-indication
bosentan × glyburide | contraindicated | Liver damage | USPI Tracleer (bosentan), 4 Contraindications | unverified
methotrexate × cyclosporine | moderate | Methotrexate clearance falls | USPI Neoral (cyclosporine), Precautions: methotrexate | ansm CICLOSPORINE + METHOTREXATE: précaution d'emploi
methotrexate × leflunomide | moderate | Liver damage, marrow suppression | USPI Arava (leflunomide), 7 Drug Interactions: methotrexate | unverified
aminoglycosides × amphotericin b | major | Kidney damage | USPI gentamicin injection, boxed warning: other nephrotoxic drugs | unverified
bromocriptine × macrolides | major | Bromocriptine exposure rises | USPI Parlodel (bromocriptine), Precautions: macrolides | ansm ALCALOÏDES DE L'ERGOT DE SEIGLE DOPAMINERGIQUES + MACROLIDES (SAUF SPIRAMYCINE): association déconseillée
cabergoline × macrolides | major | Cabergoline exposure rises | SmPC Dostinex (cabergoline), 4.5: macrolides | ansm ALCALOÏDES DE L'ERGOT DE SEIGLE DOPAMINERGIQUES + MACROLIDES (SAUF SPIRAMYCINE): association déconseillée
repaglinide × clopidogrel | moderate | Hypoglycemia | USPI Prandin (repaglinide), 7 Drug Interactions: clopidogrel | ansm CLOPIDOGREL + REPAGLINIDE: à prendre en compte
`)
