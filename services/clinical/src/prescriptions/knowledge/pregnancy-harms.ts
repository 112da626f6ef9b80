import { type Opened, parseOpened, type Severity } from './interaction.ts'

/** A substance, or a class, that harms a child that is not born or is breast-fed. */
export interface PregnancyRule {
  subject: string
  state: 'pregnant' | 'breast_feeding'
  /** From this completed week of pregnancy on; 0: all of it. */
  fromWeek: number
  severity: Severity
  effect: string
  source: string
  /** null: unverified. */
  opened: Opened | null
}

const sources: Readonly<Record<string, string>> = {
  prescrire:
    'https://english.prescrire.org/en/81/168/48694/0/2013/ArchiveNewsDetails.aspx?page=2 Pregnancy: drugs to avoid:',
  teratogens:
    'https://www.medicalvocabulary.org/term/drugsduringpregnancydangerous?r=1779222664 drugs that are capable of acting as teratogens include:',
  avoid:
    'https://www.wellbeingforwomen.com/pregnancy_topics/pregnancy-advice/drugs/ drugs to avoid during pregnancy, absolute risk:',
  merck:
    'https://merckmanuals.com/professional/multimedia/table/some-medications-contraindicated-for-breastfeeding-mothers contraindicated for breastfeeding mothers:',
  lactation:
    'https://intheloop.ph/2019/01/14/drug-safety-alert-drugs-contraindicated-in-breastfeeding/ drugs that are contraindicated in breastfeeding:',
  aap: 'https://jbrkids.com/category/child-safety/ FDA:',
  pharmacy: 'http://helwanpharmacy.blogspot.com/2010/07/drugs-contraindicated-during-lactation.html',
}

function pregnancyRule(line: string): PregnancyRule {
  const [subject = '', state, week, severity, effect = '', source = '', opened = ''] = line
    .split('|')
    .map((cell) => cell.trim())
  const [short = '', ...passage] = opened.split(' ')
  const address = sources[short]
  return {
    subject,
    state: state === 'breast' ? 'breast_feeding' : 'pregnant',
    fromWeek: Number(week),
    severity: severity as Severity,
    effect,
    source,
    opened: parseOpened(address === undefined ? opened : `${address} ${passage.join(' ')}`),
  }
}

/** subject | pregnant or breast | from week | severity | effect | source | unverified, or a short name and the passage */
export const pregnancyRules: readonly PregnancyRule[] = `
isotretinoin | pregnant | 0 | contraindicated | malformations | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Acitretin, adapalene, alitretinoin, isotretinoin and tretinoin are retinoids"
acitretin | pregnant | 0 | contraindicated | malformations | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Acitretin, adapalene, alitretinoin, isotretinoin and tretinoin are retinoids"
alitretinoin | pregnant | 0 | contraindicated | malformations | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Acitretin, adapalene, alitretinoin, isotretinoin and tretinoin are retinoids"
vitamin-k-antagonists | pregnant | 0 | contraindicated | malformations, bleeding | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Vitamin K antagonists such as acenocoumarol, warfarin and fluindione can cause birth defects and fetal haemorrhage"
misoprostol | pregnant | 0 | contraindicated | abortion, malformations | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Misoprostol … should not be used in patients who are or might be pregnant"
carbimazole | pregnant | 0 | major | malformations | Medical dictionary, drugs during pregnancy, dangerous | teratogens "carbimazole/methimazole"
valproic acid | pregnant | 0 | contraindicated | malformations, impaired development | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Valproic acid … can expose the unborn child to serious adverse effects"
ace-inhibitors | pregnant | 0 | contraindicated | failure of the kidneys, malformations | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Angiotensin Converting Enzyme (ACE) inhibitors, angiotensin II receptor blockers (alias sartans), or aliskiren can expose the fetus to serious"
arbs | pregnant | 0 | contraindicated | failure of the kidneys | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Angiotensin Converting Enzyme (ACE) inhibitors, angiotensin II receptor blockers (alias sartans), or aliskiren can expose the fetus to serious"
aliskiren | pregnant | 0 | contraindicated | failure of the kidneys | Prescrire 2013, pregnancy: drugs to avoid | prescrire "Angiotensin Converting Enzyme (ACE) inhibitors, angiotensin II receptor blockers (alias sartans), or aliskiren can expose the fetus to serious"
sacubitril | pregnant | 0 | contraindicated | failure of the kidneys (it is given with valsartan) | USPI Entresto, Boxed Warning | unverified
methotrexate | pregnant | 0 | contraindicated | abortion, malformations | Wellbeing for Women, drugs to avoid during pregnancy | avoid "Cytotoxic: Busulphan, cyclophosphamide, methotrexate"
amiodarone | pregnant | 0 | major | thyroid of the child | Wellbeing for Women, drugs to avoid during pregnancy | avoid "Losartan, amiodarone"
tetracyclines | pregnant | 0 | major | teeth and bones of the child | Medical dictionary, drugs during pregnancy, dangerous | teratogens "Antibiotics tetracycline (ACHROMYCIN), and doxycycline (VIBRAMYCIN)"
phenytoin | pregnant | 0 | major | malformations | Medical dictionary, drugs during pregnancy, dangerous | teratogens "phenytoin (DILATIN)"
carbamazepine | pregnant | 0 | major | malformations | Medical dictionary, drugs during pregnancy, dangerous | teratogens "carbamazepine (TEGRETOL)"
lithium | pregnant | 0 | major | malformations of the heart | Medical dictionary, drugs during pregnancy, dangerous | teratogens "Anti-depressant drug lithium (ESKALITH, LITHOB)"
methimazole | pregnant | 0 | major | malformations | Medical dictionary, drugs during pregnancy, dangerous | teratogens "carbimazole/methimazole"
statins | pregnant | 0 | major | not meant in pregnancy | US prescribing information of statins before 2021, as quoted | https://www.authorea.com/users/435654/articles/538525/download_zip "Statins … Contraindicated, with recent shift to labeling it as being safe by the FDA"
nsaids | pregnant | 28 | major | closure of the ductus arteriosus, kidneys of the child | Wellbeing for Women, drugs to avoid during pregnancy | avoid "NSAIDs (3rd trimester), COX-2 inhibitors"
trimethoprim | pregnant | 0 | moderate | folate antagonist in the first months | Wellbeing for Women, drugs to avoid during pregnancy | avoid "trimethroprim (1st trimester)"
fluconazole | pregnant | 0 | major | malformations by high doses | Wellbeing for Women, drugs to avoid during pregnancy | avoid "Griseofulvin, ketoconazole, fluconazole, itraconazole, terbinafine"
topiramate | pregnant | 0 | major | clefts | USPI topiramate, 8.1 | unverified
phenobarbital | pregnant | 0 | major | malformations | SmPC phenobarbital, 4.6 | unverified
paroxetine | pregnant | 0 | moderate | malformations of the heart | USPI paroxetine, 8.1 | unverified
mycophenolate | pregnant | 0 | contraindicated | abortion, malformations | USPI mycophenolate, Boxed Warning | unverified
leflunomide | pregnant | 0 | contraindicated | malformations | USPI leflunomide, Boxed Warning | unverified
finasteride | pregnant | 0 | contraindicated | malformations of a male child | USPI finasteride, 4 | unverified
danazol | pregnant | 0 | contraindicated | virilisation | USPI danazol, Boxed Warning | unverified
bosentan | pregnant | 0 | contraindicated | malformations | USPI bosentan, Boxed Warning | unverified
riociguat | pregnant | 0 | contraindicated | malformations | USPI riociguat, Boxed Warning | unverified
ergotamine | pregnant | 0 | contraindicated | contractions | USPI ergotamine, Contraindications | unverified
doacs | pregnant | 0 | major | bleeding, passage to the child | SmPC of the members, 4.6 | unverified
fluoroquinolones | pregnant | 0 | moderate | joints of the child | SmPC ciprofloxacin, 4.6 | unverified
aminoglycosides | pregnant | 0 | major | hearing of the child | USPI gentamicin, Boxed Warning | unverified
dolutegravir | pregnant | 0 | minor | weigh up in the first weeks | USPI dolutegravir, 8.1 | unverified
methotrexate | breast | 0 | contraindicated | bone marrow of the child | MSD Manual, medications contraindicated for breastfeeding mothers | merck "Cytotoxic medications: Cyclophosphamide, Cyclosporine, Doxorubicin, Methotrexate"
cyclosporine | breast | 0 | major | immunosuppression of the child | MSD Manual, medications contraindicated for breastfeeding mothers | merck "Cytotoxic medications: Cyclophosphamide, Cyclosporine, Doxorubicin, Methotrexate"
amiodarone | breast | 0 | contraindicated | thyroid of the child | MSD Manual, medications contraindicated for breastfeeding mothers | merck "Amiodarone: Possible hypothyroidism"
lithium | breast | 0 | major | lithium toxicity of the child | Drug safety alert: drugs contraindicated in breastfeeding | lactation "Lithium"
isotretinoin | breast | 0 | contraindicated | retinoid in milk | Drug safety alert: drugs contraindicated in breastfeeding | lactation "Retinoids"
acitretin | breast | 0 | contraindicated | retinoid in milk | Drug safety alert: drugs contraindicated in breastfeeding | lactation "Retinoids"
codeine | breast | 0 | contraindicated | respiratory depression of the child | FDA Drug Safety Communication, 20 April 2017 | aap "Mothers should not breastfeed when taking codeine or tramadol"
tramadol | breast | 0 | contraindicated | respiratory depression of the child | FDA Drug Safety Communication, 20 April 2017 | aap "Mothers should not breastfeed when taking codeine or tramadol"
misoprostol | breast | 0 | moderate | diarrhoea of the child | Drugs contraindicated during lactation | pharmacy "Misoprostol: produces severe diarrhoea in infants"
bromocriptine | breast | 0 | major | no milk | Drugs contraindicated during lactation | pharmacy "Bromocriptine: suppresses lactation"
ergotamine | breast | 0 | major | vomiting, convulsions of the child | Drugs contraindicated during lactation | pharmacy "Ergotamine: potential for suppressing lactation, vomiting, diarrhoea and convulsions"
phenindione | breast | 0 | contraindicated | bleeding of the child | Drugs contraindicated during lactation | pharmacy "Phenindione: massive scrotal haematoma and wound oozing after herniotomy"
`
  .split('\n')
  .filter((line) => line.includes('|'))
  .map(pregnancyRule)
