import { interactions } from './interaction.ts'

/** Serotonin, sedation, seizures, QT. */
export const nervousSystemInteractions = interactions(`
serotonergic-antidepressants × maois | contraindicated | Serotonin syndrome | USPI Zoloft (sertraline), 4 Contraindications; USPI Effexor XR (venlafaxine), 4
tricyclics × maois | contraindicated | Serotonin syndrome, hypertensive crisis | USPI Pamelor (nortriptyline), Contraindications
serotonergic-opioids × maois | contraindicated | Serotonin syndrome, coma, death | USPI Demerol (meperidine), 4 Contraindications; USPI Ultram (tramadol), 4
serotonergic-antitussives × maois | contraindicated | Serotonin syndrome | 21 CFR 341.74 (OTC antitussive labeling): monoamine oxidase inhibitor warning
triptans × maois | contraindicated | Exposure to the triptan rises | USPI Imitrex (sumatriptan), 4 Contraindications
sympathomimetics × maois | contraindicated | Hypertensive crisis | 21 CFR 341.80 (OTC decongestant labeling): monoamine oxidase inhibitor warning; USPI EpiPen (epinephrine), 7
stimulants × maois | contraindicated | Hypertensive crisis | USPI Ritalin (methylphenidate), 4 Contraindications
bupropion × maois | contraindicated | Hypertensive reactions | USPI Wellbutrin (bupropion), 4 Contraindications
tricyclic-like × reversible-maois | major | Serotonin syndrome | USPI Zyvox (linezolid), 5 Warnings: serotonin syndrome
serotonergic-antidepressants × reversible-maois | major | Serotonin syndrome | USPI Zyvox (linezolid), 5 Warnings: serotonin syndrome
serotonergic-opioids × reversible-maois | major | Serotonin syndrome | USPI Zyvox (linezolid), 5 Warnings: serotonin syndrome
serotonergic-opioids × serotonergic-antidepressants | major | Serotonin syndrome; seizures with tramadol | USPI Ultram (tramadol), 7 Drug Interactions: serotonergic drugs
triptans × serotonergic-antidepressants | moderate | Serotonin syndrome | USPI Imitrex (sumatriptan), 7 Drug Interactions: SSRIs, SNRIs and serotonin syndrome
serotonergic-antidepressants × serotonergic-herbs | major | Serotonin syndrome | USPI Zoloft (sertraline), 5 Warnings: serotonin syndrome (St. John's Wort)
triptans × ergots | contraindicated | Prolonged vasospasm; 24 hours apart | USPI Imitrex (sumatriptan), 4 Contraindications
ergots × strong-cyp3a4-inhibitors | contraindicated | Ischemia of limbs and brain | USPI Cafergot (ergotamine), boxed warning
ergots × macrolides | contraindicated | Acute ergot toxicity | USPI Biaxin (clarithromycin), 4 Contraindications
opioids × benzodiazepines | major | Profound sedation, respiratory depression, death | USPI OxyContin (oxycodone), boxed warning; FDA Drug Safety Communication of 31 August 2016
opioids × sedative-hypnotics | major | Profound sedation, respiratory depression | USPI OxyContin (oxycodone), 7 Drug Interactions: benzodiazepines and other CNS depressants
opioids × muscle-relaxants | major | Respiratory depression | USPI OxyContin (oxycodone), 7 Drug Interactions: muscle relaxants
opioids × gabapentinoids | major | Respiratory depression | FDA Drug Safety Communication of 19 December 2019 (gabapentin, pregabalin); USPI Neurontin (gabapentin), 7
opioids × barbiturates | major | Profound sedation, respiratory depression | USPI OxyContin (oxycodone), 7 Drug Interactions: benzodiazepines and other CNS depressants
opioids × opioid-antagonists | contraindicated | Acute opioid withdrawal | USPI Vivitrol (naltrexone), 4 Contraindications
opioids × partial-opioid-agonists | major | Less analgesia, withdrawal | USPI OxyContin (oxycodone), 7 Drug Interactions: mixed agonist/antagonist and partial agonist opioids
cyp3a4-opioids × strong-cyp3a4-inhibitors | major | Opioid exposure rises: fatal respiratory depression | USPI Duragesic (fentanyl), boxed warning: CYP3A4 interaction
cyp3a4-opioids × strong-cyp-inducers | moderate | Opioid exposure falls: pain or withdrawal | USPI OxyContin (oxycodone), 7 Drug Interactions: CYP3A4 inducers
cyp2d6-opioids × strong-cyp2d6-inhibitors | moderate | Less active metabolite, or seizures (tramadol) | USPI Ultram (tramadol), 7 Drug Interactions: inhibitors of CYP2D6
benzodiazepines × sedative-hypnotics | moderate | Additive sedation | USPI Ambien (zolpidem), 7 Drug Interactions: CNS-active drugs
cyp3a4-benzodiazepines × strong-cyp3a4-inhibitors | contraindicated | Profound, prolonged sedation | USPI Xanax (alprazolam), 4 Contraindications (ketoconazole, itraconazole)
tizanidine × strong-cyp1a2-inhibitors | contraindicated | Severe hypotension, sedation | USPI Zanaflex (tizanidine), 4 Contraindications
theophylline × strong-cyp1a2-inhibitors | major | Theophylline toxicity | USPI Cipro (ciprofloxacin), 7 Drug Interactions; USPI Luvox (fluvoxamine), 7
clozapine × strong-cyp1a2-inhibitors | major | Clozapine exposure rises | USPI Clozaril (clozapine), 7 Drug Interactions: strong CYP1A2 inhibitors
clozapine × carbamazepine | major | Agranulocytosis; clozapine exposure falls | USPI Clozaril (clozapine), 7 Drug Interactions: strong CYP3A4 inducers
carbamazepine × macrolides | major | Carbamazepine toxicity | USPI Tegretol (carbamazepine), Precautions: CYP3A4 inhibitors
carbamazepine × azole-antifungals | major | Carbamazepine toxicity | USPI Tegretol (carbamazepine), Precautions: CYP3A4 inhibitors
carbamazepine × maois | contraindicated | Structurally a tricyclic | USPI Tegretol (carbamazepine), Contraindications
valproates × carbapenems | major | Valproate falls below effect: seizures | USPI Merrem (meropenem), 5 Warnings and 7 Drug Interactions: valproic acid
valproates × lamotrigine | major | Lamotrigine exposure doubles: serious rash | USPI Lamictal (lamotrigine), boxed warning
lithium × thiazides | major | Lithium toxicity | USPI Lithobid (lithium), 7 Drug Interactions: diuretics
lithium × loop-diuretics | moderate | Lithium toxicity | USPI Lithobid (lithium), 7 Drug Interactions: diuretics
lithium × ace-inhibitors | major | Lithium toxicity | USPI Lithobid (lithium), 7 Drug Interactions: renin-angiotensin system antagonists
lithium × arbs | major | Lithium toxicity | USPI Lithobid (lithium), 7 Drug Interactions: renin-angiotensin system antagonists
lithium × non-aspirin-nsaids | major | Lithium toxicity | USPI Lithobid (lithium), 7 Drug Interactions: NSAIDs
class-iii-antiarrhythmics × qt-prolongers | major | QT prolongation, torsades de pointes | USPI Cordarone (amiodarone), Precautions: drug interactions; USPI Avelox (moxifloxacin), 5 Warnings: QT prolongation
class-ia-antiarrhythmics × qt-prolongers | major | QT prolongation, torsades de pointes | USPI Avelox (moxifloxacin), 5 Warnings: QT prolongation; USPI Zithromax (azithromycin), 5
ziprasidone × qt-prolongers | contraindicated | QT prolongation, torsades de pointes | USPI Geodon (ziprasidone), 4 Contraindications
pimozide × qt-prolongers | contraindicated | QT prolongation, torsades de pointes | USPI Orap (pimozide), Contraindications
thioridazine × qt-prolongers | contraindicated | QT prolongation, torsades de pointes | USPI thioridazine, Contraindications
citalopram × qt-prolongers | major | QT prolongation | USPI Celexa (citalopram), 5 Warnings: QT prolongation
methadone × qt-prolongers | major | QT prolongation | USPI Dolophine (methadone), 7 Drug Interactions: potentially arrhythmogenic agents
ondansetron × qt-prolongers | moderate | QT prolongation | USPI Zofran (ondansetron), 5 Warnings: QT prolongation
cholinesterase-inhibitors × anticholinergics | moderate | Each undoes the other | USPI Aricept (donepezil), 7 Drug Interactions: anticholinergics
dopamine-antagonist-antiemetics × antipsychotics | major | Extrapyramidal symptoms, neuroleptic malignant syndrome | USPI Reglan (metoclopramide), 7 Drug Interactions: antipsychotics
ssris × nsaids | moderate | Gastrointestinal bleeding | USPI Zoloft (sertraline), 7 Drug Interactions: drugs that interfere with hemostasis
snris × nsaids | moderate | Gastrointestinal bleeding | USPI Cymbalta (duloxetine), 7 Drug Interactions: drugs that interfere with hemostasis
neuromuscular-blockers × aminoglycosides | major | Prolonged paralysis | USPI Zemuron (rocuronium), 7 Drug Interactions: antibiotics
`)
