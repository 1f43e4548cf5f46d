import { setTimeout as delay } from 'node:timers/promises';
import { RIG_SECRETS, startRig, flowResource, scanStep, type Rig } from '@stellwerk/testing/rig';
import type { Context } from './context.ts';

const MISSED = 7_000;
/** What a webhook sends, and how many deliveries of one run that makes: three of the run and three of its job. */
const SENT = { runs: { events: ['workflow_run'], aRun: 3 }, all: { events: ['*'], aRun: 6 } } as const;
const LOOK_MS = 2_000;
const TARGET_SECONDS = 300;

interface Case {
  what: string;
  repositories: number;
  /** `runs`: the webhooks as `connections setup` makes them for flows that wait for runs. */
  sends: keyof typeof SENT;
  /** Of the simulated GitHub. */
  limits: { rateLimit: number; pointsPerMinute?: number };
  /** Measured for so long at most. */
  seconds: number;
  note: string;
}

const TOKEN = { rateLimit: 5_000, pointsPerMinute: 900 };

const CASES: readonly Case[] = [
  { what: 'github.com with a token: all limits in force, ten repositories, events of runs', repositories: 10, sends: 'runs', limits: TOKEN, seconds: TARGET_SECONDS, note: '5,000 calls an hour, of which the sweep takes a fifth of what is left; 900 points a minute' },
  { what: 'the same in one repository', repositories: 1, sends: 'runs', limits: TOKEN, seconds: TARGET_SECONDS, note: 'its lists and its webhook are one endpoint each' },
  {
    what: 'the same in ten, webhooks that send everything', repositories: 10, sends: 'all', limits: TOKEN, seconds: TARGET_SECONDS,
    note: 'half of it is about jobs, which no list of runs tells: each is a call',
  },
  { what: 'Enterprise Server as it comes: no limits, one repository, everything', repositories: 1, sends: 'all', limits: { rateLimit: 0 }, seconds: 900, note: 'rate limits are off by default there' },
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

/** Deliveries by id, pings aside, and those that are no run's and arrived. From the journal: the log of deliveries forgets what arrived. */
const hooksOf = ({ platforms }: Rig): { all: number; otherArrived: number } => {
  const hooks = platforms.github.journal().filter(({ kind, headers }) => kind === 'hook' && headers['x-github-event'] !== 'ping');
  const ids = (of: typeof hooks): number => new Set(of.map(({ headers }) => headers['x-github-delivery'])).size;
  return { all: ids(hooks), otherArrived: ids(hooks.filter(({ answer, headers }) => answer?.status === 202 && headers['x-github-event'] !== 'workflow_run')) };
};

const ask = ({ platforms }: Rig, method: string, path: string, json: object): Promise<Response> =>
  fetch(`${platforms.github.url}${path}`, { method, headers: { 'content-type': 'application/json', authorization: `Bearer ${RIG_SECRETS.GITHUB_TOKEN}` }, body: JSON.stringify(json) });

/** Runs of all repositories whose webhooks find no door. */
const miss = async (rig: Rig, { repositories, sends }: Case): Promise<number> => {
  const { events, aRun } = SENT[sends];
  for (const name of names(repositories)) {
    const { status } = await ask(rig, 'PATCH', `/repos/acme/${name}/hooks/4711`, { events });
    if (status !== 200) throw new Error(`the webhook of ${name} was not changed: HTTP ${status}`);
  }
  const runs = Math.ceil(MISSED / aRun);
  for (let n = 0; n < runs; n += 1) await ask(rig, 'POST', '/_simulator/push', { repository: `acme/shop-${n % repositories}`, milliseconds: 50 });
  while (hooksOf(rig).all < runs * aRun) await delay(LOOK_MS);
  return runs * aRun;
};

/** Facts of runs as they come in, whichever way. */
const listen = async (rig: Rig): Promise<Set<string>> => {
  const facts = new Set<string>();
  (await rig.nats.connection()).subscribe('events.github.pipelinerun.*', { callback: (_error, message) => void facts.add(message.json<{ fact: string }>().fact) });
  return facts;
};

/** Seconds until everything that was missed is back, or how much is when the time is over: facts of runs in EVENTS, all other webhooks at our door. */
const recover = async (rig: Rig, missed: number, seconds: number): Promise<{ seconds: number; back: number }> => {
  const facts = await listen(rig);
  const began = performance.now();
  await rig.startAll();
  for (;;) {
    const back = facts.size + hooksOf(rig).otherArrived;
    const taken = (performance.now() - began) / 1_000;
    if (back >= missed || taken > seconds) return { seconds: taken, back };
    await delay(LOOK_MS);
  }
};

/** Of GitHub, in this time. */
const callsOf = ({ platforms }: Rig): { calls: number; refused: number } => {
  const calls = platforms.github.journal().filter(({ kind, path }) => kind === 'request' && !path.startsWith('/_simulator'));
  return { calls: calls.length, refused: calls.filter(({ answer }) => answer?.status === 403 || answer?.status === 429).length };
};

const measureCase = async ({ findings, say }: Context, one: Case): Promise<void> => {
  const rig = await world(one);
  try {
    await Promise.all(rig.processes.map((service) => service.close()));
    const missed = await miss(rig, one);
    say(`${one.what}: ${missed} missed`);
    const before = callsOf(rig).calls;
    const { seconds, back } = await recover(rig, missed, one.seconds);
    const { calls, refused } = callsOf(rig);
    say(`${one.what}: ${back} back after ${seconds.toFixed(0)} s, ${calls - before} calls`);
    findings.figure({ section: 'redeliveries', what: `${one.what}: ${missed} missed webhooks, back`, value: back, unit: '', note: one.note });
    findings.figure({
      section: 'redeliveries', what: '… after', value: Math.round(seconds), unit: 's', note: `${calls - before} calls of GitHub's API, ${refused} of them refused by a limit`,
      target: { text: `all ${missed} in < ${TARGET_SECONDS} s`, reached: back >= missed && seconds < TARGET_SECONDS },
    });
  } finally {
    await rig.close();
  }
};

/** How soon webhooks that were missed during an outage are back, by the limits of the platform. */
export const redeliveries = async (context: Context): Promise<void> => {
  for (const one of CASES) await measureCase(context, one);
};
