import { CHANNEL_TYPES, formatFault, parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';
import { allRows, flowLanguage } from './flow-language.ts';
import { notYet, notYetValue } from './not-yet.ts';

const read = (path: string): string => readFileSync(inRoot(path), 'utf8');

describe('the reference of the language', () => {
  it('is what the schemas say: after a change of them, `npm run reference` writes it anew', () => {
    expect(read('docs/reference/flow-language.md')).toBe(flowLanguage(read('scripts/reference/example.yaml')));
  });

  it('says of every key what it is for, and shows how it is written, unless its own keys do', () => {
    const bare = allRows().flatMap(({ place, rows }) => rows.filter(({ key, description, example, type }) => {
      const isShownBelow = rows.some((other) => other.key.startsWith(`${key}.`) || other.key.startsWith(`${key}[`)) || type.includes('](#');
      return description === '' || (example === '' && !isShownBelow);
    }).map(({ key }) => `${place}: ${key}`));
    expect(bare).toEqual([]);
  });

  it('has a section for each type that it links to, and says what each action gives', () => {
    const page = read('docs/reference/flow-language.md');
    const sections = [...page.matchAll(/^#{2,4} (.+)$/gm)].map(([, name]) => name);
    expect([...page.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, name]) => name).filter((name) => !sections.includes(name))).toEqual([]);
    expect(page).toMatch(/#### github: create-deployment\n[^#]*Gives `deployment` \(integer\): Id of the deployment\./);
  });

  it('asks for no key that only one of several forms has', () => {
    const freeze = allRows().find(({ place }) => place === 'Environment')!.rows.filter(({ key }) => key.startsWith('freeze[].'));
    expect(freeze.filter(({ required }) => required)).toEqual([]);
    expect(allRows().find(({ place }) => place === 'wait')!.rows.filter(({ required }) => required).map(({ key }) => key)).toEqual(['event']);
  });

  it('has examples without a fault', () => {
    const { faults, resources } = parseResources([{ path: 'example.yaml', text: read('scripts/reference/example.yaml') }], (platform) => actionCatalog[platform]);
    expect(faults.map(formatFault)).toEqual([]);
    expect([resources.connections, resources.flows, resources.channels, resources.environments].map((found) => Object.keys(found).length)).toEqual([1, 1, 1, 1]);
  });

  it('asks lint what this version does not do', () => {
    expect([notYet('Channel', 'quiet.same'), notYet('Flow', 'timeout'), notYet('step', 'uses'), notYet('trigger', 'branches')]).toEqual([false, false, false, false]);
    expect(CHANNEL_TYPES.filter((type) => notYetValue('Channel', 'type', type))).toEqual([]);
  });
});
