import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigNews } from './config-news.ts';

describe('news of the configuration', () => {
  let said: string[];
  let news: ConfigNews;

  beforeEach(() => {
    said = [];
    news = new ConfigNews(['ingress', 'router'], (line) => said.push(line));
  });

  const hear = (service: string, revision: string, ...refused: string[]): void => news.heard(service, { event: 'config', revision, flows: 2, refused });
  const both = (revision: string, ...refused: string[]): void => ['ingress', 'router'].forEach((service) => hear(service, revision, ...refused));

  it('are none while all start with the same set', () => {
    both('one');
    both('one');
    expect(said).toEqual([]);
  });

  it('tell a change once, when it is in force everywhere', () => {
    both('one');
    hear('ingress', 'two');
    expect(said).toEqual([]);
    hear('router', 'two');
    expect(said).toEqual(['config in force: 2 flows, revision two']);
  });

  it('tell a refusal at once and once, and its end when nobody refuses any more', () => {
    both('one');
    both('one', 'a.yaml:1:7: wrong');
    expect(said).toEqual(['config refused, what was in force stays: 2 flows, revision one\n  a.yaml:1:7: wrong']);
    hear('router', 'one');
    expect(said).toHaveLength(1);
    hear('ingress', 'one');
    expect(said.slice(1)).toEqual(['config in force: 2 flows, revision one']);
  });

  it('tell each further fault once: a secret that only one service needs, a second mistake, one that comes back', () => {
    both('one');
    hear('ingress', 'one', 'a.yaml:1:7: wrong', 'a.yaml:2:2: no secret');
    hear('router', 'one', 'a.yaml:1:7: wrong');
    both('one', 'a.yaml:1:7: wrong');
    both('one', 'a.yaml:1:7: wrong', 'b.yaml:1:1: also wrong');
    both('one', 'b.yaml:1:1: also wrong');
    both('one', 'a.yaml:1:7: wrong', 'b.yaml:1:1: also wrong');
    expect(said.map((text) => text.split('\n').slice(1))).toEqual([
      ['  a.yaml:1:7: wrong', '  a.yaml:2:2: no secret'], ['  b.yaml:1:1: also wrong'], ['  a.yaml:1:7: wrong'],
    ]);
  });

  it('tell of a service that starts with an older set beside refused files', () => {
    hear('ingress', 'one', 'a.yaml:1:7: wrong');
    hear('router', 'one', 'a.yaml:1:7: wrong');
    both('two');
    expect(said).toEqual(['config refused, what was in force stays: 2 flows, revision one\n  a.yaml:1:7: wrong', 'config in force: 2 flows, revision two']);
  });
});
