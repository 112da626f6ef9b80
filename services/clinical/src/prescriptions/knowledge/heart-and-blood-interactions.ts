import { interactions } from './interaction.ts'

// USPI: the drug's United States prescribing information (FDA-approved labeling), by the name of the section.

/** Anticoagulants, heart, vessels, lipids. */
export const heartAndBloodInteractions = interactions(`
anticoagulants × nsaids | major | Bleeding risk rises | USPI Coumadin (warfarin), 7 Drug Interactions: drugs that increase bleeding risk; USPI Eliquis (apixaban), 7: anticoagulants and antiplatelet agents
anticoagulants × antiplatelets | major | Bleeding risk rises | USPI Coumadin (warfarin), 7 Drug Interactions: drugs that increase bleeding risk; USPI Eliquis (apixaban), 7: anticoagulants and antiplatelet agents
anticoagulants × ssris | moderate | Bleeding risk rises | USPI Coumadin (warfarin), 7 Drug Interactions: drugs that increase bleeding risk (serotonin reuptake inhibitors)
anticoagulants × snris | moderate | Bleeding risk rises | USPI Coumadin (warfarin), 7 Drug Interactions: drugs that increase bleeding risk (serotonin reuptake inhibitors)
vitamin-k-antagonists × doacs | major | Two anticoagulants: bleeding risk rises | USPI Coumadin (warfarin), 7 Drug Interactions: drugs that increase bleeding risk (anticoagulants)
vitamin-k-antagonists × heparins | major | Two anticoagulants: bleeding risk rises; overlap only while bridging under INR control | USPI Coumadin (warfarin), 7 Drug Interactions: drugs that increase bleeding risk (anticoagulants)
doacs × heparins | major | Two anticoagulants: bleeding risk rises | USPI Eliquis (apixaban), 7 Drug Interactions: anticoagulants and antiplatelet agents
vitamin-k-antagonists × azole-antifungals | major | Metabolism of warfarin is inhibited: INR rises | USPI Coumadin (warfarin), 7 Drug Interactions: CYP450 interactions; USPI Diflucan (fluconazole), Drug Interactions
vitamin-k-antagonists × antibiotic-sulfonamides | major | Metabolism of warfarin is inhibited: INR rises | USPI Coumadin (warfarin), 7 Drug Interactions: CYP2C9 inhibitors (cotrimoxazole)
vitamin-k-antagonists × nitroimidazoles | major | Metabolism of warfarin is inhibited: INR rises | USPI Coumadin (warfarin), 7 Drug Interactions: CYP2C9 inhibitors (metronidazole)
vitamin-k-antagonists × amiodarone | major | Metabolism of warfarin is inhibited for weeks: INR rises | USPI Coumadin (warfarin), 7 Drug Interactions: CYP2C9 inhibitors (amiodarone)
vitamin-k-antagonists × macrolides | moderate | INR may rise | USPI Coumadin (warfarin), 7 Drug Interactions: antibiotics and antifungals
vitamin-k-antagonists × fluoroquinolones | moderate | INR may rise | USPI Coumadin (warfarin), 7 Drug Interactions: antibiotics and antifungals
vitamin-k-antagonists × strong-cyp-inducers | major | Metabolism of warfarin is induced: INR falls | USPI Coumadin (warfarin), 7 Drug Interactions: CYP450 inducers
factor-xa-inhibitors × strong-cyp-inducers | major | Exposure to the anticoagulant falls: thrombosis | USPI Eliquis (apixaban), 7 Drug Interactions: combined P-gp and strong CYP3A4 inducers
dabigatran etexilate × rifampin | major | Exposure to dabigatran falls: thrombosis | USPI Pradaxa (dabigatran), 7 Drug Interactions: P-gp inducers
factor-xa-inhibitors × strong-cyp3a4-inhibitors | major | Exposure to the anticoagulant rises: bleeding | USPI Eliquis (apixaban), 7 Drug Interactions: combined P-gp and strong CYP3A4 inhibitors
dabigatran etexilate × p-gp-inhibitors | major | Exposure to dabigatran rises: bleeding, above all with impaired kidneys | USPI Pradaxa (dabigatran), 7 Drug Interactions: P-gp inhibitors
thrombolytics × anticoagulants | major | Bleeding risk rises | USPI Activase (alteplase), 7 Drug Interactions
thrombolytics × antiplatelets | major | Bleeding risk rises | USPI Activase (alteplase), 7 Drug Interactions
clopidogrel × cyp2c19-inhibitors | major | Less active metabolite: weaker platelet inhibition | USPI Plavix (clopidogrel), 7 Drug Interactions: CYP2C19 inhibitors (omeprazole or esomeprazole)
antiplatelets × nonselective-nsaids | moderate | Gastrointestinal bleeding | USPI Plavix (clopidogrel), 7 Drug Interactions: NSAIDs; FDA information on ibuprofen and aspirin (2006)
cyp3a4-statins × strong-cyp3a4-inhibitors | contraindicated | Myopathy and rhabdomyolysis | USPI Zocor (simvastatin), 4 Contraindications
cyp3a4-statins × moderate-cyp3a4-inhibitors | major | Myopathy and rhabdomyolysis; dose limits apply | USPI Zocor (simvastatin), 2 Dosage and 7 Drug Interactions (erythromycin contraindicated; verapamil, diltiazem dose limits)
simvastatin × fibrates | contraindicated | Myopathy and rhabdomyolysis (gemfibrozil; caution with fenofibrate) | USPI Zocor (simvastatin), 4 Contraindications
statins × gemfibrozil | major | Myopathy and rhabdomyolysis | USPI Crestor (rosuvastatin), 7 Drug Interactions: gemfibrozil; USPI Lipitor (atorvastatin), 7
statins × cyclosporine-like | major | Exposure to the statin rises: myopathy | USPI Zocor (simvastatin), 4 Contraindications; USPI Lipitor (atorvastatin), 7 Drug Interactions
cyp3a4-statins × class-iii-antiarrhythmics | moderate | Myopathy; simvastatin not above 20 mg with amiodarone | USPI Zocor (simvastatin), 2 Dosage: patients taking amiodarone
simvastatin × amlodipine | moderate | Myopathy; simvastatin not above 20 mg | USPI Zocor (simvastatin), 2 Dosage: patients taking amlodipine
atorvastatin × strong-cyp3a4-inhibitors | major | Exposure to atorvastatin rises: myopathy | USPI Lipitor (atorvastatin), 7 Drug Interactions: strong inhibitors of CYP3A4
nitrates × pde5-inhibitors | contraindicated | Severe hypotension | USPI Viagra (sildenafil), 4 Contraindications: nitrates
alpha-blockers × pde5-inhibitors | moderate | Symptomatic hypotension | USPI Viagra (sildenafil), 7 Drug Interactions: alpha-blockers
ace-inhibitors × potassium-sparing-diuretics | major | Hyperkalemia | USPI Zestril (lisinopril), 7 Drug Interactions: agents that increase serum potassium; USPI Aldactone (spironolactone), 7
ace-inhibitors × potassium-supplements | major | Hyperkalemia | USPI Zestril (lisinopril), 7 Drug Interactions: agents that increase serum potassium
arbs × potassium-sparing-diuretics | major | Hyperkalemia | USPI Cozaar (losartan), 7 Drug Interactions: agents increasing serum potassium
arbs × potassium-supplements | major | Hyperkalemia | USPI Cozaar (losartan), 7 Drug Interactions: agents increasing serum potassium
potassium-sparing-diuretics × potassium-supplements | major | Hyperkalemia | USPI Aldactone (spironolactone), 7 Drug Interactions: drugs and supplements increasing serum potassium
ace-inhibitors × potassium-raising | moderate | Hyperkalemia | USPI Bactrim (sulfamethoxazole, trimethoprim), Precautions: hyperkalemia
ace-inhibitors × arbs | major | Dual blockade: hypotension, hyperkalemia, kidney failure | USPI Zestril (lisinopril), 7 Drug Interactions: dual blockade of the renin-angiotensin system
ace-inhibitors × renin-inhibitors | major | Dual blockade; contraindicated in diabetes | USPI Tekturna (aliskiren), 4 Contraindications and 7 Drug Interactions
arbs × renin-inhibitors | major | Dual blockade; contraindicated in diabetes | USPI Tekturna (aliskiren), 4 Contraindications and 7 Drug Interactions
ace-inhibitors × neprilysin-inhibitors | contraindicated | Angioedema; 36 hours apart | USPI Entresto (sacubitril, valsartan), 4 Contraindications
ace-inhibitors × non-aspirin-nsaids | moderate | Kidney function worsens, less antihypertensive effect | USPI Zestril (lisinopril), 7 Drug Interactions: NSAIDs
arbs × non-aspirin-nsaids | moderate | Kidney function worsens, less antihypertensive effect | USPI Cozaar (losartan), 7 Drug Interactions: NSAIDs
loop-diuretics × aminoglycosides | major | Ototoxicity | USPI Lasix (furosemide), Precautions: drug interactions; USPI gentamicin injection, boxed warning
cardiac-glycosides × class-iii-antiarrhythmics | major | Digoxin concentration rises: toxicity | USPI Lanoxin (digoxin), 7 Drug Interactions
cardiac-glycosides × class-ia-antiarrhythmics | major | Digoxin concentration rises: toxicity | USPI Lanoxin (digoxin), 7 Drug Interactions (quinidine)
cardiac-glycosides × non-dhp-calcium-blockers | major | Digoxin concentration rises, AV block | USPI Lanoxin (digoxin), 7 Drug Interactions (verapamil)
cardiac-glycosides × macrolides | major | Digoxin concentration rises: toxicity | USPI Lanoxin (digoxin), 7 Drug Interactions; USPI Biaxin (clarithromycin), 7
cardiac-glycosides × loop-diuretics | moderate | Hypokalemia sensitises to digoxin | USPI Lanoxin (digoxin), 5 Warnings: electrolyte disorders
cardiac-glycosides × thiazides | moderate | Hypokalemia sensitises to digoxin | USPI Lanoxin (digoxin), 5 Warnings: electrolyte disorders
beta-blockers × non-dhp-calcium-blockers | major | Bradycardia, AV block, heart failure | USPI Calan (verapamil), Precautions: beta-blockers; USPI Toprol-XL (metoprolol), 7
cyp2d6-beta-blockers × strong-cyp2d6-inhibitors | moderate | Exposure to the beta-blocker rises: bradycardia | USPI Toprol-XL (metoprolol), 7 Drug Interactions: CYP2D6 inhibitors
beta-blockers × clonidine | moderate | Bradycardia; rebound hypertension when clonidine stops | USPI Toprol-XL (metoprolol), 7 Drug Interactions; USPI Catapres (clonidine), Drug Interactions
nonselective-beta-blockers × beta2-agonists | major | Bronchospasm; each blocks the other | USPI ProAir HFA (albuterol), 7 Drug Interactions: beta-blockers
nonselective-beta-blockers × epinephrine | moderate | Severe hypertension with bradycardia; weaker rescue | USPI EpiPen (epinephrine), 7 Drug Interactions
`)
