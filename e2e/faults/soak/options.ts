import { parseArgs } from 'node:util';

export interface SoakOptions {
  events: number;
  seed: number;
  /** Sending ends after so long, whatever was sent; absent: when all events were sent. */
  minutes?: number;
  /** Events a second; absent: as fast as the system takes them. */
  rate?: number;
  json: boolean;
  write: boolean;
  help: boolean;
}

export const HELP = `npm run soak -- [options]

Sends signed webhooks to real processes for a long time, doubles some, sends them out of order, kills every service
process, NATS and Postgres again and again, and at the end counts: lost, doubled.

  --events 1000000   how many webhooks (default 20000)
  --minutes 20       sending ends after this time at the latest
  --rate 100         webhooks a second; default: as fast as they are taken, with little lag
  --seed 42          of the webhooks, their order and the kills; printed
  --json             the result as JSON on stdout; progress goes to stderr
  --write            also writes bench/results/soak-<date>.md and .json
  --help

Exit code 0: 0 lost, 0 doubled, every run at its end. 1: not so. 2: wrong options.`;

const number = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} ${text}: expected a number above 0`);
  return value;
};

/** Throws an error in words. */
export const parseSoakOptions = (args: string[]): SoakOptions => {
  const { values } = parseArgs({ args, options: {
    events: { type: 'string' }, minutes: { type: 'string' }, rate: { type: 'string' }, seed: { type: 'string' },
    json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
  } });
  const { events, minutes, rate, seed, ...flags } = values;
  return {
    ...flags, events: Math.round(number('events', events) ?? 20_000), minutes: number('minutes', minutes), rate: number('rate', rate),
    seed: Math.round(number('seed', seed) ?? 1 + Math.floor(Math.random() * 1_000_000)),
  };
};
