import { ingredients } from './ingredient.ts'

/** Pain, mind, sleep, seizures, anaesthesia. RxCUI | name | classes | other names and brands */
export const nervousSystem = ingredients(`
161     | acetaminophen        | | paracetamol, apap, tylenol
5640    | ibuprofen            | nsaids non-aspirin-nsaids nonselective-nsaids | advil, motrin, nurofen, brufen
7258    | naproxen             | nsaids non-aspirin-nsaids nonselective-nsaids | naproxen sodium, aleve, naprosyn, anaprox
3355    | diclofenac           | nsaids non-aspirin-nsaids nonselective-nsaids | voltaren, cataflam, voltarol
5781    | indomethacin         | nsaids non-aspirin-nsaids nonselective-nsaids | indometacin, indocin
35827   | ketorolac            | nsaids non-aspirin-nsaids nonselective-nsaids | toradol
41493   | meloxicam            | nsaids non-aspirin-nsaids nonselective-nsaids | mobic
8356    | piroxicam            | nsaids non-aspirin-nsaids nonselective-nsaids | feldene
24605   | etodolac             | nsaids non-aspirin-nsaids nonselective-nsaids | lodine
31448   | nabumetone           | nsaids non-aspirin-nsaids nonselective-nsaids | relafen
140587  | celecoxib            | nsaids non-aspirin-nsaids non-antibiotic-sulfonamides | celebrex
7804    | oxycodone            | opioids cyp3a4-opioids phenanthrene-opioids | oxycontin, percocet=oxycodone+acetaminophen
5489    | hydrocodone          | opioids cyp3a4-opioids phenanthrene-opioids | vicodin=hydrocodone+acetaminophen, norco=hydrocodone+acetaminophen
7052    | morphine             | opioids phenanthrene-opioids | ms contin
2670    | codeine              | opioids cyp2d6-opioids phenanthrene-opioids | tylenol 3=codeine+acetaminophen
4337    | fentanyl             | opioids cyp3a4-opioids serotonergic-opioids serotonergic-drugs | duragesic
6754    | meperidine           | opioids serotonergic-opioids serotonergic-drugs | pethidine, demerol
6813    | methadone            | opioids serotonergic-opioids qt-prolongers serotonergic-drugs cyp3a4-opioids | dolophine
3423    | hydromorphone        | opioids phenanthrene-opioids | dilaudid
73032   | remifentanil         | opioids | ultiva
10689   | tramadol             | opioids serotonergic-opioids cyp2d6-opioids serotonergic-drugs | ultram, zydol, zamadol
787390  | tapentadol           | opioids serotonergic-opioids serotonergic-drugs | nucynta
1819    | buprenorphine        | partial-opioid-agonists phenanthrene-opioids | butrans, suboxone=buprenorphine+naloxone
7242    | naloxone             | | narcan
7243    | naltrexone           | opioid-antagonists | vivitrol, nalorex, adepend
596     | alprazolam           | benzodiazepines cyp3a4-benzodiazepines | xanax
6470    | lorazepam            | benzodiazepines | ativan
3322    | diazepam             | benzodiazepines | valium
2598    | clonazepam           | benzodiazepines | klonopin
6960    | midazolam            | benzodiazepines cyp3a4-benzodiazepines | versed
10355   | temazepam            | benzodiazepines | restoril
10767   | triazolam            | benzodiazepines cyp3a4-benzodiazepines | halcion
39993   | zolpidem             | sedative-hypnotics | ambien
461016  | eszopiclone          | sedative-hypnotics | lunesta
25480   | gabapentin           | gabapentinoids | neurontin
187832  | pregabalin           | gabapentinoids | lyrica
2101    | carisoprodol         | muscle-relaxants | soma
21949   | cyclobenzaprine      | muscle-relaxants tricyclic-like serotonergic-drugs | flexeril
1292    | baclofen             | muscle-relaxants | lioresal
57258   | tizanidine           | muscle-relaxants central-alpha2-agonists cyp1a2-substrates | zanaflex
4493    | fluoxetine           | ssris serotonergic-antidepressants strong-cyp2d6-inhibitors serotonergic-drugs | prozac, oxactin
36437   | sertraline           | ssris serotonergic-antidepressants serotonergic-drugs | zoloft, lustral
32937   | paroxetine           | ssris serotonergic-antidepressants strong-cyp2d6-inhibitors serotonergic-drugs | paxil, seroxat
2556    | citalopram           | ssris serotonergic-antidepressants qt-prolongers serotonergic-drugs | celexa, cipramil
321988  | escitalopram         | ssris serotonergic-antidepressants qt-prolongers serotonergic-drugs | lexapro, cipralex
42355   | fluvoxamine          | ssris serotonergic-antidepressants strong-cyp1a2-inhibitors moderate-cyp3a4-inhibitors cyp2c19-inhibitors serotonergic-drugs | luvox, faverin
39786   | venlafaxine          | snris serotonergic-antidepressants qt-possible serotonergic-drugs | effexor, efexor
734064  | desvenlafaxine       | snris serotonergic-antidepressants serotonergic-drugs | pristiq
72625   | duloxetine           | snris serotonergic-antidepressants serotonergic-drugs | cymbalta
704     | amitriptyline        | tricyclics tricyclic-like anticholinergics serotonergic-drugs | elavil
7531    | nortriptyline        | tricyclics tricyclic-like anticholinergics serotonergic-drugs | pamelor
5691    | imipramine           | tricyclics tricyclic-like anticholinergics serotonergic-drugs | tofranil
2597    | clomipramine         | tricyclics tricyclic-like anticholinergics serotonergic-drugs | anafranil
3638    | doxepin              | tricyclics tricyclic-like anticholinergics serotonergic-drugs | sinequan
8123    | phenelzine           | maois nonselective-maois | nardil
10734   | tranylcypromine      | maois nonselective-maois | parnate
6011    | isocarboxazid        | maois nonselective-maois | marplan
9639    | selegiline           | maois mao-b-inhibitors | emsam, eldepryl
134748  | rasagiline           | maois mao-b-inhibitors | azilect
10737   | trazodone            | qt-possible serotonergic-drugs serotonergic-antidepressants | desyrel
42347   | bupropion            | strong-cyp2d6-inhibitors | wellbutrin, zyban
15996   | mirtazapine          | qt-possible serotonergic-drugs serotonergic-antidepressants | remeron, zispin
1827    | buspirone            | serotonergic-drugs | buspar
6448    | lithium              | lithium | lithium carbonate, lithobid, priadel, camcolit
5093    | haloperidol          | antipsychotics qt-prolongers dopamine-blocking-antipsychotics | haldol
51272   | quetiapine           | antipsychotics qt-possible cyp3a4-sensitive | seroquel
61381   | olanzapine           | antipsychotics dopamine-blocking-antipsychotics | zyprexa
35636   | risperidone          | antipsychotics cyp2d6-antipsychotics dopamine-blocking-antipsychotics | risperdal
2626    | clozapine            | antipsychotics cyp1a2-substrates | clozaril
115698  | ziprasidone          | antipsychotics qt-by-label dopamine-blocking-antipsychotics | geodon
89013   | aripiprazole         | antipsychotics cyp2d6-antipsychotics dopamine-blocking-antipsychotics | abilify
2403    | chlorpromazine       | antipsychotics qt-prolongers dopamine-blocking-antipsychotics | thorazine
10502   | thioridazine         | antipsychotics qt-prolongers dopamine-blocking-antipsychotics |
8331    | pimozide             | antipsychotics qt-prolongers dopamine-blocking-antipsychotics | orap
2002    | carbamazepine        | enzyme-inducing-antiepileptics strong-cyp-inducers tricyclic-like aromatic-antiepileptics | tegretol, carbagen
8183    | phenytoin            | enzyme-inducing-antiepileptics strong-cyp-inducers aromatic-antiepileptics | dilantin, epanutin
8134    | phenobarbital        | enzyme-inducing-antiepileptics cyp-inducers barbiturates strong-cyp-inducers aromatic-antiepileptics | phenobarbitone
8691    | primidone            | enzyme-inducing-antiepileptics cyp-inducers barbiturates strong-cyp-inducers aromatic-antiepileptics | mysoline
32624   | oxcarbazepine        | enzyme-inducing-antiepileptics aromatic-antiepileptics | trileptal
11118   | valproic acid        | valproates | valproate, divalproex, depakote, depakene, epilim, sodium valproate
28439   | lamotrigine          | | lamictal
114477  | levetiracetam        | | keppra
38404   | topiramate           | enzyme-inducing-antiepileptics | topamax
37418   | sumatriptan          | triptans serotonergic-drugs | imitrex, imigran
88014   | rizatriptan          | triptans serotonergic-drugs | maxalt
135775  | zolmitriptan         | triptans serotonergic-drugs | zomig
4025    | ergotamine           | ergots | cafergot=ergotamine+caffeine
3418    | dihydroergotamine    | ergots | migranal
1886    | caffeine             | |
135447  | donepezil            | cholinesterase-inhibitors qt-possible | aricept
4637    | galantamine          | cholinesterase-inhibitors | razadyne
183379  | rivastigmine         | cholinesterase-inhibitors | exelon
6719    | memantine            | | namenda
6901    | methylphenidate      | stimulants amphetamine-derivatives | ritalin, concerta
725     | amphetamine          | stimulants amphetamine-derivatives | adderall
8782    | propofol             | general-anesthetics propofol-emulsions | diprivan
6026    | isoflurane           | general-anesthetics volatile-anesthetics |
36453   | sevoflurane          | general-anesthetics volatile-anesthetics |
6130    | ketamine             | general-anesthetics | ketalar
68139   | rocuronium           | neuromuscular-blockers | zemuron
10154   | succinylcholine      | neuromuscular-blockers | suxamethonium, anectine
6387    | lidocaine            | amide-anesthetics | xylocaine
7407    | nicotine             | | nicoderm
`)
