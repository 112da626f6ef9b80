const times = (count: number, make: (at: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(between)

const nested = (open: string, inside: string, close: string, depth: number): string =>
  open.repeat(depth) + inside + close.repeat(depth)

/** Documents that ask a GraphQL server for much work by little text; none of them may be carried out. */
export const attackDocuments: Record<string, string> = {
  'deep fields': `{ ${nested('me { ', 'id', ' }', 4_000)} }`,
  'deep fields, never closed': '{ me '.repeat(6_000),
  'deep inline fragments': `{ ${nested('... { ', 'me { id }', ' }', 4_000)} }`,
  'a deep list': `{ me(a: ${nested('[', '1', ']', 15_000)}) { id } }`,
  'a deep list, never closed': `{ me(a: ${'['.repeat(30_000)}`,
  'a deep object': `{ me(a: ${nested('{a:', '1', '}', 7_000)}) { id } }`,
  'a deep type': `query ($a: ${nested('[', 'Int', ']', 15_000)}) { me { id } }`,
  'a wide list': `{ me(a: [${times(15_000, () => '1')}]) { id } }`,
  'many fields': `{ me { ${times(10_000, () => 'id')} } }`,
  'many unknown fields': `{ me { ${times(2_700, (at) => `unknown${at}`)} } }`,
  'many aliases': `{ me { ${times(2_500, (at) => `a${at}: id`)} } }`,
  'many aliased operations': `{ ${times(1_800, (at) => `a${at}: me { id }`)} }`,
  'many arguments': `{ me(${times(3_000, (at) => `a${at}: 1`)}) { id } }`,
  'one argument many times': `{ me(${times(6_000, () => 'a: 1')}) { id } }`,
  'one field with an argument, many times': `{ ${times(1_400, () => 'patient(id: 1) { id }')} }`,
  'one field with a long argument, many times': `{ ${times(250, () => `patient(id: [${times(50, () => '1')}]) { id }`)} }`,
  'pairs of fields in pairs of fields': `{ ${pairs(9)} }`,
  'chained fragments': chain(800),
  'a chain of fragments that leads nowhere': `${chain(800)} { ...nowhere }`,
  'fragments that double': `{ me { ...f0 } } ${times(28, (at) => `fragment f${at} on SignedInUser { ...f${at + 1} ...f${at + 1} }`)} fragment f28 on SignedInUser { nothing }`,
  'fragments that double below fields': `{ appointment(id: 1) { ...f0 } } ${times(
    28,
    (at) => `fragment f${at} on Appointment { a: patient { ...f${at + 1} } b: patient { ...f${at + 1} } }`,
  )} fragment f28 on Appointment { id }`,
  'a cycle of fragments': `{ me { ...f0 } } ${times(700, (at) => `fragment f${at} on SignedInUser { ...f${(at + 1) % 700} }`)}`,
  'a fragment that holds itself': '{ me { ...f } } fragment f on SignedInUser { id ...f ...f ...f }',
  'every fragment in every fragment': everyInEvery(45),
  'fragments nobody uses': `{ me { id } } ${times(950, (at) => `fragment f${at} on SignedInUser { id }`)}`,
  'one fragment many times': `{ me { ${times(4_000, () => '...f')} } } fragment f on SignedInUser { id name email }`,
  'many operations': times(1_200, (at) => `query q${at} { me { id } }`),
  'many nameless operations': times(2_300, () => '{ me { id } }'),
  'many directives': `{ me { id ${times(1_500, () => '@skip(if: false)')} } }`,
  'many unknown directives': `{ me { id ${times(8_000, () => '@a')} } }`,
  'many variables': `query (${times(2_500, (at) => `$v${at}: Int`)}) { me { id } }`,
  'one variable many times': `query (${times(3_000, () => '$v: Int')}) { me { id } }`,
  'undefined variables': `{ ${times(900, (at) => `a${at}: patient(id: $v${at}) { id }`)} }`,
  'a long string': `{ patients(q: "${'a'.repeat(32_000)}") { nothing } }`,
  'a string of escapes': `{ patients(q: "${'\\u{1F600}'.repeat(3_500)}") { nothing } }`,
  'a long block string': `{ patients(q: """${'\n "'.repeat(10_000)}""") { nothing } }`,
  'an unfinished string': `{ patients(q: "${'a'.repeat(32_000)}`,
  'a huge number': `{ patient(id: ${'9'.repeat(32_000)}) { id } }`,
  'a long name': `{ ${'a'.repeat(32_000)} }`,
  'suggestions for many names': `{ ${times(60, (at) => `patient${'s'.repeat(500)}${at}`)} }`,
  'many comments': `${'#\n'.repeat(15_000)}{ nothing }`,
  'one long comment': `#${'x'.repeat(32_000)}\n{ nothing }`,
  'nothing but space': ' \n\t,'.repeat(8_000),
  'commas and a letter': `{ me { nothing ${','.repeat(31_000)} } }`,
  'byte order marks': '\uFEFF'.repeat(10_000),
  'letters that are none': `{ ${'é'.repeat(15_000)} }`,
  'half of a surrogate pair': `{ patients(q: "${'\uD800'.repeat(10_000)}") { id } }`,
  'many tokens': '{'.repeat(32_000),
  'many exclamation marks': '!'.repeat(32_000),
  'many ellipses': `{ me { ${'...'.repeat(10_000)} } }`,
  'a syntax tree in place of a text': JSON.stringify({
    kind: 'Document',
    definitions: Array.from({ length: 300 }, () => ({ kind: 'OperationDefinition', operation: 'query' })),
  }),
  'null in place of a text': 'null',
  'a deep JSON list in place of a text': nested('[', '', ']', 15_000),
  'definitions of types': times(1_500, (at) => `type T${at} { a: Int }`),
  'thousands of chained fragments, 37 kB': chain(3_000, ''),
  'more than 32 kB': `{ me { id } } ${'#'.repeat(40_000)}`,
  'half a million braces': '{'.repeat(500_000),
  'introspection many times': `{ ${times(20, (at) => `a${at}: __schema { types { fields { args { name } } } }`)} }`,
  'introspection with aliases inside': `{ __schema { types { ${times(80, (at) => `a${at}: fields { args { name } }`)} } } }`,
  'introspection too deep': `{ __schema { types { ${nested('fields { type { ', 'name', ' } }', 20)} } } }`,
  'introspection that doubles': `{ __schema { types { ...f0 } } } ${times(
    20,
    (at) => `fragment f${at} on __Type { ofType { ...f${at + 1} } interfaces { ...f${at + 1} } }`,
  )} fragment f20 on __Type { name }`,
}

/** Fragments for a few, so that tokens are not what stops them: each is within all limits, or just over one. */
export const nearTheLimits: Record<string, string> = {
  'ten thousand comparisons': `{ me { ${times(140, () => 'id')} } }`,
  'few fields with long arguments': `{ ${times(10, () => `patients(q: [${times(85, () => '1')}]) { data { id } }`)} }`,
  'arguments where there are none': `{ me { ${times(90, (at) => `a${at % 10}: name(q: 1, r: 2)`)} } }`,
  'every field of every name': `{ me { ${times(290, (at) => `unknown${at % 100}`)} } }`,
  'all fragments in all fragments': everyInEvery(20).replaceAll('id ', 'nothing '),
  'a ring of fragments that all are used': `{ me { ${times(29, (at) => `...f${at}`)} } } ${times(
    29,
    (at) => `fragment f${at} on SignedInUser { id${at % 9}: id name${at % 9}: name ...f${(at + 1) % 29} }`,
  )}`,
  'variables nobody uses': `query (${times(240, (at) => `$v${at}: Int`)}) { me { id } }`,
  'a field with all directives': `query ($v: Boolean!) { me { id ${times(120, () => '@skip(if: $v)')} } }`,
  'hundreds of arguments': `{ me(${times(320, (at) => `a${at}: 1`)}) { id } }`,
  'long names that look alike': `{ patients { data { ${times(250, (at) => `first_name${'x'.repeat(100)}${at}`)} } } }`,
  'a deep literal': `mutation { registerPatient(input: { insurance_info: ${nested('{a:', '1', '}', 230)} }) { id } }`,
  'a deeper literal': `mutation { registerPatient(input: { insurance_info: ${nested('[', '1', ']', 480)} }) { id } }`,
  'hundreds of input fields': `mutation { registerPatient(input: { ${times(320, (at) => `a${at}: 1`)} }) { id } }`,
  'hundreds of empty inputs': `mutation { enterLabResults(id: 1, input: { results: [${times(480, () => '{}')}] }) { id } }`,
  'deep inline fragments': `{ me { ${nested('... { ', 'nothing', ' }', 280)} } }`,
  'wide inline fragments': `{ me { ${times(90, (at) => `... on SignedInUser { id${at % 10}: nothing }`)} } }`,
  'thirty operations': times(30, (at) => `query q${at} { me { id name } }`),
  'schema in schema': `{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }`,
}

/** A binary tree of fields with the same names: every pair at one depth is compared. */
function pairs(depth: number): string {
  return depth === 0 ? 'id' : `patient(id: 1) { ${pairs(depth - 1)} } patient(id: 1) { ${pairs(depth - 1)} }`
}

function chain(length: number, field = 'id '): string {
  const links = times(length, (at) => `fragment f${at} on SignedInUser { ${field}...f${at + 1} }`)
  return `{ me { ...f0 } } ${links} fragment f${length} on SignedInUser { id }`
}

function everyInEvery(count: number): string {
  const fragments = times(
    count,
    (at) => `fragment f${at} on SignedInUser { id ${times(count - at - 1, (other) => `...f${at + other + 1}`)} }`,
  )
  return `{ me { ...f0 } } ${fragments}`
}
