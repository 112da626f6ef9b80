import { ingredients } from './ingredient.ts'

/** Hormones, lungs, allergy, stomach, cancer and the rest. RxCUI | name | classes | other names and brands */
export const otherDrugs = ingredients(`
6809    | metformin            | biguanides | glucophage
4821    | glipizide            | sulfonylureas non-antibiotic-sulfonamides | glucotrol
4815    | glyburide            | sulfonylureas non-antibiotic-sulfonamides | glibenclamide, diabeta
25789   | glimepiride          | sulfonylureas non-antibiotic-sulfonamides | amaryl
593411  | sitagliptin          | dpp4-inhibitors | januvia
33738   | pioglitazone         | cyp2c8-substrates | actos
274783  | insulin glargine     | insulins | lantus, basaglar
86009   | insulin lispro       | insulins | humalog
51428   | insulin aspart       | insulins | novolog, novorapid, fiasp
5856    | insulin              | insulins | insulin human, humulin, novolin, insulin isophane, insulin regular
475968  | liraglutide          | glp1-agonists | victoza
1991302 | semaglutide          | glp1-agonists | ozempic, wegovy
1545653 | empagliflozin        | sglt2-inhibitors | jardiance
1488564 | dapagliflozin        | sglt2-inhibitors | farxiga
10582   | levothyroxine        | thyroid-hormones | synthroid, levoxyl, thyroxine, eltroxin
6835    | methimazole          | | tapazole
8640    | prednisone           | systemic-corticosteroids | deltasone
8638    | prednisolone         | systemic-corticosteroids |
6902    | methylprednisolone   | systemic-corticosteroids | medrol
3264    | dexamethasone        | systemic-corticosteroids | decadron
5492    | hydrocortisone       | corticosteroids | cortef
41126   | fluticasone          | corticosteroids cyp3a4-corticosteroids | fluticasone propionate, flovent, flonase, advair=fluticasone+salmeterol, flixotide, flixonase, seretide=fluticasone+salmeterol, fluticasone furoate
19831   | budesonide           | corticosteroids cyp3a4-corticosteroids | pulmicort
435     | albuterol            | beta2-agonists | salbutamol, ventolin, proair, proventil
36117   | salmeterol           | beta2-agonists long-acting-beta2-agonists | serevent
25255   | formoterol           | beta2-agonists long-acting-beta2-agonists |
7213    | ipratropium          | anticholinergics | atrovent
69120   | tiotropium           | anticholinergics | spiriva
88249   | montelukast          | | singulair
10438   | theophylline         | methylxanthines cyp1a2-substrates | theo 24, aminophylline, uniphyllin, nuelin
3992    | epinephrine          | sympathomimetics | adrenaline, epipen
8896    | pseudoephedrine      | sympathomimetics oral-decongestants amphetamine-derivatives | sudafed
8163    | phenylephrine        | sympathomimetics oral-decongestants |
3498    | diphenhydramine      | sedating-antihistamines anticholinergics | benadryl
2400    | chlorpheniramine     | sedating-antihistamines anticholinergics | chlorphenamine
3642    | doxylamine           | sedating-antihistamines anticholinergics | unisom
5553    | hydroxyzine          | sedating-antihistamines anticholinergics qt-prolongers | vistaril, atarax
8745    | promethazine         | sedating-antihistamines anticholinergics | phenergan
28889   | loratadine           | antihistamines | claritin
20610   | cetirizine           | antihistamines | zyrtec
87636   | fexofenadine         | antihistamines | allegra
3289    | dextromethorphan     | serotonergic-antitussives serotonergic-drugs | robitussin dm, delsym, benylin dry coughs, benylin
32675   | oxybutynin           | anticholinergics | ditropan
119565  | tolterodine          | anticholinergics | detrol
7646    | omeprazole           | ppis cyp2c19-inhibitors | prilosec, losec
283742  | esomeprazole         | ppis cyp2c19-inhibitors | nexium
40790   | pantoprazole         | ppis | protonix
17128   | lansoprazole         | ppis | prevacid, zoton
114979  | rabeprazole          | ppis | aciphex
4278    | famotidine           | h2-blockers | pepcid
9143    | ranitidine           | h2-blockers | zantac
2541    | cimetidine           | h2-blockers cimetidine-like | tagamet
26225   | ondansetron          | qt-prolongers | zofran
6915    | metoclopramide       | dopamine-antagonist-antiemetics | reglan
1897    | calcium carbonate    | polyvalent-cations calcium-salts | tums, caltrate
-       | magnesium hydroxide  | polyvalent-cations antacids | milk of magnesia
612     | aluminum hydroxide   | polyvalent-cations antacids | maalox=aluminum hydroxide+magnesium hydroxide
24947   | ferrous sulfate      | polyvalent-cations iron-salts | iron sulfate, feosol, ferrous sulphate
9863    | sodium chloride      | | normal saline
4511    | folic acid           | | folate
11253   | vitamin d            | | cholecalciferol, ergocalciferol
46041   | alendronate          | bisphosphonates | alendronic acid, fosamax
73056   | risedronate          | bisphosphonates | actonel
-       | ibandronate          | bisphosphonates | boniva
6851    | methotrexate         | antifolates | trexall, metoject
1256    | azathioprine         | thiopurines | imuran
103     | mercaptopurine       | thiopurines | purinethol
3008    | cyclosporine         | calcineurin-inhibitors cyclosporine-like p-gp-inhibitors | ciclosporin, neoral, sandimmune, sandimmun, capimune, deximune
42316   | tacrolimus           | calcineurin-inhibitors | prograf
35302   | sirolimus            | mtor-inhibitors | rapamune
519     | allopurinol          | xanthine-oxidase-inhibitors | zyloprim, zyloric
73689   | febuxostat           | xanthine-oxidase-inhibitors | uloric
2683    | colchicine           | colchicine | colcrys
8698    | probenecid           | | benemid
9524    | sulfasalazine        | antibiotic-sulfonamides salicylates | azulfidine
136411  | sildenafil           | pde5-inhibitors | viagra, revatio
358263  | tadalafil            | pde5-inhibitors | cialis
306674  | vardenafil           | pde5-inhibitors | levitra
4124    | ethinyl estradiol    | estrogens hormonal-contraceptives | ethinylestradiol, microgynon=ethinyl estradiol+levonorgestrel, rigevidon=ethinyl estradiol+levonorgestrel
4083    | estradiol            | estrogens | estrace
24395   | estradiol valerate   | estrogens | delestrogen
6373    | levonorgestrel       | progestins hormonal-contraceptives | liletta, mirena, levora=ethinyl estradiol+levonorgestrel, seasonique=ethinyl estradiol+levonorgestrel
7514    | norethindrone        | progestins hormonal-contraceptives | norethisterone, jolivette, camila, errin
31994   | norgestimate         | progestins hormonal-contraceptives | trinessa=ethinyl estradiol+norgestimate, ortho tri cyclen=ethinyl estradiol+norgestimate
11636   | drospirenone         | progestins hormonal-contraceptives drospirenone | yaz=ethinyl estradiol+drospirenone, yasmin=ethinyl estradiol+drospirenone
14584   | etonogestrel         | progestins hormonal-contraceptives | nexplanon, nuvaring=ethinyl estradiol+etonogestrel
22968   | dienogest            | progestins hormonal-contraceptives | natazia=estradiol valerate+dienogest
-       | mestranol            | estrogens hormonal-contraceptives | norinyl=mestranol+norethindrone, norinyl 1 50=mestranol+norethindrone
6691    | medroxyprogesterone  | progestins | depo provera, provera, medroxyprogesterone acetate
10324   | tamoxifen            | selective-estrogen-receptor-modulators cyp2d6-prodrugs | nolvadex
72962   | docetaxel            | taxanes cyp3a4-taxanes | taxotere
32592   | oxaliplatin          | platinum-compounds | eloxatin
2555    | cisplatin            | platinum-compounds | platinol
6313    | leucovorin           | | folinic acid
42375   | leuprolide           | | leuprorelin, lupron
8120    | phenazopyridine      | | pyridium
258326  | st johns wort        | strong-cyp-inducers serotonergic-herbs serotonergic-drugs | st john s wort, hypericum
-       | misoprostol          | | cytotec
-       | loperamide           | | imodium
-       | carbimazole          | | neo mercazole
`)
