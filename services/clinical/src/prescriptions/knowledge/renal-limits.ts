import { type Opened, parseOpened, type Severity } from './interaction.ts'

/** What is not for kidneys that filter less than so much. */
export interface RenalLimit {
  /** A substance or a class. */
  subject: string
  /** mL/min/1.73 m². Where the source counts creatinine clearance, the estimated rate stands for it. */
  below: number
  /** The most in a day below that rate, in mg; null: none. */
  mostDaily: number | null
  severity: Severity
  effect: string
  source: string
  /** null: unverified. */
  opened: Opened | null
}

function renalLimit(line: string): RenalLimit {
  const [subject = '', below, most, severity, effect = '', source = '', opened = ''] = line
    .split('|')
    .map((cell) => cell.trim())
  return {
    subject,
    below: Number(below),
    mostDaily: most === '-' ? null : Number(most),
    severity: severity as Severity,
    effect,
    source,
    opened: parseOpened(opened),
  }
}

/** subject | below | most in a day, mg | severity | effect | source | unverified, or an address and the passage. Worst first. */
export const renalLimits: readonly RenalLimit[] = `
metformin | 30 | - | contraindicated | lactic acidosis | ERBP and national guidelines, CKD-specific prescribing safety indicators | https://docslib.org/doc/13110770/841-ckd-specific-psis "Metformin - Avoid when GFR is <30 mL/min/1.73 m2"
metformin | 45 | 2000 | major | the dose is halved | USPI metformin, 2.4 | unverified
non-aspirin-nsaids | 30 | - | major | acute kidney injury | KDIGO guideline on chronic kidney disease, as quoted | https://www.droracle.ai/articles/611211/what-medications-should-be-avoided-in-patients-with-impaired "Avoid NSAIDs entirely in patients with GFR <30 mL/min/1.73 m² (CKD stages 4-5)"
nitrofurantoin | 45 | - | contraindicated | too little in the urine, neuropathy | MHRA and American College of Physicians, as quoted | https://www.droracle.ai/articles/392245/does-macrobid-nitrofurantoin-require-renal-dose-adjustment-in-a "should be avoided and discontinued in patients with an eGFR persistently below 45 mL/min/1.73 m²"
dabigatran etexilate | 30 | - | contraindicated | bleeding | USPI dabigatran, as quoted | https://www.droracle.ai/articles/816430/which-cardiology-medications-are-contraindicated-in-patients-with-an "Dabigatran cannot be dosed safely when CrCl <30 mL/min"
fondaparinux | 30 | - | contraindicated | bleeding | USPI fondaparinux, as quoted | https://www.droracle.ai/articles/816430/which-cardiology-medications-are-contraindicated-in-patients-with-an "Fondaparinux is absolutely contraindicated when CrCl <30 mL/min"
rivaroxaban | 15 | - | major | bleeding | SmPC rivaroxaban, 4.2 | unverified
edoxaban | 15 | - | major | bleeding | SmPC edoxaban, 4.2 | unverified
apixaban | 15 | - | major | bleeding | SmPC apixaban, 4.2 | unverified
fenofibrate | 30 | - | contraindicated | rhabdomyolysis | Micromedex, as listed in PMC6093216, table 3 | https://pmc.ncbi.nlm.nih.gov/articles/PMC6093216/table/T3 "Fenofibrate … Severe renal impairment"
gemfibrozil | 30 | - | contraindicated | rhabdomyolysis | Micromedex, as listed in PMC6093216, table 3 | https://pmc.ncbi.nlm.nih.gov/articles/PMC6093216/table/T3 "Gemfibrozil … Severe renal impairment"
amiloride | 30 | - | major | hyperkalaemia | Beers criteria, as listed in PMC6093216, table 3 | https://pmc.ncbi.nlm.nih.gov/articles/PMC6093216/table/T3 "Amiloride … Beers … CrCl <30 mL/min"
triamterene | 30 | - | major | hyperkalaemia | Beers criteria, as listed in PMC6093216, table 3 | https://pmc.ncbi.nlm.nih.gov/articles/PMC6093216/table/T3 "Triamterene … Beers … CrCl <30 mL/min"
glyburide | 30 | - | major | hypoglycaemia | KDIGO guideline on diabetes, as quoted | https://www.droracle.ai/articles/720537/what-are-the-gfr-limits-for-medication-dose-adjustments "Glyburide: Avoid entirely in renal impairment"
sitagliptin | 30 | 25 | moderate | the dose is 25 mg | KDIGO guideline on diabetes, as quoted | https://www.droracle.ai/articles/720537/what-are-the-gfr-limits-for-medication-dose-adjustments "Sitagliptin: 100 mg daily if eGFR >50; 50 mg if 30-50; 25 mg if <30"
sitagliptin | 45 | 50 | moderate | the dose is 50 mg | KDIGO guideline on diabetes, as quoted | https://www.droracle.ai/articles/720537/what-are-the-gfr-limits-for-medication-dose-adjustments "Sitagliptin: 100 mg daily if eGFR >50; 50 mg if 30-50; 25 mg if <30"
methotrexate | 30 | - | contraindicated | bone marrow failure | SmPC methotrexate, 4.3 | unverified
lithium | 30 | - | major | lithium toxicity | USPI lithium, 8.6 | unverified
aminoglycosides | 30 | - | major | harm to ears and kidneys | USPI gentamicin, Boxed Warning | unverified
spironolactone | 30 | - | major | hyperkalaemia | USPI spironolactone, 5.1 | unverified
eplerenone | 30 | - | contraindicated | hyperkalaemia | USPI eplerenone, 4 | unverified
potassium chloride | 30 | - | major | hyperkalaemia | USPI potassium chloride, 5 | unverified
gabapentin | 30 | 700 | major | sedation, falls | USPI gabapentin, 2.3 table 1 | unverified
gabapentin | 60 | 1400 | moderate | sedation, falls | USPI gabapentin, 2.3 table 1 | unverified
pregabalin | 30 | 150 | major | sedation, falls | USPI pregabalin, 2.7 table 2 | unverified
pregabalin | 60 | 300 | moderate | sedation, falls | USPI pregabalin, 2.7 table 2 | unverified
allopurinol | 20 | 200 | moderate | severe skin reactions | USPI allopurinol, Dosage | unverified
colchicine | 30 | 0.6 | major | neuromuscular toxicity | USPI colchicine, 8.6 | unverified
digoxin | 30 | 0.125 | major | digoxin toxicity | USPI digoxin, 2.5 | unverified
rosuvastatin | 30 | 10 | major | myopathy | USPI rosuvastatin, 2.6 | unverified
levofloxacin | 20 | 500 | moderate | tendons, nerves, heart rhythm | USPI levofloxacin, 2.3 | unverified
ranitidine | 50 | 150 | minor | confusion | USPI ranitidine, Dosage | unverified
baclofen | 30 | - | major | encephalopathy | SmPC baclofen, 4.4 | unverified
duloxetine | 30 | - | major | accumulation | USPI duloxetine, 5.14 | unverified
alendronate | 35 | - | moderate | not recommended | USPI alendronate, 8.6 | unverified
dofetilide | 20 | - | contraindicated | torsades de pointes | USPI dofetilide, 4 | unverified
sotalol | 40 | - | major | torsades de pointes | USPI sotalol, 4 | unverified
meperidine | 30 | - | major | seizures from its metabolite | USPI meperidine, 8.6 | unverified
magnesium hydroxide | 30 | - | major | hypermagnesaemia | USPI magnesium hydroxide | unverified
`
  .split('\n')
  .filter((line) => line.includes('|'))
  .map(renalLimit)
