import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas, resourceSchema, testSchema } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const PUBLISHED = join(ROOT, 'docs', 'reference', 'schemas');
const schemas = jsonSchemas((platform) => actionCatalog[platform]);

const EXAMPLES = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).map((path) => `examples/${path}`);

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);

interface Document {
  kind: keyof typeof schemas;
  [key: string]: unknown;
}

const accepts = (document: Document): boolean => ajv.compile(schemas[document.kind])(document);

const documents = (path: string): Document[] =>
  parseAllDocuments(readFileSync(join(ROOT, path), 'utf8')).map((document) => document.toJS() as Document);

describe('JSON Schemas for editors', () => {
  // After a change of the language: `npm run reference` writes them anew.
  it.each(Object.entries(schemas))('%s: what is published is what the code says', async (kind, schema) => {
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(PUBLISHED, `${kind.toLowerCase()}.json`));
  });

  it('several kinds in a file: what is published is what the code says, and leads to the kind', async () => {
    await expect(`${JSON.stringify(resourceSchema(), null, 2)}\n`).toMatchFileSnapshot(join(PUBLISHED, 'resource.json'));
    const all = new Ajv2020({ strict: false });
    formats.default(all);
    for (const [kind, schema] of Object.entries(schemas)) all.addSchema({ ...schema, $id: `${kind.toLowerCase()}.json` });
    const check = all.compile(resourceSchema());
    expect(documents('libs/flows/src/parse/golden/valid.yaml').map((document) => check(document))).not.toContain(false);
    expect([check({ kind: 'Environment', metadata: { name: 'x' }, spec: { branch: 'main' } }), check({ kind: 'Flo' })]).toEqual([false, false]);
  });

  it('tests: what is published is what the code says', async () => {
    await expect(`${JSON.stringify(testSchema(), null, 2)}\n`).toMatchFileSnapshot(join(PUBLISHED, 'test.json'));
  });

  it('take the tests of the examples, and refuse what no test has', () => {
    const check = ajv.compile(testSchema());
    for (const path of EXAMPLES.filter((name) => name.endsWith('.test.yaml'))) expect([path, documents(path).every((document) => check(document))]).toEqual([path, true]);
    const [file] = parseAllDocuments(readFileSync(join(ROOT, 'examples/quickstart/release.test.yaml'), 'utf8')).map((document) => document.toJS() as { tests: object[] });
    expect(check({ tests: file!.tests.map((test) => ({ ...test, votes: {} })) })).toBe(false);
  });

  it.each(['libs/flows/src/parse/golden/valid.yaml', ...EXAMPLES.filter((path) => !path.endsWith('.test.yaml'))])('take %s', (path) => {
    expect(documents(path).map((document) => [document.kind, accepts(document)])).toEqual(documents(path).map(({ kind }) => [kind, true]));
  });

  it.each([
    { kind: 'Environment', metadata: { name: 'x' }, spec: { branch: 'main' } },
    { kind: 'Connection', metadata: { name: 'X_' }, spec: { platform: 'github', url: 'https://x' } },
    { kind: 'Flow', metadata: { name: 'f' }, spec: { on: {}, steps: { a: { uses: 'j/start-build', with: { jobb: 'x' } } } } },
    { kind: 'Flow', metadata: { name: 'f' }, spec: { on: {}, steps: { a: { uses: 'j/start-build', with: { job: 'x' }, timeout: '2 h' } } } },
  ] satisfies Document[])('refuse %j', (document) => {
    expect(accepts(document)).toBe(false);
  });
});
