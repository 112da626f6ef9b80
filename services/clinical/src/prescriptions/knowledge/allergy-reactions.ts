import { type InteractionRule, interactions } from './interaction.ts'

/** Allergy to one substance or class that speaks against another: `a` is the allergen, `b` the drug. */
export type AllergyRule = InteractionRule

/**
 * What an allergy to one member says about others. A class beside itself: the members share the allergy. The severity is for
 * a reaction that is not said to be severe; between members of one class a severe one makes `major` contraindicated.
 * Similar side chains, not the ring alone, carry most reactions among beta-lactams, so unlike ones are `moderate`.
 */
export const allergyRules: readonly AllergyRule[] = interactions(`
penicillins × penicillins | major | The same nucleus | USPI Amoxil (amoxicillin), 4 Contraindications: other beta-lactams | https://informahealthcare.com/doi/full/10.2147/JAA.S242061 “Identities or similarities of β-lactam side-chain structures are mainly responsible for cross-reactivity among these antibiotics”
aminopenicillins × aminocephalosporins | major | The same side chain: about a third cross-react | Romano et al., J Asthma Allergy 2021;14:31 | https://informahealthcare.com/doi/full/10.2147/JAA.S242061 “in aminopenicillin-allergic subjects, cross-reactivity with aminocephalosporins could possibly be over 30%”
aminocephalosporins × aminopenicillins | major | The same side chain | Romano et al., J Asthma Allergy 2021;14:31 | https://informahealthcare.com/doi/full/10.2147/JAA.S242061 “in aminopenicillin-allergic subjects, cross-reactivity with aminocephalosporins could possibly be over 30%”
aminocephalosporins × aminocephalosporins | major | The same side chain | Chaudhry et al., Pharmacy 2019;7:103 | https://docslib.org/doc/4867325/cephalosporins-a-focus-on-side-chains-and-lactam-cross-reactivity “Cephalosporin cross-reactivity potential is related to the structural R1 side chain”
cephalosporins × cephalosporins | moderate | Depends on the side chain | Chaudhry et al., Pharmacy 2019;7:103 | https://docslib.org/doc/4867325/cephalosporins-a-focus-on-side-chains-and-lactam-cross-reactivity “Cephalosporin cross-reactivity potential is related to the structural R1 side chain”
penicillins × cephalosporins | moderate | Cross-hypersensitivity, seldom where the side chain differs | Zagursky and Pichichero, J Allergy Clin Immunol Pract 2018;6:72 | https://docslib.org/doc/7913396/cross-reactivity-in-beta “Later-generation cephalosporins, which have distinct side chains, do not have any skin test cross-reactivity with penicillin/amoxicillin”
cephalosporins × penicillins | moderate | Cross-hypersensitivity with cephalosporins | Romano et al., J Asthma Allergy 2021;14:31 | https://informahealthcare.com/doi/full/10.2147/JAA.S242061 “studies assessing the cross-reactivity among β-lactams in penicillin- or cephalosporin-allergic subjects”
penicillins × carbapenems | moderate | Cross-hypersensitivity, in less than 1 % | Romano et al., J Asthma Allergy 2021;14:31 | https://informahealthcare.com/doi/full/10.2147/JAA.S242061 “less than 1% of cases show a cross-reactivity between penicillins and both aztreonam and carbapenems”
cephalosporins × carbapenems | moderate | Cross-hypersensitivity with beta-lactams | USPI Merrem (meropenem), 4 Contraindications: beta-lactams | unverified
carbapenems × penicillins | moderate | Cross-hypersensitivity with beta-lactams | USPI Amoxil (amoxicillin), 4 Contraindications: other beta-lactams | unverified
carbapenems × carbapenems | major | The same class | USPI Merrem (meropenem), 4 Contraindications | unverified
ceftazidime × aztreonam | major | The same side chain | Dignity Health, antimicrobial stewardship: penicillin allergies | http://app.spectrum.md/en/clients/31-dignity-health/steps/5898 “Do not use aztreonam if patient is allergic to ceftazidime”
aztreonam × ceftazidime | major | The same side chain | Dignity Health, antimicrobial stewardship: penicillin allergies | http://app.spectrum.md/en/clients/31-dignity-health/steps/5898 “Aztreonam shares the same side-chain as ceftazidime and thus cross-reactivity may occur”
antibiotic-sulfonamides × antibiotic-sulfonamides | major | The same arylamine | Family Practice Notebook: Sulfonamide Allergy | https://fpnotebook.com/id/Pharm/SlfnmdAlrgy.htm “Typical sulfa-allergens, with greatest cross-reactivity to other sulfa agents”
antibiotic-sulfonamides × non-antibiotic-sulfonamides | moderate | Sulfonamide-derived; the label warns, cross-reactivity is uncommon | Shakoor et al., Am J Infect Dis 2013;9:148 | https://docslib.org/doc/3455576/sulfa-allergy-cross-reactivity-versus-multiple-concurrent-allergies “the manufacturer’s package inserts contain a precautionary statement about possible Cross-reactivity”
nsaids × nsaids | major | Asthma, urticaria or swelling comes again with other NSAIDs | SmPC Ibugel (ibuprofen), 4.4 | https://medicines.org.uk/emc/product/3759/smpc “have previously shown hypersensitivity to aspirin, ibuprofen or related painkillers”
salicylates × nsaids | major | Asthma, urticaria or swelling after aspirin comes again with NSAIDs | SmPC Ibugel (ibuprofen), 4.4 | https://medicines.org.uk/emc/product/3759/smpc “have previously shown hypersensitivity to aspirin, ibuprofen or related painkillers”
nsaids × salicylates | major | Asthma, urticaria or swelling after NSAIDs comes again with aspirin | SmPC Ibugel (ibuprofen), 4.4 | https://medicines.org.uk/emc/product/3759/smpc “have previously shown hypersensitivity to aspirin, ibuprofen or related painkillers”
tricyclics × carbamazepine | contraindicated | Similar structure | Apo-Carbamazepine, Contraindications | https://www.mims.com/singapore/drug/info/apo-carbamazepine/contraindications “carbamazepine should not be administered to patients with a known hypersensitivity to any of the tricyclic compounds”
aromatic-antiepileptics × aromatic-antiepileptics | major | Hypersensitivity syndrome comes again in up to three of four | Knowles et al., Drug Safety 1999;21:489 | https://link.springer.com/article/10.2165/00002018-199921060-00005 “Cross-reactivity among the aromatic anticonvulsants may be as high as 75%”
aromatic-antiepileptics × lamotrigine | moderate | Rash comes again in one of six | Alvestad et al., Epilepsy Res 2008;80:194 | https://pubmed.ncbi.nlm.nih.gov/?term=18490142 “lamotrigine (LTG) caused another rash in 17%”
lamotrigine × aromatic-antiepileptics | moderate | Rash comes again | Alvestad et al., Epilepsy Res 2008;80:194 | https://pubmed.ncbi.nlm.nih.gov/?term=18490142 “rashes in the range of 27-35% in patients with a history of another AED-related rash”
phenanthrene-opioids × phenanthrene-opioids | moderate | The same structure; a true allergy is rare | What analgesics can be given to a patient allergic to codeine? | https://experts123.com/q/what-analgesics-can-be-given-to-a-patient-allergic-to-codeine.html “Use of any of these agents in a patient with a true allergy to codeine may result in an allergic reaction”
iodine × amiodarone | contraindicated | Contains iodine | Rithmik (amiodarone), consumer medicine information | https://www.nps.org.au/medicine-finder/rithmik-tablets “Do not take RITHMIK if you are allergic to medicines containing amiodarone hydrochloride or iodine”
egg × propofol | contraindicated | Emulsion with egg lecithin | USPI Propofol, 4 Contraindications | https://elsevier.com/resources/clinicalkey-ai/what-are-contraindications-of-using-propofol-35fc “should not be used in patients allergic to eggs, egg products, soybeans, or soy products”
soy × propofol | contraindicated | Emulsion with soybean oil | USPI Propofol, 4 Contraindications | https://elsevier.com/resources/clinicalkey-ai/what-are-contraindications-of-using-propofol-35fc “should not be used in patients allergic to eggs, egg products, soybeans, or soy products”
peanut × propofol | moderate | Some emulsions are contraindicated | SmPC Fresenius Propoven, 4.3 | https://elsevier.com/resources/clinicalkey-ai/what-are-contraindications-of-using-propofol-35fc “contraindicated in patients with a history of peanut hypersensitivity when using specific formulations”
macrolides × macrolides | major | The same class | USPI Biaxin (clarithromycin), 4 Contraindications: any macrolide | unverified
fluoroquinolones × fluoroquinolones | major | The same class | USPI Cipro (ciprofloxacin), 4 Contraindications: any quinolone | unverified
tetracyclines × tetracyclines | major | The same class | USPI Vibramycin (doxycycline), Contraindications: any tetracycline | unverified
aminoglycosides × aminoglycosides | major | The same class | USPI gentamicin, Contraindications: other aminoglycosides | unverified
azole-antifungals × azole-antifungals | major | The same class | USPI Diflucan (fluconazole), Contraindications: other azoles | unverified
ace-inhibitors × ace-inhibitors | major | Angioedema comes again with the class | USPI Zestril (lisinopril), 4 Contraindications: angioedema with an ACE inhibitor | unverified
arbs × arbs | major | The same class | USPI Cozaar (losartan), 4 Contraindications | unverified
heparins × heparins | major | The same class; thrombocytopenia comes again | USPI Lovenox (enoxaparin), 4 Contraindications: heparin | unverified
barbiturates × barbiturates | major | The same class | USPI phenobarbital, Contraindications: barbiturates | unverified
amide-anesthetics × amide-anesthetics | moderate | Cross reactions among amides are seldom | USPI Xylocaine (lidocaine), Contraindications: amide type | unverified
benzodiazepines × benzodiazepines | major | The same class | USPI Valium (diazepam), Contraindications | unverified
statins × statins | moderate | The same class | USPI Lipitor (atorvastatin), 4 Contraindications | unverified
thiazides × thiazides | major | The same class | USPI hydrochlorothiazide, Contraindications: sulfonamide-derived | unverified
`)
