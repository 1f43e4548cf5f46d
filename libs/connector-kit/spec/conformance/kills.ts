import { shortType } from '@stellwerk/contracts';
import { expect, it } from 'vitest';
import type { Rig } from './rig.js';
import { toldRepeats, type ActionCase } from './subject.js';

/** Before the call, with "sent" committed; and after the platform's answer, before that is written. */
const POINTS = ['connector.before-send', 'connector.after-send'] as const;
const STARTS = 300_000;
/** A person is asked soon where the platform cannot tell. */
const ASKED_AFTER = { UNKNOWN_AFTER_MILLISECONDS: '8000' };

const connectionFor = (point: string, action: string): string => `${point.replace('connector.', '')}-${action}`;

/** What the connections of these cases are called. */
export const killedConnections = (cases: readonly ActionCase[]): string[] => POINTS.flatMap((point) => cases.map(({ action }) => connectionFor(point, action)));

/** Every action at once stands at the point when the process is killed there: one crash and one recovery for all. */
export const itOutlivesKills = (cases: readonly ActionCase[], rigOf: () => Rig): void => {
  it.each(POINTS)('has one effect or asks a person, and gives the outputs of that effect or none, when it is killed at %s', async (point) => {
    const rig = rigOf();
    const under = [];
    for (const { action, prepare, absenceIsNeverSure = false } of cases) under.push({ action, absenceIsNeverSure, ...(await prepare(rig.platform)) });
    await rig.stopConnectors();
    const doomed = await rig.startConnector({ FAILPOINT: `${point}:together@${cases.length}` });
    const died = new Promise<NodeJS.Signals | null>((resolve) => doomed.once('exit', (_, signal) => resolve(signal)));
    const sent = await Promise.all(under.map(({ action, with: values }) => rig.send(connectionFor(point, action), { action, with: values, await: false })));
    expect(await died).toBe('SIGKILL');
    await rig.startConnector(ASKED_AFTER);
    for (const [index, { action, absenceIsNeverSure, effects, outputs, repeats }] of under.entries()) {
      const { type, data } = await rig.outcome(sent[index]!);
      const told = shortType(type);
      const asked = absenceIsNeverSure && told === 'trigger.unknown';
      expect({ action, told }).toEqual({ action, told: asked ? 'trigger.unknown' : 'trigger.accepted' });
      expect({ action, effects: await effects() }).toEqual({ action, effects: asked ? expect.toSatisfy((count: number) => count <= 1) : 1 });
      expect([undefined, await outputs?.()]).toContainEqual(data.outputs);
      expect({ action, repeats: data.repeats }).toEqual({ action, repeats: toldRepeats(repeats, !asked) });
    }
  }, STARTS);
};
