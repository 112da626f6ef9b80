import { ingredients } from './ingredient.ts'

/** Heart, vessels, blood and lipids. RxCUI | name | classes | other names and brands */
export const cardiovascular = ingredients(`
11289   | warfarin             | vitamin-k-antagonists anticoagulants | coumadin, jantoven
5224    | heparin              | heparins anticoagulants | heparin sodium, heparin porcine
67108   | enoxaparin           | heparins anticoagulants | lovenox, clexane, inhixa
67109   | dalteparin           | heparins anticoagulants | fragmin
321208  | fondaparinux         | heparins anticoagulants | arixtra
1364430 | apixaban             | factor-xa-inhibitors doacs anticoagulants | eliquis
1114195 | rivaroxaban          | factor-xa-inhibitors doacs anticoagulants | xarelto
1599538 | edoxaban             | factor-xa-inhibitors doacs anticoagulants | savaysa, lixiana
1037042 | dabigatran etexilate | doacs anticoagulants | dabigatran, pradaxa
8410    | alteplase            | thrombolytics | activase
1191    | aspirin              | salicylates nsaids antiplatelets | acetylsalicylic acid, asa, ecotrin, aspirin ec
32968   | clopidogrel          | p2y12-inhibitors antiplatelets | plavix
613391  | prasugrel            | p2y12-inhibitors antiplatelets | effient
1116632 | ticagrelor           | p2y12-inhibitors antiplatelets cyp3a4-contraindicated | brilinta, brilique
3521    | dipyridamole         | antiplatelets | persantine
21107   | cilostazol           | antiplatelets | pletal
29046   | lisinopril           | ace-inhibitors | zestril, prinivil
3827    | enalapril            | ace-inhibitors | vasotec
1998    | captopril            | ace-inhibitors | capoten
35296   | ramipril             | ace-inhibitors | altace, tritace
18867   | benazepril           | ace-inhibitors | lotensin
35208   | quinapril            | ace-inhibitors | accupril
54552   | perindopril          | ace-inhibitors | aceon, coversyl
50166   | fosinopril           | ace-inhibitors | monopril
38454   | trandolapril         | ace-inhibitors | mavik
52175   | losartan             | arbs | cozaar
69749   | valsartan            | arbs | diovan
83818   | irbesartan           | arbs | avapro
214354  | candesartan          | arbs | atacand
321064  | olmesartan           | arbs | benicar
73494   | telmisartan          | arbs | micardis
325646  | aliskiren            | renin-inhibitors | tekturna
1656328 | sacubitril           | neprilysin-inhibitors | entresto=sacubitril+valsartan
9997    | spironolactone       | potassium-sparing-diuretics | aldactone
298869  | eplerenone           | potassium-sparing-diuretics cyp3a4-contraindicated | inspra
10763   | triamterene          | potassium-sparing-diuretics | dyrenium
644     | amiloride            | potassium-sparing-diuretics | midamor
8591    | potassium chloride   | potassium-supplements | klor con, k dur, slow k, sando k, kay cee l, potassium bicarbonate, potassium citrate, potassium supplement
5487    | hydrochlorothiazide  | thiazides non-antibiotic-sulfonamides | hctz, microzide
2409    | chlorthalidone       | thiazides non-antibiotic-sulfonamides | chlortalidone, thalitone
5764    | indapamide           | thiazides non-antibiotic-sulfonamides | lozol
6916    | metolazone           | thiazides non-antibiotic-sulfonamides | zaroxolyn
4603    | furosemide           | loop-diuretics non-antibiotic-sulfonamides | frusemide, lasix
1808    | bumetanide           | loop-diuretics non-antibiotic-sulfonamides | bumex
38413   | torsemide            | loop-diuretics non-antibiotic-sulfonamides | torasemide, demadex
6918    | metoprolol           | beta-blockers cyp2d6-beta-blockers | lopressor, toprol, toprol xl, betaloc
1202    | atenolol             | beta-blockers | tenormin
19484   | bisoprolol           | beta-blockers | zebeta, cardicor, emcor
31555   | nebivolol            | beta-blockers cyp2d6-beta-blockers | bystolic
8787    | propranolol          | beta-blockers nonselective-beta-blockers cyp2d6-beta-blockers | inderal
7226    | nadolol              | beta-blockers nonselective-beta-blockers | corgard
10600   | timolol              | beta-blockers nonselective-beta-blockers cyp2d6-beta-blockers | timoptic
20352   | carvedilol           | beta-blockers nonselective-beta-blockers cyp2d6-beta-blockers | coreg
6185    | labetalol            | beta-blockers nonselective-beta-blockers | trandate
9947    | sotalol              | beta-blockers nonselective-beta-blockers class-iii-antiarrhythmics qt-prolongers | betapace
17767   | amlodipine           | dihydropyridines | norvasc
7417    | nifedipine           | dihydropyridines | procardia, adalat
4316    | felodipine           | dihydropyridines | plendil
3443    | diltiazem            | non-dhp-calcium-blockers moderate-cyp3a4-inhibitors | cardizem, tiazac
11170   | verapamil            | non-dhp-calcium-blockers moderate-cyp3a4-inhibitors p-gp-inhibitors | calan, isoptin
3407    | digoxin              | cardiac-glycosides | lanoxin
703     | amiodarone           | class-iii-antiarrhythmics qt-prolongers cyp2c9-inhibitors p-gp-inhibitors ritonavir-contraindicated | cordarone, pacerone, cordarone x
233698  | dronedarone          | class-iii-antiarrhythmics qt-prolongers p-gp-inhibitors moderate-cyp3a4-inhibitors cyp3a4-contraindicated | multaq
49247   | dofetilide           | class-iii-antiarrhythmics qt-prolongers | tikosyn
9068    | quinidine            | class-ia-antiarrhythmics qt-prolongers strong-cyp2d6-inhibitors p-gp-inhibitors ritonavir-contraindicated |
8700    | procainamide         | class-ia-antiarrhythmics qt-prolongers |
4441    | flecainide           | class-ic-antiarrhythmics qt-prolongers ritonavir-contraindicated | tambocor
8754    | propafenone          | class-ic-antiarrhythmics ritonavir-contraindicated | rythmol
4917    | nitroglycerin        | nitrates | glyceryl trinitrate, nitrostat, nitrolingual, gtn, nitrolingual spray
6058    | isosorbide dinitrate | nitrates | isordil
-       | isosorbide mononitrate | nitrates | imdur, ismo, monomil, elantan
5470    | hydralazine          | | apresoline
2599    | clonidine            | central-alpha2-agonists | catapres
49276   | doxazosin            | alpha-blockers | cardura
37798   | terazosin            | alpha-blockers | hytrin
77492   | tamsulosin           | alpha-blockers cyp3a4-sensitive | flomax
36567   | simvastatin          | statins cyp3a4-statins | zocor, simvador
83367   | atorvastatin         | statins | lipitor
6472    | lovastatin           | statins cyp3a4-statins | mevacor
42463   | pravastatin          | statins | pravachol
301542  | rosuvastatin         | statins | crestor
41127   | fluvastatin          | statins | lescol
4719    | gemfibrozil          | fibrates cyp2c8-inhibitors | lopid
8703    | fenofibrate          | fibrates | tricor
341248  | ezetimibe            | | zetia
`)
