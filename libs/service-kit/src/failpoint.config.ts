import { ConfigFault } from './errors.js';
import type { Env } from './env.js';

const EFFECTS = ['kill', 'stop', 'exit', 'together'] as const;

export interface ChosenFailpoint {
  name: string;
  effect: (typeof EFFECTS)[number];
  /** From 1: which time it is reached. */
  hit: number;
}

const FORM = /^([a-z-]+\.[a-z-]+)(?::(kill|stop|exit|together))?(?:@([1-9]\d*))?$/;

/** The one point at which this process shall fail, for the fault suite: `<name>[:kill|stop|exit|together][@<n>]`. Throws ConfigFault, in production always. */
export function failpointFrom(env: Env): ChosenFailpoint | undefined {
  const text = env.FAILPOINT;
  if (!text) return undefined;
  if (env.NODE_ENV === 'production') throw new ConfigFault(['FAILPOINT is refused when NODE_ENV is production']);
  const [, name, effect, hit] = FORM.exec(text) ?? [];
  if (name === undefined) throw new ConfigFault([`FAILPOINT is "${text}": expected <area>.<point>[:${EFFECTS.join('|')}][@<n>]`]);
  return { name, effect: (effect as ChosenFailpoint['effect'] | undefined) ?? 'kill', hit: Number(hit ?? 1) };
}

export const chosenFailpoint = (): ChosenFailpoint | undefined => failpointFrom(process.env);
