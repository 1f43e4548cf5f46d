import { Random, quiet, type Rig } from '@stellwerk/testing/rig';
import { SoakBook } from './book.ts';
import { Chaos } from './chaos.ts';
import { SoakSender, type SenderCounts, type SenderListener } from './sender.ts';
import { judge, type SoakVerdict } from './verdict.ts';
import { quarters, Watch, type MemorySample } from './watch.ts';

export interface SoakPlan {
  events: number;
  seed: number;
  seconds?: number;
  rate?: number;
  /** Mean time between two kills. */
  killEveryMs: number;
  say: (line: string) => void;
  /** Told of each request. */
  request?: SenderListener['request'];
}

export interface SoakResult extends SoakVerdict {
  seed: number;
  seconds: number;
  sending: SenderCounts;
  kills: Record<string, number>;
  memory: ReturnType<typeof quarters>;
  samples: MemorySample[];
}

const PROGRESS_MS = 5_000;
/** After the last webhook everything has to be done within so long. */
const QUIET_MS = 900_000;
const RUNS = 'SELECT (SELECT count(*)::int FROM router.runs) AS runs, (SELECT count(*)::int FROM gitlab_connector.dispatches WHERE run_key IS NOT NULL) AS triggers';

const figure = (n: number): string => n.toLocaleString('en-US');

/** Prints how far it is, every few seconds. Gives the way to stop. */
const progress = (rig: Rig, plan: SoakPlan, { sender, chaos, watch, began }: { sender: SoakSender; chaos: Chaos; watch: Watch; began: number }): (() => void) => {
  const say = async (): Promise<void> => {
    const seconds = (Date.now() - began) / 1_000;
    const { made, accepted } = sender.counts;
    const [done] = await rig.query<{ runs: number; triggers: number }>(RUNS).catch(() => []);
    const left = Math.min(((plan.events - made) * seconds) / Math.max(1, made), plan.seconds === undefined ? Infinity : plan.seconds - seconds);
    plan.say(`${Math.round(seconds)} s · sent ${figure(made)} of ${figure(plan.events)} · accepted ${figure(accepted)} · runs ${figure(done?.runs ?? 0)} · triggers ${figure(done?.triggers ?? 0)} · lag ${figure(watch.lag)} · kills ${chaos.total} · ${Math.round(accepted / seconds)}/s · ${Math.max(0, Math.round(left))} s left`);
  };
  const timer = setInterval(() => void say(), PROGRESS_MS);
  return () => clearInterval(timer);
};

/** Load and kills on a rig, until all is sent and all is quiet; then the count. */
export const soak = async (rig: Rig, plan: SoakPlan): Promise<SoakResult> => {
  const began = Date.now();
  const book = new SoakBook(rig.dir);
  const sender = new SoakSender(rig, new Random(plan.seed), { made: book.made, accepted: book.accepted, request: plan.request });
  const chaos = new Chaos(rig, new Random(plan.seed + 1), plan.killEveryMs);
  const watch = new Watch(rig);
  const ending = new AbortController();
  const stop = progress(rig, plan, { sender, chaos, watch, began });
  watch.start();
  try {
    const blows = chaos.run(ending.signal);
    const until = plan.seconds === undefined ? Infinity : began + plan.seconds * 1_000;
    // Whichever breaks first ends it.
    await Promise.race([sender.run({ events: plan.events, rate: plan.rate, until, mustWait: () => watch.behind }), blows.then(() => new Promise<never>(() => undefined))]);
    ending.abort();
    await blows;
    await rig.startAll();
    plan.say(`all sent after ${Math.round((Date.now() - began) / 1_000)} s; waiting until it is quiet`);
    await quiet(rig, { timeoutMs: QUIET_MS });
  } finally {
    ending.abort();
    stop();
    watch.stop();
  }
  const seconds = Math.round((Date.now() - began) / 1_000);
  plan.say('quiet; comparing ledger, databases and journals');
  await book.load(rig);
  return { ...await judge(rig), seed: plan.seed, seconds, sending: sender.counts, kills: chaos.kills, memory: quarters(watch.memory), samples: watch.memory };
};
