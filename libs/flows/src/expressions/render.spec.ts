import { describe, expect, it } from 'vitest';
import { render } from './render.js';
import type { Scope } from './scope.js';

const scope: Scope = { event: { branch: 'main', n: 3, ok: true, list: ['a', 1], payload: { key: { env: 'DATABASE_URL' } } } };

describe('templates', () => {
  it.each<[unknown, unknown]>([
    ['${{ event.n }}', 3],
    ['  ${{ event.n }}  ', 3],
    ['${{ event.ok }}', true],
    ['${{ event.list }}', ['a', 1]],
    ['n=${{ event.n }}', 'n=3'],
    ['${{ event.n }}${{ event.n }}', '33'],
    ['${{ event.branch }}@${{event.n}}!', 'main@3!'],
    ['x${{ event.list }}', 'x["a",1]'],
    ['x${{ event.?tag }}y', 'xy'],
    ['${{ event.?tag.orValue("none") }}', 'none'],
    ['${{ {"a": {"b": event.n}} }}', { a: { b: 3 } }],
    ['${{ "}}" }} and "${{ \'"}}"\' }}"', '}} and ""}}""'],
    ["${{ event.branch // it's \"so\n}}!", 'main!'],
    ["a ${{ event.branch // it's }} b ${{ event.n }}", 'a main b 3'],
    ['${{ event.branch // a {{x}} and } and {\n}}', 'main'],
    ['${{ event.branch // a {x}}}!', 'main!'],
    ["${{ {\"a\": event.n // }} it's\n} }}", { a: 3 }],
    ['${{ "http://x/" + event.branch }}', 'http://x/main'],
    ['${{ event.n / 2 }} // ${{ event.branch }}', '1 // main'],
    ['${{ r"\\"}}" + """a\\""" }}""" }}', '\\"}}a""" }}'],
    ['no template', 'no template'],
    ['$ {{ x }}', '$ {{ x }}'],
    [{ a: ['${{ event.n }}', { '${{ k }}': 'v' }], b: 7, c: null, d: { env: 'TOKEN' } }, { a: [3, { '${{ k }}': 'v' }], b: 7, c: null, d: { env: 'TOKEN' } }],
  ])('%j gives %j', (template, expected) => {
    expect(render(template, scope)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['a ${{ event.n', '"${{" has no closing "}}"'],
    ['${{ event.tag }}', '"tag" is absent'],
    ['${{ }}', 'expected an expression'],
  ])('%j fails: %s', (template, message) => {
    expect(() => render(template, scope)).toThrow(message);
  });

  it('says where the text is that fails, when told where the value is', () => {
    expect(() => render({ inputs: { tags: ['v1', 'v${{ event.tag }}'] } }, scope, 'with')).toThrow('with.inputs.tags[1]: "tag" is absent');
    expect(() => render('${{ event.tag }}', scope, 'with')).toThrow('with: "tag" is absent');
  });

  it('never lets event data choose a secret', () => {
    expect(() => render('${{ event.payload.key }}', scope)).toThrow('must not give a secret reference');
    expect(() => render({ with: ['${{ event.payload }}'] }, scope)).toThrow('must not give a secret reference');
    expect(render('x ${{ event.payload.key }}', scope)).toBe('x {"env":"DATABASE_URL"}');
  });
});
