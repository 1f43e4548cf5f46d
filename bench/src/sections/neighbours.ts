import { mustBeAccepted, runFlows } from '../measure/run-flows.ts';
import { percentile } from '../measure/percentile.ts';
import type { Sent } from '../load/loops.ts';
import { atMost } from '../report/figures.ts';
import type { Stack } from '../stack/stack.ts';
import { withStack, type Context } from './context.ts';

const RATE = 50;
const NEIGHBOUR_RATE = 5;
/** In turn, so that whatever else the machine does meets both alike. */
const ROUNDS = 3;
const MOST = 1.2;
/** Long enough that calls hang to their time limit, and the breaker knows. */
const HANGING_SECONDS = 15;
const ANSWERING_SECONDS = 2;

/** Numbers of webhooks that no other load uses. */
let first = 9_000_000_000;

const sendNeighbours = async (stack: Stack, seconds: number): Promise<void> => {
  const sent = await stack.driver.ask<Sent>({ order: 'open', target: { ...stack.target, path: '/hooks/neighbour' }, rate: NEIGHBOUR_RATE, seconds, first });
  first += NEIGHBOUR_RATE * seconds;
  mustBeAccepted(sent);
};

const times = async (stack: Stack, hangs: boolean, seconds: number): Promise<readonly number[]> => {
  await stack.platform.ask({ order: 'neighbour', hangs });
  await sendNeighbours(stack, hangs ? HANGING_SECONDS : ANSWERING_SECONDS);
  const [{ triggerMs }] = await Promise.all([runFlows(stack, { order: 'open', rate: RATE, seconds }), sendNeighbours(stack, seconds)]);
  const held = await stack.platform.ask<number>({ order: 'neighbour', hangs: false });
  if (hangs && held === 0) throw new Error('no call of the neighbour hung: nothing was measured');
  return triggerMs;
};

/** Flows of one connection while the platform of another answers, and while it hangs. */
export const neighbours = async ({ findings, pace, say }: Context): Promise<void> => {
  await withStack({ neighbour: true }, async (stack) => {
    await runFlows(stack, { order: 'open', rate: RATE, seconds: pace.warm });
    const seen = { answers: [] as number[], hangs: [] as number[] };
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const hangs of [false, true]) {
        say(`ours: latency at ${RATE}/s while another connection ${hangs ? 'hangs' : 'answers'}, round ${round} of ${ROUNDS}`);
        seen[hangs ? 'hangs' : 'answers'].push(...await times(stack, hangs, pace.latency));
      }
    }
    for (const share of [0.5, 0.99]) {
      const [answers, hangs] = [percentile(seen.answers, share), percentile(seen.hangs, share)];
      const what = `hook → trigger at ${RATE} flows/s, p${share * 100}`;
      findings.figure({ section: 'neighbours', what: `${what}, while another connection answers`, value: answers, unit: 'ms' });
      findings.figure({ section: 'neighbours', what: `${what}, while another connection hangs`, value: hangs, unit: 'ms' });
      findings.figure({
        section: 'neighbours', what: `${what}, the one as a share of the other`, value: hangs / answers, unit: '',
        target: share === 0.99 ? atMost(hangs / answers, MOST) : undefined,
      });
    }
  });
};
