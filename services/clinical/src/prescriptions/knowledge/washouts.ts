import { type Opened, parseOpened } from './interaction.ts'

/** How long a drug that was stopped still counts against one that is begun. */
export interface Washout {
  /** What was stopped: a substance or a class. */
  stopped: string
  /** What is begun: a substance or a class; `*`: everything that an interaction rule names beside it. */
  begun: string
  days: number
  source: string
  /** null: unverified. */
  opened: Opened | null
}

/** The longest of all windows, in days: prescriptions that ended earlier are not looked at. */
export const longestWashoutDays = 90

/** stopped | begun | days | source | unverified, or an address and the passage */
export const washouts: readonly Washout[] = `
maois | * | 14 | Ontario Drug Benefit Formulary, therapeutic notes; USPI of the members, 4 Contraindications | https://www.formulary.health.gov.on.ca/formulary/therapeuticNotes.xhtml?drugId=02385635 "irreversible MAOI should be discontinued for 2 weeks before starting fluoxetine"
fluoxetine | maois | 35 | Ontario Drug Benefit Formulary, therapeutic notes; USPI fluoxetine, 4.1 | https://www.formulary.health.gov.on.ca/formulary/therapeuticNotes.xhtml?drugId=02385635 "Fluoxetine therapy should be discontinued for 5 weeks before starting irreversible monoamine oxidase inhibitors"
fluoxetine | reversible-maois | 35 | Patient information of Prozac | http://www.ipharmacy.com/Drug-Information/Drugs-Beginning-With-The-Letter-P/Prozac-Oral "Avoid taking MAO inhibitors (e.g. … linezolid, moclobemide …) … at least 5 weeks after your last dose of fluoxetine"
fluoxetine | pimozide | 35 | Patient information of Prozac | http://www.ipharmacy.com/Drug-Information/Drugs-Beginning-With-The-Letter-P/Prozac-Oral "should not be used with fluoxetine and for 5 weeks after your last dose of fluoxetine … pimozide, sibutramine, thioridazine"
fluoxetine | thioridazine | 35 | Patient information of Prozac | http://www.ipharmacy.com/Drug-Information/Drugs-Beginning-With-The-Letter-P/Prozac-Oral "should not be used with fluoxetine and for 5 weeks after your last dose of fluoxetine … pimozide, sibutramine, thioridazine"
serotonergic-antidepressants | maois | 14 | USPI of the members, 4 Contraindications | https://annuaire29.org/maois-antidepressant-interactions-risks-washout-rules-safer-alternatives "FDA boxed warning demands a 5-week washout after fluoxetine, 14-day washout after other SSRIs"
sacubitril | ace-inhibitors | 2 | USPI Entresto, 4 (36 hours) | unverified
ace-inhibitors | sacubitril | 2 | USPI Entresto, 4 (36 hours) | unverified
triptans | ergots | 1 | USPI of the triptans, 4 (24 hours) | unverified
ergots | triptans | 1 | USPI of the triptans, 4 (24 hours) | unverified
amiodarone | * | 90 | USPI amiodarone, 7 (half-life 15 to 142 days) | unverified
strong-cyp-inducers | * | 14 | USPI rifampin and carbamazepine, clinical pharmacology (induction lasts two weeks) | unverified
`
  .split('\n')
  .filter((line) => line.includes('|'))
  .map((line) => {
    const [stopped = '', begun = '', days, source = '', opened = ''] = line.split('|').map((cell) => cell.trim())
    return { stopped, begun, days: Number(days), source, opened: parseOpened(opened) }
  })
