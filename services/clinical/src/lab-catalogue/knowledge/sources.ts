/** A publication that was opened while the catalogue was written. */
interface OpenedSource {
  title: string
  address: string
}

/**
 * Where the figures were read, by a short name. Critical limits that a source states as "at or beyond" are met beyond, as
 * all limits here are. Only the beginning of some pages could be read: what is not named here was not.
 */
export const sources = {
  wikipedia: {
    title:
      'Wikipedia, Reference ranges for blood tests, May 2026, its tables as data; where it gives several figures, one pair of them',
    address: 'https://github.com/yamshchikoff/dietology (data/lab-reference-ranges.json)',
  },
  oxford: {
    title: 'Oxford Index, tables 2.1 Everyday tests and 2.2 Blood gases',
    address: 'http://oxfordindex.oup.com/view/10.1093/oi/authority.20110803095506792',
  },
  dorset: {
    title:
      'University Hospitals Dorset, Haematology, test repertoire and reference ranges: adults, 1 year, 2–6 and 6–12 years',
    address: 'https://www.uhd.nhs.uk/services/pathology/haematology/test-repertoire-and-reference-ranges',
  },
  eastbourne: {
    title:
      'Conquest Hospital and Eastbourne District General Hospital, Clinical Biochemistry reference ranges, BIJ 011',
    address: 'https://documents.pub/download/biochemistry-55844cc76e7c6.html',
  },
  'whipps-cross': {
    title: 'Whipps Cross Hospital, Blood test reference ranges for children, 2010: neonate, infant, child',
    address: 'https://info.5y1.org/high-white-blood-count-mean-in-elderly_1_69b938.html',
  },
  'neonatal-biochemistry': {
    title: 'Ayling and Bowron, Neonatal biochemical reference ranges, table A6.1, term infants',
    address: 'https://obgynkey.com/neonatal-biochemical-reference-ranges/',
  },
  clinicalpub: {
    title:
      'Normal values, table C-1: serum magnesium, calcium and phosphate in the first month of life, reference range',
    address: 'https://clinicalpub.com/normal-values',
  },
  oamjms: {
    title:
      'Ringoringo, Reference range of complete blood count in healthy term newborns 1 week after birth, P2.5–P97.5',
    address: 'https://oamjms.eu/index.php/mjms/article/view/7781',
  },
  'pregnancy-intervals': {
    title: 'Reference intervals in pregnancy; the span of its three trimesters, haemoglobin from 105 g/L',
    address:
      'https://medilib.ir/uptodate/show/81137 (haemoglobin thresholds: https://labreadai.com/en/tests/pregnancy-panel)',
  },
  'jcm-2023': {
    title: 'J Clin Med 2023;12:6405, table 1, reference values before pregnancy',
    address: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC10573933/table/jcm-12-06405-t001/',
  },
  'exercise-reports': {
    title: 'Blood test: hematology values in human physiology and medicine, rows Coagulation',
    address: 'http://www.exercisereports.com/2007/11/01/blood-test-hematology-values-in-human-physiology-and-medicine/',
  },
  ccjm: {
    title: 'Changes in laboratory values in pregnancy, row Urine protein: more than 300 mg in 24 hours',
    address: 'https://ccjmprodcopy-stage.highwire.org/highwire/markup/10669/expansion',
  },
  hba1c: {
    title: 'Normal haemoglobin A1c: between 4 % and 5.6 % without diabetes (after CDC and Mayo Clinic)',
    address: 'https://neeva.com/massets/ask-neeva/normal-aic-for-diabetes.html',
  },
  wakemed: {
    title: 'WakeMed, Critical values, tables Chemistry, Hematology and Coagulation, Drugs, Blood gas, Microbiology',
    address: 'http://www.wakemed.org/body.cfm?id=165',
  },
  citilab: { title: 'Citilab, Panic values', address: 'https://citilab.org.pk/panic-values' },
  houston: { title: 'Houston Methodist, Critical values', address: 'https://houstonmethodist.org/critical-values' },
  uci: {
    title: 'UC Irvine, Critical values for adults and pediatrics',
    address: 'http://pathology.uci.edu/services/adults-pediatrics.asp',
  },
  mainline: {
    title: 'Main Line Health, Critical values for general laboratory tests',
    address:
      'https://site-dr.mainlinehealth.org/specialties/pathology/services-for-health-care-professionals/critical-values',
  },
  barnsley: {
    title: 'Barnsley Hospital, Critical results, Haematology, inpatients',
    address: 'https://barnsleyhospital.nhs.uk/node/332/printable/print',
  },
  melbourne: {
    title: 'Royal Melbourne Hospital, Critical results notification',
    address: 'https://www.thermh.org.au/health-professionals/clinical-services/pathology/critical-results-notification',
  },
  'scientific-reports': {
    title: 'Sci Rep 2024;14:11520, table 1, blood drug concentrations: reference range (adult) and critical value',
    address: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC11106295/table/Tab1',
  },
  liverpool: {
    title: 'Royal Liverpool and Broadgreen, Therapeutic drug information (national harmonised ranges)',
    address: 'https://pathlabs.rlbuht.nhs.uk/chmtdm.htm',
  },
  medscape: {
    title: 'Medscape, Therapeutic drug levels, table 1',
    address: 'https://emedicine.medscape.com/article/2172048-print',
  },
  perinatology: {
    title: 'Perinatology.com, Therapeutic drug levels, toxic range',
    address: 'http://perinatology.com/Reference/OBPharmacopoeia-Public/DrugLevels.htm',
  },
} as const satisfies Readonly<Record<string, OpenedSource>>

export type SourceName = keyof typeof sources

/**
 * What all rows share. Codes and their long names: the mapping of MIMIC-IV's laboratory items to LOINC, and a list made from
 * the National Library of Medicine's tables. Codes in other units, and molar masses to three digits: the factors of the LOINC
 * conversion table, and for BUN 0.357 mmol/L of urea per mg/dL.
 */
export const sourcesOfCodes: readonly OpenedSource[] = [
  {
    title: 'MIT Laboratory for Computational Physiology, d_labitems_to_loinc',
    address: 'https://github.com/MIT-LCP/mimic-code (mimic-iv/mapping/d_labitems_to_loinc.csv)',
  },
  {
    title: 'LOINC codes from the Clinical Tables of the National Library of Medicine',
    address: 'https://github.com/osa458/emr-ai (data/loinc/loinc-codes.json)',
  },
  {
    title: 'MIRACUM loinc-conversion, conversion table',
    address: 'https://github.com/miracum/loinc-conversion (data/conversion.tsv)',
  },
  {
    title: 'AHRQ HCUP, LOINC code worksheet (codes of arterial blood)',
    address: 'https://hcup-us.ahrq.gov/datainnovations/clinicaldata/AppendixK_2LOINCCodesMap.jsp',
  },
  {
    title: 'Clinical Diagnostic Lab, Basic metabolic panel, components (carbon dioxide, anion gap)',
    address: 'https://www.clinicaldiagnosticlab.com/basic-metabolic-panel',
  },
  {
    title: 'Systeme Internationale units, row Urea nitrogen',
    address: 'http://ecoursesonline.iasri.res.in/mod/page/view.php?id=53457',
  },
  {
    title: 'LOINC panels among the laboratory tests for hypertension, value set 2.16.840.1.113883.3.600.1482',
    address: 'eCQM value sets, update of 6 May 2021, as published with clinical quality measure CMS22',
  },
]
