/** What ranges distinguish. */
export type Sex = 'male' | 'female'

/**
 * Everyday words of several languages, as people write them into a form. The database reads the same words (`sex_of`) for the
 * patient's `sex`; a word is added in both places.
 */
export const sexWords: Readonly<Record<Sex | 'other', readonly string[]>> = {
  male: ['male', 'm', 'man', 'boy', 'männlich', 'maennlich', 'mann', 'junge', 'masculin', 'masculino', 'maschio']
    .concat([
      'homme',
      'hombre',
      'garçon',
      'varón',
      'varon',
      'uomo',
      'mannelijk',
      'mężczyzna',
      'мужской',
      'муж',
      'чоловік',
    ])
    .concat(['erkek', 'ذكر', '男', '男性', '남', '남성', 'पुरुष', 'nam']),
  female: ['female', 'f', 'w', 'woman', 'girl', 'weiblich', 'frau', 'mädchen', 'féminin', 'feminin', 'feminino']
    .concat(['femenino', 'femme', 'fille', 'mujer', 'mulher', 'femmina', 'donna', 'vrouw', 'vrouwelijk', 'kobieta'])
    .concat(['женский', 'жен', 'жінка', 'kadın', 'أنثى', '女', '女性', '여', '여성', 'महिला', 'nữ']),
  other: ['other', 'x', 'd', 'divers', 'diverse', 'nonbinary', 'non-binary', 'intersex', 'indeterminate', 'ambiguous'],
}

const byWord = new Map(
  Object.entries(sexWords).flatMap(([sex, spelt]) => spelt.map((word) => [word, sex as keyof typeof sexWords])),
)

/** The sex that a patient's gender says, as it was typed; `unknown` for a word that is none of ours. */
export const sexOf = (gender: string | null): Sex | 'other' | 'unknown' =>
  byWord.get(gender?.normalize('NFC').trim().toLowerCase().replace(/\.$/, '') ?? '') ?? 'unknown'
