import { parseArgs } from 'node:util';

export const SECTIONS = ['accept', 'sustained', 'latency', 'memory', 'tracing', 'sync', 'flows', 'runs', 'replicas', 'neighbours', 'profiles', 'soak', 'redeliveries', 'cost'] as const;

export type SectionName = (typeof SECTIONS)[number];

/** `cost` and `redeliveries` are for whoever changes something; `soak` takes an hour. */
const BY_DEFAULT = SECTIONS.filter((name) => !['profiles', 'soak', 'redeliveries', 'cost'].includes(name));
const IN_FULL = SECTIONS.filter((name) => !['redeliveries', 'cost'].includes(name));

export const HELP = `npm run bench [-- options]

Measures Stellwerk against a floor: a bare node:http server and a consumer on the same broker. About a quarter of an hour.

  --only a,b     some of: ${SECTIONS.join(', ')}
  --full         longer: ten minutes of steady load, a million past runs, profiles, an hour's soak (two hours and a half in all)
  --brief        a fifth of the time: shows that it works, the figures are worth little
  --write        bench/results/<date>-bench.md and .json, and the tables of docs/performance.md; with --only, the
                 sections are put in the place of those of the same day and commit
  --json         prints the figures as JSON
  --no-build     measures what lies in the dist folders

For whoever changes something (45 s, judged by processor time and statements, so others may use the machine):

  --only cost [--three] [--flows 500] [--rate 50] [--profile <service>]
                 processor time a flow by process, statements a flow; where a service spends its time
  --only soak --rate 50
                 an hour at that rate, instead of half of what is sustained (which takes a quiet machine to find out)
  --only redeliveries
                 7,000 webhooks that GitHub could not hand over: how soon they are back (10 min)`;

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly full: boolean;
  readonly brief: boolean;
  readonly write: boolean;
  readonly sections: readonly SectionName[];
  /** Flows a second of the soak; absent: half of what is sustained. */
  readonly soakRate?: number;
  readonly cost: { readonly three: boolean; readonly flows: number; readonly rate: number; readonly profile: string | undefined };
}

const isSection = (name: string): name is SectionName => (SECTIONS as readonly string[]).includes(name);

const sectionsOf = (only: string | undefined, full: boolean, forCost: boolean): readonly SectionName[] => {
  if (only === undefined) return forCost ? ['cost'] : full ? IN_FULL : BY_DEFAULT;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isSection(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected ${SECTIONS.join(', ')}`);
  return SECTIONS.filter((name) => names.includes(name));
};

const count = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} ${text}: expected a whole number`);
  return value;
};

/** Throws an error that names the option at fault. */
export const parseOptions = (args: string[]): Options => {
  const { values } = parseArgs({ args, options: {
    help: { type: 'boolean', short: 'h', default: false }, json: { type: 'boolean', default: false }, full: { type: 'boolean', default: false }, brief: { type: 'boolean', default: false }, write: { type: 'boolean', default: false },
    only: { type: 'string' }, 'no-build': { type: 'boolean' },
    three: { type: 'boolean', default: false }, flows: { type: 'string', default: '500' }, rate: { type: 'string' }, profile: { type: 'string' },
  } });
  const forCost = values.profile !== undefined || values.three || args.some((arg) => arg.startsWith('--flows') || arg.startsWith('--rate'));
  if (values.write && values.brief) throw new Error('--write --brief: figures that are worth little are not written down');
  return {
    help: values.help, json: values.json, full: values.full, brief: values.brief, write: values.write,
    sections: sectionsOf(values.only, values.full, forCost),
    ...(values.rate === undefined ? {} : { soakRate: count('rate', values.rate) }),
    cost: { three: values.three, flows: count('flows', values.flows), rate: count('rate', values.rate ?? '50'), profile: values.profile },
  };
};
