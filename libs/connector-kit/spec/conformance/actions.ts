import { shortType } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { itOutlivesKills, killedConnections } from './kills.js';
import { startRig, type Rig, type SentCommand } from './rig.js';
import { matches, toldRepeats, type ActionCase, type Subject } from './subject.js';

const SLOW = 180_000;
/** More than a case of an action needs. */
const CONNECTIONS = 20;
/** After each of these the effect may be there or not, and the connector cannot know it from the answer. */
const UNTOLD = [
  { kind: 'status', status: 500 }, { kind: 'status-after', status: 502 }, { kind: 'reset-before' }, { kind: 'reset-after' }, { kind: 'hang-before' },
  { kind: 'hang-after' }, { kind: 'malformed' }, { kind: 'slow-body' }, { kind: 'huge-body' },
] as const;

/** The promises of the actions that start no run: done once, whatever becomes of the answer; refused with the platform's reason. */
export const describeActions = (subject: Subject, cases: readonly ActionCase[]): void => {
  describe(`${subject.service} does once what is ordered once`, () => {
    let rig: Rig;
    const connections = cases.flatMap(({ action }) => Array.from({ length: CONNECTIONS }, (_, n) => `${action}-${n}`));

    beforeAll(async () => {
      rig = await startRig(subject);
      await rig.configure([...[...connections, ...killedConnections(cases)].map((name) => ({ name })), { name: 'closed', allow: [] }]);
      // A person is asked soon enough for a test.
      await rig.startConnector({ UNKNOWN_AFTER_MILLISECONDS: '15000' });
    }, 300_000);
    afterAll(async () => rig?.close());
    afterEach(() => rig.platform.faults.clear());

    describe.each([...cases])('$action', ({ action, method, path, prepare, refused, missing, absenceIsNeverSure = false }) => {
      const free = connections.filter((name) => name.startsWith(`${action}-`));
      const send = (values: Record<string, unknown>, connection = free.shift()!): Promise<SentCommand> =>
        rig.send(connection, { action, with: values, await: false });
      const calls = async () => (await rig.platform.journal()).filter((one) => one.kind === 'request' && one.method === method && matches(path, one.path));

      it('is done, once, however often it is ordered, and gives what it made', async () => {
        const { with: values, effects, outputs, repeats } = await prepare(rig.platform);
        const sent = await send(values);
        const { data } = await rig.outcome(sent);
        expect(data).toMatchObject({ command: sent.id, followed: false });
        expect(data.outputs).toEqual(await outputs?.());
        expect(data.repeats).toEqual(toldRepeats(repeats));
        expect((await rig.outcome(sent)).id).toBe(`${sent.id}:accepted`);
        await rig.resend(sent);
        await waitFor(() => rig.events.filter(({ causationid }) => causationid === sent.id).length > 1, { what: 'the same answer again' });
        expect(await effects()).toBe(1);
      }, SLOW);

      it('is refused with the reason of the platform, and where there is nothing of that name', async () => {
        const values = typeof refused.with === 'function' ? await refused.with(rig.platform) : refused.with;
        const told = await rig.outcome(await send(values));
        expect(told).toMatchObject({ data: { rejection: 'refused' } });
        expect(told.data.reason).toMatch(refused.words);
        expect((await rig.outcome(await send(missing))).data).toMatchObject({ rejection: 'refused' });
      }, SLOW);

      it.each([401, 404, 422])('is refused on %i, after one call', async (status) => {
        const { with: values, effects } = await prepare(rig.platform);
        const before = (await calls()).length;
        rig.platform.faults.add({ kind: 'status', method, path, status, body: { message: 'thus spoke the test' } });
        const told = await rig.outcome(await send(values));
        expect(told.data).toMatchObject({ rejection: 'refused' });
        expect(told.data.reason).toContain('thus spoke the test');
        expect((await calls()).length - before).toBe(1);
        expect(await effects()).toBe(0);
      }, SLOW);

      it.each([false, true])('waits out a 429 (Retry-After as date: %s)', async (retryAfterAsDate) => {
        const { with: values, effects } = await prepare(rig.platform);
        rig.platform.faults.add({ kind: 'status', method, path, status: 429, retryAfter: 2, retryAfterAsDate });
        await rig.outcome(await send(values), 'trigger.accepted');
        const [refusal, call] = (await calls()).slice(-2).map(({ at }) => Date.parse(at));
        // A date has whole seconds: up to one of the two is cut.
        expect(call! - refusal!).toBeGreaterThanOrEqual(retryAfterAsDate ? 1_000 : 2_000);
        expect(await effects()).toBe(1);
      }, SLOW);

      it('goes neither to where it is redirected nor to an address that is not allowed', async () => {
        const { with: values, effects } = await prepare(rig.platform);
        rig.platform.faults.add({ kind: 'status', method, path, status: 307, headers: { location: `${rig.platform.url}/elsewhere` } });
        expect((await rig.outcome(await send(values))).data).toMatchObject({ rejection: 'refused' });
        const closed = await rig.outcome(await send(values, 'closed'));
        expect(closed.data).toMatchObject({ rejection: 'error' });
        expect(closed.data.reason).toMatch(/network\.allow/);
        expect((await rig.platform.journal()).some((one) => one.path.startsWith('/elsewhere'))).toBe(false);
        expect(await effects()).toBe(0);
      }, SLOW);

      it('is done exactly once, whatever becomes of the answer', async () => {
        const under = [];
        for (const fault of UNTOLD) {
          const { with: values, effects, outputs, repeats } = await prepare(rig.platform);
          const before = (await calls()).length;
          rig.platform.faults.add({ ...fault, method, path });
          const sent = await send(values);
          await waitFor(async () => (await calls()).length > before || isSettled(rig, sent), { what: `a call that meets ${fault.kind}` });
          under.push({ fault: fault.kind, sent, effects, outputs, repeats });
        }
        for (const { fault, sent, effects, outputs, repeats } of under) {
          const { type, data } = await rig.outcome(sent);
          const told = shortType(type);
          const asked = absenceIsNeverSure && told === 'trigger.unknown';
          expect({ fault, told }).toEqual({ fault, told: asked ? 'trigger.unknown' : 'trigger.accepted' });
          expect({ fault, effects: await effects() }).toEqual({ fault, effects: asked ? expect.toSatisfy((count: number) => count <= 1) : 1 });
          expect([undefined, await outputs?.()]).toContainEqual(data.outputs);
          expect({ fault, repeats: data.repeats }).toEqual({ fault, repeats: toldRepeats(repeats, !asked) });
        }
      }, SLOW);
    });

    itOutlivesKills(cases, () => rig);
  });
};

const isSettled = ({ events }: Rig, sent: SentCommand): boolean => events.some(({ causationid }) => causationid === sent.id);
