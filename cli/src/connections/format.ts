import { table } from '../api/table.js';
import type { Connection, HookChange } from './connections.js';

const SIGNS: Readonly<Record<string, string>> = { ok: 'ok', warning: 'warning', fault: 'FAULT', unknown: '?' };

/** A connection and all that was found, what to do about it behind an arrow. */
export const asReport = ({ name, platform, url, check: { state, findings } }: Connection): string[] => [
  `${name}: ${state} (${platform}, ${url ?? 'no url'})`,
  ...table(findings.map(({ level, about, text, remedy }) => [`  ${SIGNS[level] ?? level}`, about, remedy === undefined ? text : `${text} → ${remedy}`])),
];

export const asList = (connections: readonly Connection[]): string[] => table([
  ['NAME', 'PLATFORM', 'STATE', 'WEBHOOKS', 'URL'],
  ...connections.map(({ name, platform, url, hookPath, check }) => [name, platform, check.state, hookPath ?? 'none', url ?? 'none']),
]);

const WORDS: Readonly<Record<HookChange['action'], string>> = {
  none: 'nothing to do', create: 'is to be created', change: 'is to be changed', 'by-hand': 'is for a person to do', refused: 'cannot be set up',
};

const headOf = ({ action, done }: HookChange): string => (done ? (action === 'create' ? 'created' : 'changed') : WORDS[action]);

/** What is, or would be, done at a place. */
export const asChange = (change: HookChange): string[] => [`${change.place}: ${headOf(change)}`, ...change.lines.flatMap((line) => table([['  -', line]]))];
