import { startRig, type Rig } from '@stellwerk/testing/rig';
import type { Scenario, Setup } from '../scenario.ts';
import { verdictOf } from './report.ts';
import { brokenResult, runScenario, type Result, type RunOptions } from './run-scenario.ts';

/** In the order of setups, so that each rig is started once. */
const inOrder = (scenarios: readonly Scenario[]): Scenario[] => [...Map.groupBy(scenarios, ({ setup }) => setup.key).values()].flat();

/** Holds the rig of the setup in use. A scenario that broke something leaves its folder behind, and the next gets a fresh rig. */
class Rigs {
  readonly #options: RunOptions;
  #rig?: Rig;
  #key?: string;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  async of({ key, options }: Setup): Promise<Rig> {
    if (this.#rig && this.#key === key) return this.#rig;
    await this.close();
    this.#options.say(`· starting the rig "${key}" …`);
    const began = Date.now();
    this.#rig = await startRig({ seed: this.#options.seed, ...options });
    this.#key = key;
    this.#options.say(`  it runs after ${Math.round((Date.now() - began) / 1_000)} s, in ${this.#rig.dir}`);
    return this.#rig;
  }

  async abandon(): Promise<void> {
    if (this.#rig) this.#options.say(`  logs, journals and ledger stay in ${this.#rig.keep()}`);
    await this.close();
  }

  async close(): Promise<void> {
    await this.#rig?.close();
    this.#rig = undefined;
    this.#key = undefined;
  }
}

/** Runs them one after the other; the results by number. */
export const runSuite = async (scenarios: readonly Scenario[], options: RunOptions): Promise<Result[]> => {
  const rigs = new Rigs(options);
  const results: Result[] = [];
  try {
    for (const scenario of inOrder(scenarios)) {
      options.say(`· ${scenario.number} ${scenario.title} …`);
      const result = await rigs.of(scenario.setup).then((rig) => runScenario(rig, scenario, options), (error: unknown) => brokenResult(scenario, options, error));
      results.push(result);
      for (const violation of result.violations) options.say(`  ✗ ${violation}`);
      options.say(`  ${verdictOf(result)}, after ${result.seconds} s: ${result.did}`);
      if (result.violations.length > 0) await rigs.abandon();
    }
  } finally {
    await rigs.close();
  }
  return results.sort((a, b) => a.number - b.number);
};
