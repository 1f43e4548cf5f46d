import { triggerOf, type FaultKind, type PlatformHandle } from '@stellwerk/testing/rig';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const KINDS: readonly FaultKind[] = ['reset-after', 'hang-after', 'status-after', 'malformed', 'reset-before', 'hang-before'];
const PATHS = { github: '*/dispatches', gitlab: '*/pipeline', jenkins: '*/build*' } as const;
const FLOWS = { github: 'ship', gitlab: 'scan', jenkins: 'build' } as const;

const CARRIERLESS = 4;

/** How often the workflow that takes no id of ours was started for each commit since then. */
const strictStarts = (github: PlatformHandle, since: string): number[] => {
  const started = github.journal().filter((entry) => entry.path.endsWith('/strict.yml/dispatches') && entry.at >= since && triggerOf(entry)?.accepted);
  return [...Map.groupBy(started, ({ body }) => (body as { inputs: { version: string } }).inputs.version).values()].map(({ length }) => length);
};

/** Without our id in it, a run whose answer was lost can only be told by being the sole one that fits. */
const withoutCarrier = async ({ rig, check, expected, quiet }: ScenarioContext): Promise<void> => {
  const { github } = rig.platforms;
  const since = new Date().toISOString();
  // The first finds out that the id is refused; from then on it is left out, and a cut answer is that of a start.
  await rig.driver.deliver(rig.driver.make('strict'));
  await quiet();
  await github.addFaults({ kind: 'reset-after', method: 'POST', path: '*/strict.yml/dispatches' });
  await rig.driver.load({ flows: ['strict'], count: CARRIERLESS - 1, connections: 2, repeat: true });
  await quiet(240_000);
  const starts = strictStarts(github, since);
  expected.anonymous = CARRIERLESS;
  check(starts.length === CARRIERLESS && starts.every((times) => times === 1), `${CARRIERLESS} commands without a carrier were started ${starts.join(', ')} times`);
};

/** The answer never comes, comes broken or says 500, whether or not the platform did its work. */
export const acceptsThenSilent: Scenario = {
  number: 8,
  title: 'platform accepts, then resets or hangs',
  setup: SINGLE,
  quick: true,
  async run(context) {
    const { rig, full, did, quiet } = context;
    const platforms = full ? rig.platforms.all : [rig.platforms.gitlab];
    for (const platform of platforms) for (const kind of full ? KINDS : KINDS.slice(0, 2)) {
      await platform.addFaults({ kind, method: 'POST', path: PATHS[platform.name], times: 2 });
    }
    for (const platform of platforms) await rig.driver.load({ flows: [FLOWS[platform.name]], count: full ? 2 * KINDS.length + 4 : 6, connections: 3, repeat: true });
    await quiet(240_000);
    if (full) await withoutCarrier(context);
    did(`${platforms.map(({ name }) => name).join(', ')}: ${KINDS.join(', ')}, twice each, among triggers that went well${full ? '; a workflow that takes no id of ours, cut off once' : ''}`);
  },
};
