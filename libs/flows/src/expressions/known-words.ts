import type { ASTNode } from '@marcbachmann/cel-js';
import { CAUSES, FLOW_EVENT_TYPES, OUTCOMES, PLATFORMS, STEP_STATES } from '@stellwerk/contracts';
import { namesNothing } from '../parse/impossible-globs.js';
import { suggestion } from '../parse/suggest.js';
import { childrenOf, pathOf } from './syntax-tree.js';

const OF_EVENT: Readonly<Record<string, readonly string[]>> = { type: FLOW_EVENT_TYPES, outcome: OUTCOMES, cause: CAUSES, platform: PLATFORMS };
const OF_STEP: Readonly<Record<string, readonly string[]>> = { state: STEP_STATES, outcome: OUTCOMES };

/** The words that a value can be, where there is a list of them. */
const wordsOf = (node: ASTNode): { name: string; words: readonly string[] } | undefined => {
  const path = pathOf(withoutDefault(node));
  const field = path?.at(-1);
  if (!path || field === undefined) return undefined;
  const known = path[0] === 'event' && path.length === 2 ? OF_EVENT : path.length !== 3 ? {} : path[0] === 'events' ? OF_EVENT : path[0] === 'steps' ? OF_STEP : {};
  return Object.hasOwn(known, field) ? { name: path.join('.'), words: known[field]! } : undefined;
};

/** Values that are no words of a list, and yet never come; by the filter that knows them. */
const FILTER_OF: Readonly<Record<string, string>> = { branch: 'branches', base: 'base', tag: 'tags', repository: 'repository', actor: 'actor' };

const neverCalled = (node: ASTNode, value: string): string | undefined => {
  const path = pathOf(withoutDefault(node));
  const field = path?.at(-1);
  const isOfEvent = path?.length === 2 ? path[0] === 'event' : path?.length === 3 && path[0] === 'events';
  return isOfEvent && Object.hasOwn(FILTER_OF, field!) ? namesNothing(FILTER_OF[field!]!, value.replaceAll('*', 'x')) : undefined;
};

/** `event.?outcome.orValue("success")` is compared as `event.outcome` is. */
const withoutDefault = (node: ASTNode): ASTNode => (node.op === 'rcall' && node.args[0] === 'orValue' ? node.args[1] : node);

/** Comparisons with a word that the value never is: each with where the word stands. */
export const unknownWords = (node: ASTNode): { offset: number; message: string }[] => [
  ...pairsOf(node).flatMap(([asked, others]) => {
    const known = wordsOf(asked);
    return known ? others.flatMap((other) => unknownWord(other, known)) : others.flatMap((other) => unknownName(other, asked));
  }),
  ...unknownPattern(node),
  ...childrenOf(node.args).flatMap(unknownWords),
];

/** What is compared with what. */
const pairsOf = (node: ASTNode): [ASTNode, ASTNode[]][] => {
  if (node.op === '==' || node.op === '!=') return [[node.args[0], [node.args[1]]], [node.args[1], [node.args[0]]]];
  return node.op === 'in' && node.args[1].op === 'list' ? [[node.args[0], childrenOf(node.args[1].args)]] : [];
};

const unknownName = (node: ASTNode, asked: ASTNode): { offset: number; message: string }[] => {
  const message = node.op === 'value' && typeof node.args === 'string' && node.args !== '' ? neverCalled(asked, node.args) : undefined;
  return message === undefined ? [] : [{ offset: node.pos, message }];
};

/** Patterns of `glob()` that match nothing of the field, beginnings that it never has, and a pattern that comes from the event. */
const unknownPattern = (node: ASTNode): { offset: number; message: string }[] => {
  if (node.op === 'rcall' && node.args[0] === 'startsWith' && node.args[2].length === 1) {
    const [begin] = node.args[2];
    const isRef = begin?.op === 'value' && typeof begin.args === 'string' && /^refs\/(heads|tags)\//.test(begin.args);
    return isRef ? unknownName({ ...begin, args: `${begin.args as string}x` } as ASTNode, node.args[1]) : [];
  }
  if (node.op !== 'call' || node.args[0] !== 'glob') return [];
  const [text, pattern] = node.args[1] as [ASTNode, ASTNode | undefined];
  if (text.op === 'value' && pattern && pathOf(pattern)?.[0] === 'event') return [{ offset: node.pos, message: 'glob(text, pattern): here the pattern comes from the event, and the text is always the same' }];
  return pattern ? unknownName(pattern, text) : [];
};

const unknownWord = (node: ASTNode, { name, words }: { name: string; words: readonly string[] }): { offset: number; message: string }[] => {
  // An empty text stands for a value that is absent, where one is given for that.
  if (node.op !== 'value' || typeof node.args !== 'string' || node.args === '' || words.includes(node.args)) return [];
  return [{ offset: node.pos, message: `${name} is never "${node.args}"${suggestion(node.args, words)}` }];
};
