import { setTimeout as delay } from 'node:timers/promises';
import { startRig, flowResource, scanStep, type Rig } from '@stellwerk/testing/rig';
import type { Context } from './context.ts';

const MISSED = 7_000;
/** What GitHub tells of one run: three of the run and three of its job. */
const HOOKS_A_RUN = 6;
const LOOK_MS = 2_000;
const TARGET_SECONDS = 300;

interface Case {
  what: string;
  repositories: number;
  /** Of the simulated GitHub. */
  limits: { rateLimit: number; pointsPerMinute?: number };
  /** Measured for so long at most. */
  seconds: number;
  note: string;
}

const CASES: readonly Case[] = [
  { what: 'Enterprise Server as it comes: no limits, one repository', repositories: 1, limits: { rateLimit: 0 }, seconds: 900, note: 'rate limits are off by default there' },
  {
    what: 'secondary limits in force, ten repositories', repositories: 10, limits: { rateLimit: 10_000_000, pointsPerMinute: 900 }, seconds: 900,
    note: '900 points a minute and webhook; an hourly quota that does not bind',
  },
  {
    what: 'github.com with a token: all limits in force, ten repositories', repositories: 10, limits: { rateLimit: 5_000, pointsPerMinute: 900 }, seconds: TARGET_SECONDS,
    note: '5,000 calls an hour, of which the sweep takes a fifth of what is left',
  },
];

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `shop-${n}`);

const world = ({ repositories, limits }: Case): Promise<Rig> =>
  startRig({
    services: { ingress: 1, 'github-connector': 1 }, publicHooks: true,
    resources: names(repositories).map((name) => flowResource(name, { scan: scanStep({ await: false }) })),
    platforms: {
      more: { github: { ...limits, journalHookBodies: false } }, runMilliseconds: 50,
      catalog: { github: Object.fromEntries(names(repositories).map((name) => [`acme/${name}`, { workflows: { 'ci.yml': { name: 'CI' } } }])), gitlab: [], jenkins: {} },
    },
  });

/** Webhooks that were answered, or not, by delivery id; pings aside. From the journal: the log of deliveries forgets what arrived. */
const hooksOf = ({ platforms }: Rig): { all: number; arrived: number } => {
  const hooks = platforms.github.journal().filter(({ kind, headers }) => kind === 'hook' && headers['x-github-event'] !== 'ping');
  const ids = (of: typeof hooks): number => new Set(of.map(({ headers }) => headers['x-github-delivery'])).size;
  return { all: ids(hooks), arrived: ids(hooks.filter(({ answer }) => answer?.status === 202)) };
};

/** Runs of all repositories whose webhooks find no door. */
const miss = async (rig: Rig, { repositories }: Case): Promise<number> => {
  const runs = Math.ceil(MISSED / HOOKS_A_RUN);
  for (let n = 0; n < runs; n += 1) {
    await fetch(`${rig.platforms.github.url}/_simulator/push`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ repository: `acme/shop-${n % repositories}`, milliseconds: 50 }),
    });
  }
  while (hooksOf(rig).all < runs * HOOKS_A_RUN) await delay(LOOK_MS);
  return runs * HOOKS_A_RUN;
};

/** Seconds until all have arrived, or how many have when the time is over. */
const recover = async (rig: Rig, missed: number, seconds: number): Promise<{ seconds: number; arrived: number }> => {
  const began = performance.now();
  await rig.startAll();
  for (;;) {
    const { arrived } = hooksOf(rig);
    const taken = (performance.now() - began) / 1_000;
    if (arrived >= missed || taken > seconds) return { seconds: taken, arrived };
    await delay(LOOK_MS);
  }
};

const measureCase = async ({ findings, say }: Context, one: Case): Promise<void> => {
  const rig = await world(one);
  try {
    await Promise.all(rig.processes.map((service) => service.close()));
    const missed = await miss(rig, one);
    say(`${one.what}: ${missed} missed`);
    const { seconds, arrived } = await recover(rig, missed, one.seconds);
    say(`${one.what}: ${arrived} back after ${seconds.toFixed(0)} s`);
    const limited = rig.platforms.github.journal().filter(({ answer }) => answer?.status === 403 || answer?.status === 429).length;
    findings.figure({ section: 'redeliveries', what: `${one.what}: ${missed} missed webhooks, back`, value: arrived, unit: '', note: one.note });
    findings.figure({
      section: 'redeliveries', what: '… after', value: Math.round(seconds), unit: 's', note: `${limited} calls refused by a limit`,
      target: { text: `all ${missed} in < ${TARGET_SECONDS} s`, reached: arrived >= missed && seconds < TARGET_SECONDS },
    });
  } finally {
    await rig.close();
  }
};

/** How soon webhooks that were missed during an outage are back, by the limits of the platform. */
export const redeliveries = async (context: Context): Promise<void> => {
  for (const one of CASES) await measureCase(context, one);
};
