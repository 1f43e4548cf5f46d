import { CAUSES, FLOW_EVENT_TYPES, OUTCOMES, PLATFORMS, RUN_STATES, STEP_STATES, type ActionSchema } from '@stellwerk/contracts';
import { expressionTypes, jsonSchemas, type Kind } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { notYet, notYetValue } from './not-yet.ts';
import { mapsIn, rowsOf, SECTIONS, type JsonSchema, type Row } from './schema-rows.ts';

const HEAD = `<!-- Made by \`npm run reference\` out of libs/flows/src/schema and the actions of libs/platforms: change those, not this. -->
# The language, key by key

A config directory holds YAML files of any names, at any depth, several documents a file. Each document is one resource. Unknown keys, unknown names, wrong types and expressions that do not type-check are errors of \`stellwerk lint\`.
For editors: the first line \`# yaml-language-server: $schema=…/docs/reference/schemas/resource.json\`, or \`flow.json\`, \`connection.json\` … where a file holds one kind. Tests of flows: [how to](../how-to/test-flows.md).

⏳ marks what this version reads, and refuses or leaves aside: lint says so.
`;

const KINDS: readonly { kind: Kind; sections: readonly string[] }[] = [
  { kind: 'Connection', sections: [] }, { kind: 'Flow', sections: SECTIONS }, { kind: 'Channel', sections: [] }, { kind: 'Environment', sections: [] },
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

const table = (rows: Row[], isNotYet: (row: Row) => boolean): string => [
  '| key | type | default | | example |', '|---|---|---|---|---|',
  ...rows.map((row) => `| \`${row.key}\`${isNotYet(row) ? ' ⏳' : ''} | ${cell(row.type)} | ${row.required ? '**required**' : cell(code(row.fallback ?? ''))} | ${cell(row.description)} | ${cell(code(row.example))} |`),
].join('\n');

/** Rows of one map of the language: the spec of a kind, or a definition. */
const rowsFor = (schemas: Record<Kind, JsonSchema>, kind: Kind, section?: string): Row[] => {
  const { $defs = {}, properties = {} } = schemas[kind];
  if (section !== undefined) return mapsIn($defs[section]!).flatMap((found) => rowsOf(found.schema, $defs));
  return rowsOf(properties['spec']!, $defs).map((row) => ({ ...row, type: row.type.replace(/`([a-z0-9-]+)`/g, (word, value: string) => (notYetValue(kind, row.key, value) ? `${word} ⏳` : word)) }));
};

const SCHEMAS = jsonSchemas((platform) => actionCatalog[platform]) as Record<Kind, JsonSchema>;

/** Every key of the language with its place. */
export const allRows = (): { place: string; rows: Row[] }[] => KINDS.flatMap(({ kind, sections }) => [
  { place: kind, rows: rowsFor(SCHEMAS, kind) }, ...sections.map((section) => ({ place: section, rows: rowsFor(SCHEMAS, kind, section) })),
]);

const frame = (): string => ['## Every document', '', table(rowsOf({ ...SCHEMAS.Flow, properties: Object.fromEntries(Object.entries(SCHEMAS.Flow.properties!).filter(([key]) => key !== 'spec')) }, {})
  .map((row) => (row.key === 'kind' ? { ...row, type: KINDS.map(({ kind }) => `\`${kind}\``).join(' ') } : row)), () => false), ''].join('\n');

const kindText = ({ kind, sections }: (typeof KINDS)[number], example: string): string => [
  `## ${kind}`, '', `${SCHEMAS[kind].description ?? ''}. Keys of \`spec\`:`, '', table(rowsFor(SCHEMAS, kind), ({ key }) => notYet(kind, key)), '',
  '```yaml', example.trim(), '```', '',
  ...sections.flatMap((section) => [`### ${section}`, '', `${SCHEMAS[kind].$defs![section]!.description ?? ''}.`, '', table(rowsFor(SCHEMAS, kind, section), ({ key }) => notYet(section, key)), '']),
].join('\n');

/** `steps.<name>.outputs` of the step that uses it. */
const gives = ({ outputs }: ActionSchema): string[] => {
  if (!outputs) return ['Gives what the other side answers.', ''];
  const all = Object.entries(outputs).map(([name, { type, description }]) => `\`${name}\` (${type}): ${description}`);
  return all.length === 0 ? [] : [`Gives ${all.join('; ')}.`, ''];
};

const actionText = (platform: string, action: ActionSchema): string => textOf(platform, action).concat(gives(action)).join('\n');

const textOf = (platform: string, { name, description, fields, awaits }: ActionSchema): string[] => [
  `#### ${platform}: ${name}`, '', `${description}${awaits === true ? '' : awaits === 'when-asked' ? ' Waits for a run only with `await: true`.' : ''}`, '',
  ...(Object.keys(fields).length === 0 ? [] : ['| field of `with` | type | | |', '|---|---|---|---|',
    ...Object.entries(fields).map(([key, field]) => `| \`${key}\` | ${field.values ? field.values.map((value) => `\`${value}\``).join(' ') : field.type} | ${field.required ? '**required**' : ''} | ${cell(field.description)} |`), '']),
];

const actions = (): string => ['## Actions', '', '`uses: <connection>/<action>`; the platform of the connection decides which there are. `text-map`: names with texts, numbers, booleans or secrets.', '',
  ...PLATFORMS.flatMap((platform) => actionCatalog[platform].map((action) => actionText(platform, action)))].join('\n');

const list = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(' ');

const fieldsOf = (fields: Readonly<Record<string, string>>): string => Object.entries(fields).map(([name, type]) => `\`${name}\` ${type}`).join(', ');

const words = (): string => {
  const { variables, types } = expressionTypes();
  return ['## Words', '',
    '### globs', '', 'A text or a list of texts. `*` stays within a segment, `**` crosses segments, `!` excludes; all else is literal. One that matches is enough, none that is excluded may, wherever it stands in the list. A list of only `!x` takes everything else. A value that is missing never matches.', '',
    '### secrets', '', '`{ env: NAME }` or `{ file: PATH }`: where the value is found. Never the value itself.', '',
    '### durations', '', '`500ms`, `90s`, `10m`, `2h`, `1h30m`. Time limits are above 0 and at most `8760h`, a year.', '',
    '### events', '', `Types: ${list(FLOW_EVENT_TYPES)}`, '', `Outcomes: ${list(OUTCOMES)}`, '', `Causes: ${list(CAUSES)}`, '',
    '### states', '', `Of a run: ${list(RUN_STATES)}`, '', `Of a step: ${list(STEP_STATES)}`, '',
    '### expressions', '', '`${{ … }}` in texts, bare in `if`: [CEL](https://cel.dev) with optionals (`event.?tag.orValue("")`), `glob(text, pattern)`, `semver(text)`, `now()`; in the `if` of a step also `always() failure() success() cancelled()`.', '',
    'A text that is one `${{ }}` takes the type of its value; inside of text it is put in as text. Steps with a dash in their name: `steps["a-b"]`. What is not there is absent, never null. Whole numbers and others go together: `7 / 2` is 3, and `7 / 2.0` is 3.5; a value of JSON that is whole counts as whole, also where it is written `2.0`. An error is a no in the `if` of a trigger, fails the step in its `if` and `with`, and the run in `env` and `concurrency`.', '',
    '| name | type |', '|---|---|', ...Object.entries(variables).map(([name, type]) => `| \`${name}\` | ${cell(type)} |`), '',
    '| type | fields |', '|---|---|', ...Object.entries(types).map(([name, fields]) => `| ${name} | ${cell(fieldsOf(fields))} |`), '',
  ].join('\n');
};

/** The page `docs/reference/flow-language.md`. `examples`: a YAML document for each kind, in the order of KINDS. */
export const flowLanguage = (examples: string): string => {
  const documents = examples.split(/^---\n/m);
  return [HEAD, frame(), ...KINDS.map((kind, at) => kindText(kind, documents[at]!)), words(), actions()].join('\n').trimEnd() + '\n';
};
