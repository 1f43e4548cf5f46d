import { memoryOf, watchMemory } from '../measure/memory.ts';
import { runFlows } from '../measure/run-flows.ts';
import { withStack, type Context } from './context.ts';

const PARTS = 12;
const PART_SECONDS = 300;
/** Half of what is sustained: steady, not at the edge. */
const SHARE = 0.5;
const MOST_GROWTH = 1.1;

/** An hour of steady load: memory must not grow after the first ten minutes. */
export const soak = async (context: Context): Promise<void> => {
  const rate = context.soakRate ?? Math.max(1, Math.floor((await context.ours('one-step')).sustained.held * SHARE));
  await withStack({}, async (stack) => {
    const parts: Record<string, number>[] = [];
    for (let part = 1; part <= PARTS; part += 1) {
      context.say(`ours: soak at ${rate}/s, part ${part} of ${PARTS}`);
      const watch = watchMemory(stack.services);
      await runFlows(stack, { order: 'open', rate, seconds: PART_SECONDS });
      watch.stop();
      parts.push(await memoryOf(stack.services));
    }
    for (const [name, last] of Object.entries(parts.at(-1)!)) {
      const growth = last / parts[1]![name]!;
      context.findings.figure({
        section: 'soak', what: `${name}, memory after an hour at ${rate}/s, share of that after ten minutes`, value: growth, unit: '',
        target: { text: `flat (≤ ${MOST_GROWTH})`, reached: growth <= MOST_GROWTH }, note: `${last.toFixed(0)} MB`,
      });
    }
  });
};
