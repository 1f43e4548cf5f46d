import { describe, expect, it } from 'vitest';
import { parseResources } from '../parse/parse-resources.js';

const errorsOf = (spec: string): string[] => {
  const text = `apiVersion: stellwerk.dev/v1\nkind: Flow\nmetadata: { name: a }\nspec: { ${spec} }\n`;
  return parseResources([{ path: 'a.yaml', text }], () => []).faults.filter(({ severity }) => severity === 'error').map(({ line, column, message }) => `${line}:${column}: ${message}`);
};

const joining = (name: string): string => `on: [{ all: { ${name}: { event: commit.pushed }, other: { event: tag.created } }, key: "\${{ event.sha }}" }], steps: { a: { wait: 1m } }`;
const stepping = (name: string): string => `on: [{ event: commit.pushed }], steps: { ${name}: { wait: 1m }, other: { wait: 1m } }`;

describe('a name of a step or of a part of a join', () => {
  it('is refused where an object would lose it', () => {
    expect(errorsOf(stepping('__proto__'))).toEqual(['4:50: expected a step name of 1 to 40 characters out of a-z, 0-9, - and _, other than __proto__, got "__proto__"']);
    expect(errorsOf(joining('__proto__'))).toEqual(['4:23: expected a name of 1 to 40 characters out of a-z, 0-9, - and _, other than __proto__, got "__proto__"']);
  });

  it.each(['constructor', 'prototype', '__proto', '__proto__x', 'a-b', '_1'])('may be %s', (name) => {
    expect([...errorsOf(stepping(name)), ...errorsOf(joining(name))]).toEqual([]);
  });
});
