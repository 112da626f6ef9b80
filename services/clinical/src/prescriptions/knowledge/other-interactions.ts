import { interactions } from './interaction.ts'

/** Kidney, immune system, hormones, absorption. */
export const otherInteractions = interactions(`
methotrexate × nsaids | major | Methotrexate toxicity: marrow, gut | USPI Trexall (methotrexate), 7 Drug Interactions: NSAIDs
methotrexate × trimethoprim | major | Marrow suppression | USPI Trexall (methotrexate), 7 Drug Interactions: trimethoprim/sulfamethoxazole
methotrexate × antibiotic-sulfonamides | major | Marrow suppression | USPI Trexall (methotrexate), 7 Drug Interactions: sulfonamides
methotrexate × penicillins | moderate | Methotrexate clearance falls | USPI Trexall (methotrexate), 7 Drug Interactions: penicillins
methotrexate × ppis | moderate | Methotrexate clearance falls | USPI Trexall (methotrexate), 7 Drug Interactions: proton pump inhibitors
methotrexate × probenecid | major | Methotrexate clearance falls | USPI Trexall (methotrexate), 7 Drug Interactions: probenecid
thiopurines × febuxostat | contraindicated | Thiopurine toxicity: marrow | USPI Uloric (febuxostat), 4 Contraindications
thiopurines × allopurinol | major | Thiopurine toxicity: reduce the dose to a third or a quarter | USPI Imuran (azathioprine), Precautions: allopurinol
calcineurin-inhibitors × azole-antifungals | major | Calcineurin inhibitor exposure rises: kidney damage | USPI Prograf (tacrolimus), 7 Drug Interactions: CYP3A inhibitors
calcineurin-inhibitors × macrolides | major | Calcineurin inhibitor exposure rises: kidney damage | USPI Prograf (tacrolimus), 7 Drug Interactions: CYP3A inhibitors
calcineurin-inhibitors × strong-cyp-inducers | major | Exposure falls: rejection | USPI Prograf (tacrolimus), 7 Drug Interactions: strong CYP3A inducers
calcineurin-inhibitors × potassium-sparing-diuretics | major | Hyperkalemia | USPI Prograf (tacrolimus), 5 Warnings: hyperkalemia
mtor-inhibitors × strong-cyp3a4-inhibitors | major | Sirolimus exposure rises | USPI Rapamune (sirolimus), 7 Drug Interactions
colchicine × strong-cyp3a4-inhibitors | major | Fatal colchicine toxicity; contraindicated in renal or hepatic impairment | USPI Colcrys (colchicine), 4 Contraindications and 7 Drug Interactions
colchicine × p-gp-inhibitors | major | Fatal colchicine toxicity | USPI Colcrys (colchicine), 7 Drug Interactions: P-gp inhibitors
colchicine × statins | moderate | Myopathy | USPI Colcrys (colchicine), 7 Drug Interactions: HMG-CoA reductase inhibitors
cyp3a4-taxanes × strong-cyp3a4-inhibitors | major | Docetaxel exposure rises | USPI Taxotere (docetaxel), 7 Drug Interactions
cyp2d6-prodrugs × strong-cyp2d6-inhibitors | moderate | Less endoxifen | USPI Soltamox (tamoxifen), 7 Drug Interactions: CYP2D6 inhibitors
vitamin-k-antagonists × tamoxifen | major | INR rises | USPI Soltamox (tamoxifen), 7 Drug Interactions: warfarin
hormonal-contraceptives × strong-cyp-inducers | major | Contraception fails | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: substances diminishing the efficacy
hormonal-contraceptives × enzyme-inducing-antiepileptics | major | Contraception fails | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: substances diminishing the efficacy
lamotrigine × estrogens | moderate | Lamotrigine falls by half | USPI Lamictal (lamotrigine), 7 Drug Interactions: estrogen-containing oral contraceptives
drospirenone × ace-inhibitors | moderate | Hyperkalemia | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: potential to increase serum potassium
drospirenone × arbs | moderate | Hyperkalemia | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: potential to increase serum potassium
drospirenone × potassium-sparing-diuretics | moderate | Hyperkalemia | USPI Yaz (drospirenone, ethinyl estradiol), 7 Drug Interactions: potential to increase serum potassium
fluoroquinolones × polyvalent-cations | moderate | The antibiotic is not absorbed; hours apart | USPI Cipro (ciprofloxacin), 7 Drug Interactions: drugs that reduce absorption
tetracyclines × polyvalent-cations | moderate | The antibiotic is not absorbed; hours apart | USPI Vibramycin (doxycycline), Precautions: drug interactions
thyroid-hormones × polyvalent-cations | moderate | Levothyroxine is not absorbed; four hours apart | USPI Synthroid (levothyroxine), 7 Drug Interactions: drugs that decrease absorption
bisphosphonates × polyvalent-cations | moderate | The bisphosphonate is not absorbed; half an hour apart | USPI Fosamax (alendronate), 7 Drug Interactions: calcium supplements and antacids
bisphosphonates × non-aspirin-nsaids | moderate | Gastrointestinal irritation | USPI Fosamax (alendronate), 7 Drug Interactions: NSAIDs
fluoroquinolones × systemic-corticosteroids | moderate | Tendon rupture | USPI Cipro (ciprofloxacin), boxed warning
systemic-corticosteroids × nsaids | moderate | Gastrointestinal bleeding and ulcer | USPI Rayos (prednisone), 7 Drug Interactions: NSAIDs
ketorolac × nonselective-nsaids | contraindicated | Cumulative toxicity | USPI Toradol (ketorolac), Contraindications: concurrent aspirin or NSAIDs
ketorolac × aspirin | contraindicated | Cumulative toxicity | USPI Toradol (ketorolac), Contraindications: concurrent aspirin or NSAIDs
ketorolac × probenecid | contraindicated | Ketorolac exposure triples | USPI Toradol (ketorolac), Contraindications: probenecid
sulfonylureas × cyp2c9-inhibitors | moderate | Hypoglycemia | USPI Diflucan (fluconazole), Drug Interactions: oral hypoglycemics; USPI Amaryl (glimepiride), 7
sulfonylureas × fluoroquinolones | moderate | Hypoglycemia | USPI Cipro (ciprofloxacin), 7 Drug Interactions: oral antidiabetic drugs
insulins × nonselective-beta-blockers | moderate | Signs of hypoglycemia are masked | USPI Humalog (insulin lispro), 7 Drug Interactions
aminoglycosides × glycopeptides | major | Kidney damage | USPI gentamicin injection, boxed warning: other nephrotoxic drugs
aminoglycosides × platinum-compounds | major | Kidney damage, ototoxicity | USPI gentamicin injection, boxed warning (cisplatin)
`)
