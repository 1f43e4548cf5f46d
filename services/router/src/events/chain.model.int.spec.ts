import fc from 'fast-check';
import type { Outcome } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRouterRig, type RouterProcess, type RouterRig, type Sent } from '../../test/router-rig.js';

const STEPS = ['a', 'b', 'c'] as const;
const UNDONE: readonly string[] = ['a', 'c'];
const TRIES = 2;
/** Runs that are on at once in one example. */
const RUNS = 8;
const EXAMPLES = 3;

const step = (name: string, at: number): string => `
    ${name}: { ${at > 0 ? `needs: [${STEPS[at - 1]}], ` : ''}uses: gitlab/trigger-pipeline, with: { project: any, ref: main }, retry: { attempts: ${TRIES}, backoff: 1s, max: 1s }${UNDONE.includes(name) ? ', rollback: { uses: gitlab/trigger-pipeline, with: { project: any, ref: undo } }' : ''} }`;

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: chain }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  on-failure: rollback
  report: []
  steps:${STEPS.map(step).join('')}
`;

type Said = 'accepted' | 'queued' | 'started' | 'finished' | 'unknown';

/** How one command fares, and in which order and how often the router hears of it. */
interface Fate {
  outcome: Outcome;
  said: Said[];
}

// `accepted` and `finished` may come late and in any order, but come: the connector repeats the one and polls for the other.
const fate: fc.Arbitrary<Fate> = fc.record({
  outcome: fc.constantFrom<Outcome>('success', 'success', 'success', 'failure', 'cancelled', 'skipped'),
  said: fc.array(fc.constantFrom<Said>('accepted', 'queued', 'started', 'finished', 'unknown'), { maxLength: 4 })
    .chain((more) => fc.shuffledSubarray<Said>([...more, 'accepted', 'finished'], { minLength: more.length + 2 })),
});

/** A command without its run: `a:run:2`. */
const shortOf = ({ id, data }: Sent): string => id.slice(data.run.length + 1);

type FateOf = (command: string) => Fate;

/** What a flow of three steps in a row comes to, told independently of the planner. */
const oracle = (fateOf: FateOf): { state: string; commands: string[] } => {
  const commands: string[] = [];
  for (const [at, name] of STEPS.entries()) {
    let outcome: Outcome = 'failure';
    for (let n = 1; n <= TRIES && outcome === 'failure'; n += 1) {
      commands.push(`${name}:run:${n}`);
      ({ outcome } = fateOf(`${name}:run:${n}`));
    }
    if (outcome === 'success') continue;
    // Skipped at the platform: what needs it is skipped too, and nothing has failed.
    if (outcome === 'skipped') return { state: 'succeeded', commands };
    return undone(fateOf, commands, STEPS.slice(0, at + 1));
  }
  return { state: 'succeeded', commands };
};

const undone = (fateOf: FateOf, commands: string[], triggered: readonly string[]): { state: string; commands: string[] } => {
  const outcomes = triggered.filter((name) => UNDONE.includes(name)).reverse().map((name) => {
    commands.push(`${name}:rollback:1`);
    return fateOf(`${name}:rollback:1`).outcome;
  });
  // Skipped at the platform: nothing was undone by it.
  return { state: outcomes.every((outcome) => outcome === 'success') ? 'rolled-back' : 'failed', commands };
};

let rig: RouterRig;
let routers: RouterProcess[] = [];
let examples = 0;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  routers = await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

const say = async (sent: Sent, said: Said, outcome: Outcome): Promise<void> => {
  if (said === 'accepted') return rig.answer(sent, 'accepted', { id: sent.id });
  if (said === 'unknown') return rig.answer(sent, 'unknown', { reason: 'no answer' });
  return rig.pipeline(sent.id, said, said === 'finished' ? { outcome } : {});
};

/** One router dies in the middle of its work; another one takes its place. */
const kill = async (at: number): Promise<void> => {
  const [doomed] = routers.splice(at % routers.length, 1);
  doomed!.child.kill('SIGKILL');
  await doomed!.exited;
  routers.push(await rig.start());
};

/** Tells what becomes of every command as soon as it is there, until all these runs are at their end. */
const play = async (started: ReadonlySet<string>, fateOf: (sent: Sent) => Fate): Promise<void> => {
  const answered = new Set<string>();
  await waitFor(async () => {
    for (const sent of (await rig.commands()).filter(({ id, data }) => started.has(data.run) && !answered.has(id))) {
      answered.add(sent.id);
      const { said, outcome } = fateOf(sent);
      await Promise.all(said.map((one) => say(sent, one, outcome)));
    }
    return (await rig.runs()).every(({ id, state }) => !started.has(id) || ['succeeded', 'failed', 'rolled-back', 'cancelled'].includes(state));
  }, { what: 'every run to end', timeoutMs: 120_000 });
};

const example = async (fates: readonly Fate[], kills: readonly number[]): Promise<void> => {
  examples += 1;
  const before = new Set((await rig.runs()).map(({ id }) => id));
  const hooks = Array.from({ length: RUNS }, (_, n) => `${examples}-${n}`);
  for (const id of [...hooks, ...hooks]) await rig.github(id, { delivery: `${id}-${Math.random()}` });
  const started = await waitFor(async () => {
    const ids = (await rig.runs()).map(({ id }) => id).filter((id) => !before.has(id));
    return ids.length === RUNS && ids;
  }, { what: 'all runs', timeoutMs: 60_000 });
  const fateAt = (run: string, command: string): Fate => fates[[...`${started.indexOf(run)}${command}`].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 1_000_003, 7) % fates.length]!;
  await Promise.all([play(new Set(started), (sent) => fateAt(sent.data.run, shortOf(sent))), (async () => { for (const at of kills) await kill(at); })()]);
  await rig.quiet(90_000);
  const sent = await rig.commands();
  const runs = await rig.runs();
  for (const run of started) {
    const commands = sent.filter(({ data }) => data.run === run).map(shortOf);
    expect(new Set(commands).size).toBe(commands.length);
    expect({ state: runs.find(({ id }) => id === run)!.state, commands: commands.sort() }).toEqual(((expected) => ({ ...expected, commands: expected.commands.sort() }))(oracle((command) => fateAt(run, command))));
    const versions = [...new Set((await rig.snapshots(run)).map(({ version }) => version))].sort((a, b) => a - b);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
  }
};

it('two routers that are killed at any moment, under news in any order, doubled and late, come to the end that was to be foreseen', () => fc.assert(
  fc.asyncProperty(fc.array(fate, { minLength: 3, maxLength: 12 }), fc.array(fc.nat(1), { minLength: 1, maxLength: 2 }), example),
  // Shrinking would take hours; the seed is printed.
  { numRuns: EXAMPLES, endOnFailure: true }), 600_000);
