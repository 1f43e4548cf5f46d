import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ActionCatalog } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../fault.js';
import type { ActionLookup } from '../model.js';
import { finished, type Turns } from '../turns.js';
import { parseResources } from './parse-resources.js';
import type { ResourceFile } from './read-file.js';
import { ResourceParser, type ParsedResources } from './resource-parser.js';

const GOLDEN = join(import.meta.dirname, 'golden');
const catalog = JSON.parse(readFileSync(join(GOLDEN, 'actions.json'), 'utf8')) as ActionCatalog;
const actions: ActionLookup = (platform) => catalog[platform] ?? [];

const connection = (name: string, platform = 'github'): string => `kind: Connection\nmetadata: { name: ${name} }\nspec: { platform: ${platform}, url: "https://${name}-ci.test", webhook: { secrets: [{ env: S }] }, auth: { user: bot, token: { env: T } } }\n`;
const flow = (name: string, { from = 'github', environment = 'production' } = {}): string =>
  `kind: Flow\nmetadata: { name: ${name} }\nspec: { on: { event: commit.pushed, from: ${from} }, steps: { a: { uses: github/set-status, environment: ${environment}, with: { repository: a/b, sha: "1", state: success } } } }\n`;
const ENVIRONMENT = 'kind: Environment\nmetadata: { name: production }\nspec: { branches: main }\n';

/** Files by path. */
type Texts = Readonly<Record<string, string>>;

const filesOf = (texts: Texts): ResourceFile[] => Object.entries(texts).map(([path, text]) => ({ path, text }));
const errorsOf = ({ faults }: ParsedResources): Fault[] => faults.filter(({ severity }) => severity === 'error');
const messages = (parsed: ParsedResources): string[] => errorsOf(parsed).map(({ file, line, message }) => `${file}:${line}: ${message}`);

describe('a parser that is given one set after the other', () => {
  const SET: Texts = { 'connections.yaml': connection('github'), 'environment.yaml': ENVIRONMENT, 'one.yaml': flow('one'), 'two.yaml': flow('two') };

  const started = (texts: Texts = SET) => {
    const parser = new ResourceParser(actions);
    const parse = (next: Texts): ParsedResources => finished(parser.parse(filesOf(next)));
    return { parse, first: parse(texts) };
  };

  it('sees the file that changed, and looks at none of the others again', () => {
    const { parse, first } = started();
    const next = parse({ ...SET, 'two.yaml': flow('renamed') });
    const { resources } = next;
    expect([errorsOf(next), Object.keys(resources.flows)]).toEqual([[], ['one', 'renamed']]);
    expect(resources.flows.one).toBe(first.resources.flows.one);
    expect(resources.revision).not.toBe(first.resources.revision);
  });

  it('knows a file that changes and changes back, and forgets what two later sets do not have', () => {
    const { parse, first } = started();
    parse({ ...SET, 'two.yaml': flow('renamed') });
    const back = parse(SET).resources;
    expect(back).toEqual(first.resources);
    expect(back.flows.two).toBe(first.resources.flows.two);
    parse({});
    parse({});
    expect(parse(SET).resources.flows.two).not.toBe(first.resources.flows.two);
  });

  it('forgets the resources of a file that is removed', () => {
    const { parse } = started();
    expect(Object.keys(parse({ ...SET, 'one.yaml': '' }).resources.flows)).toEqual(['two']);
    const { 'two.yaml': _, ...rest } = SET;
    expect(Object.keys(parse(rest).resources.flows)).toEqual(['one']);
  });

  it('finds the reference that a change of another file breaks, and that it is mended', () => {
    const { parse, first } = started();
    expect(messages(parse({ ...SET, 'environment.yaml': ENVIRONMENT.replace('production', 'staging') }))).toEqual([
      'one.yaml:3: unknown environment "production": expected staging', 'two.yaml:3: unknown environment "production": expected staging']);
    expect(messages(parse({ ...SET, 'connections.yaml': connection('github', 'jenkins') }))).toEqual([
      'one.yaml:3: unknown action "set-status" of connection "github" (jenkins): expected start-build', 'two.yaml:3: unknown action "set-status" of connection "github" (jenkins): expected start-build']);
    expect(parse(SET)).toEqual(first);
  });

  it('finds a name that another file comes to define too, wherever that stands, and only there', () => {
    const { parse, first } = started();
    const twice = parse({ ...SET, 'another.yaml': flow('one') });
    expect(messages(twice)).toEqual(['one.yaml:2: Flow "one" is already defined at another.yaml:2']);
    expect(twice.resources.flows.one!.file).toBe('another.yaml');
    expect(parse(SET)).toEqual(first);
  });

  it('checks only those again that asked for what has changed', () => {
    const texts = { ...SET, 'glob.yaml': flow('glob', { from: '"git*"' }), 'wrong.yaml': flow('wrong', { from: 'gitlub' }) };
    const { parse, first } = started(texts);
    expect(messages(first)).toEqual(['wrong.yaml:3: unknown connection "gitlub": did you mean "github"?']);
    const next = parse({ ...texts, 'more.yaml': connection('gitlub') });
    const { resources } = next;
    expect([errorsOf(next), resources.flows.wrong?.name]).toEqual([[], 'wrong']);
    expect([resources.flows.one === first.resources.flows.one, resources.flows.glob === first.resources.flows.glob]).toEqual([true, false]);
  });

  it('may be interrupted behind each document, of one file too, and when it knows them all', () => {
    const parser = new ResourceParser(actions);
    const files = filesOf({ 'all.yaml': [connection('github'), ENVIRONMENT, ...Array.from({ length: 50 }, (_, at) => flow(`flow-${at}`))].join('---\n') });
    for (const _ of [1, 2]) expect([...parser.parse(files)].length).toBeGreaterThan(52);
  });

  it.each([['new', {}], ['known', SET]])('that is interrupted by another set, wherever that is, ends with its own (%s files)', (_, before: Texts) => {
    const expected = parseResources(filesOf(SET), actions);
    const begun = (): { parser: ResourceParser; work: Turns<ParsedResources> } => {
      const parser = new ResourceParser(actions);
      finished(parser.parse(filesOf(before)));
      return { parser, work: parser.parse(filesOf(SET)) };
    };
    const points = [...begun().work].length;
    for (let point = 0; point <= points; point += 1) {
      const { parser, work } = begun();
      for (let at = 0; at < point; at += 1) work.next();
      expect(finished(parser.parse(filesOf({ ...SET, 'connections.yaml': '' }))).faults).toHaveLength(4);
      expect(finished(work)).toEqual(expected);
    }
  });

  it('gives after any changes what one gives that reads everything anew', () => {
    const cases = readdirSync(GOLDEN, { recursive: true, withFileTypes: true }).filter(({ name }) => name.endsWith('.yaml')).map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
    const text = fc.constantFrom('', connection('github'), connection('github', 'gitlab'), connection('gitlab', 'gitlab'), ENVIRONMENT, flow('release'), ...cases);
    const sets = fc.array(fc.dictionary(fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'), text), { minLength: 2, maxLength: 4 });
    fc.assert(fc.property(sets, (all) => {
      const parser = new ResourceParser(actions);
      for (const texts of all) expect(finished(parser.parse(filesOf(texts)))).toEqual(parseResources(filesOf(texts), actions));
    }), { numRuns: 10 });
  });
});
