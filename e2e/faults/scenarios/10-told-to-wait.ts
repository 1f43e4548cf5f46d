import { waitFor } from '@stellwerk/testing';
import { callsSince } from '../platform-calls.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const WAIT_SECONDS = 6;
const HOOKS = 5;
// A date tells whole seconds: up to one less.
const FORMS = [{ as: 'seconds', retryAfterAsDate: false, atLeastMs: WAIT_SECONDS * 1_000 }, { as: 'a date', retryAfterAsDate: true, atLeastMs: (WAIT_SECONDS - 1) * 1_000 }] as const;

/** 429 with Retry-After: that connection makes no call of any kind before, the others go on. */
export const toldToWait: Scenario = {
  number: 10,
  title: '429 with Retry-After as seconds and date: no call earlier, other connections unaffected',
  setup: SINGLE,
  async run({ rig, check, did, quiet }) {
    const { gitlab, jenkins } = rig.platforms;
    for (const { as, retryAfterAsDate, atLeastMs } of FORMS) {
      await gitlab.addFaults({ kind: 'status', status: 429, method: 'POST', path: '*/pipeline', retryAfter: WAIT_SECONDS, retryAfterAsDate });
      const began = new Date();
      await rig.driver.deliver(rig.driver.make('scan'));
      const refused = await waitFor(() => callsSince(gitlab, began).find(({ answer }) => answer?.status === 429), { what: 'the 429', timeoutMs: 30_000 });
      await rig.driver.load({ flows: ['scan', 'build'], count: 2 * HOOKS, connections: 4, repeat: true });
      const until = Date.parse(refused.at) + atLeastMs;
      const others = await waitFor(() => callsSince(jenkins, began, 'POST').length || undefined, { what: 'Jenkins to be asked meanwhile', timeoutMs: Math.max(1_000, until - Date.now()) }).catch(() => 0);
      check(others > 0, 'Jenkins was not asked while GitLab wanted us to wait');
      await quiet();
      const early = callsSince(gitlab, new Date(Date.parse(refused.at) + 1)).filter(({ at }) => Date.parse(at) < until);
      check(early.length === 0, `told to wait ${WAIT_SECONDS} s by ${as}, GitLab was asked ${early.length} times before: ${early.map(({ method, path, at }) => `${method} ${path} at ${at}`).join(', ')}`);
    }
    did(`GitLab answered 429 with Retry-After ${WAIT_SECONDS} s, as seconds and as a date, while hooks for it and for Jenkins came in`);
  },
};
