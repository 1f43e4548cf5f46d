import { waitFor } from '@stellwerk/testing';
import { seconds, underLoad } from '../load.ts';
import { callsSince } from '../platform-calls.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const STORM_SECONDS = 30;
const SLOW_MS = 400;
/** `limits.concurrency` where nothing else is said. */
const CONCURRENCY = 10;
/** Ten may be under way at once before the breaker opens, and one trial follows each 20 s; the rest is room for the first window. */
const MOST_CALLS = 30;

/** Everything answers 500 for a while: the breaker opens, little is asked, and the recovery is no herd. */
export const stormOf500: Scenario = {
  number: 9,
  title: '500 storm and recovery: breaker opens, no herd',
  setup: SINGLE,
  quietSeconds: 300,
  async run({ rig, check, did, quiet }) {
    const { gitlab } = rig.platforms;
    const [connector] = rig.service('gitlab-connector');
    await gitlab.addFaults({ kind: 'status', status: 500, method: 'POST', path: '*/pipeline', times: 0 });
    const began = new Date();
    const made = await underLoad(rig, { flows: ['scan'], perSecond: 4, repeat: true }, async () => {
      await waitFor(async () => /breaker_state\{[^}]*calls="triggers"[^}]*\} 2/.test(await connector!.metrics()), { what: 'the breaker of triggers to open', timeoutMs: 30_000, everyMs: 200 });
      await seconds(STORM_SECONDS);
    });
    const during = callsSince(gitlab, began, 'POST').length;
    check(during <= MOST_CALLS, `${during} triggers were tried during the storm for ${made.length} hooks, allowed are ${MOST_CALLS}`);
    await gitlab.clearFaults();
    // Slow answers show how many are under way at once.
    await gitlab.addFaults({ kind: 'delay', delayMs: SLOW_MS, method: 'POST', path: '*/pipeline', times: 0 });
    const over = new Date();
    await waitFor(() => callsSince(gitlab, over, 'POST').length > 0, { what: 'the first trigger after the storm', timeoutMs: 60_000, everyMs: 100 });
    await quiet(200_000);
    const times = callsSince(gitlab, over, 'POST').map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
    const underWay = (from: number): number => times.filter((at) => at >= from && at < from + SLOW_MS * 0.9).length;
    check(underWay(times[0]!) === 1, `the trial after the storm was not alone: ${underWay(times[0]!)} were under way at once`);
    const most = Math.max(...times.map(underWay));
    check(most <= CONCURRENCY, `${most} triggers were under way at once after the storm, the connection allows ${CONCURRENCY}`);
    did(`GitLab answered 500 to every trigger for ${STORM_SECONDS} s and ${made.length} hooks: ${during} were tried`);
  },
};
