import type { Scenario } from '../scenario.ts';
import { SOAK } from '../soak/setup.ts';
import { soak } from '../soak/soak.ts';

const SECONDS = 90;
/** Every process dies once or twice in that time. */
const KILL_EVERY_MS = 4_000;

/** Everything at once, by chance. A seed that fails becomes a scenario of its own. */
export const seededSoak: Scenario = {
  number: 35,
  title: 'soak: webhooks doubled and out of order while every process is killed in turn',
  setup: SOAK,
  quick: true,
  quietSeconds: 300,
  async run({ rig, random, check, did, say }) {
    const result = await soak(rig, {
      events: 1_000_000, seconds: SECONDS, seed: random.integer(1_000_000), killEveryMs: KILL_EVERY_MS, say: (line) => say(`  ${line}`),
      request: (delivery, outcome) => void rig.driver.ledger.note(delivery, outcome),
    });
    for (const fault of result.faults) check(false, fault);
    const kills = Object.entries(result.kills).map(([name, n]) => `${name} ${n}`).join(', ');
    did(`${result.accepted} webhooks in ${SECONDS} s, 1 % doubled, out of order; killed ${kills}`);
  },
};
