import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CANCEL_ACTION, cloudEvent, shortType } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN, startRig, type CaseConnection, type Rig, type SentCommand } from './rig.js';
import { untilRested } from './rest.js';
import { matches, type Subject } from './subject.js';

const SLOW = 120_000;
/** Processes are started in it, which takes long on a busy machine. */
const STARTS = 300_000;
const CASES = 12;

/** What a command comes to that is replayed, overtaken, too early, unreadable, or whose connector stands still. */
export const describeSettling = (subject: Subject): void => {
  describe(`${subject.service} settles every command`, () => {
    let rig: Rig;
    let connector: ChildProcess;
    let next = 0;
    let known = new Set<string>();
    const connections: CaseConnection[] = Array.from({ length: CASES }, (_, index) => ({ name: `case-${index}` }));
    const fresh = (): string => connections[next++]!.name;
    const runsNow = (): string[] => rig.platform.runs().map((run) => subject.urlOf(run));
    const started = (): string[] => runsNow().filter((url) => !known.has(url));
    /** Until the connector has tried once more. */
    const tried = async (work: () => Promise<SentCommand>): Promise<SentCommand> => {
      const before = await rig.metric(connector, 'dispatch_steps_total');
      const sent = await work();
      await waitFor(async () => (await rig.metric(connector, 'dispatch_steps_total')) > before, { what: 'a try' });
      return sent;
    };
    const states = (name: string): unknown[] => rig.events.filter(({ type, data }) => shortType(type) === 'connection.health' && data.connection === name).map(({ data }) => data.state);

    beforeAll(async () => {
      rig = await startRig(subject);
      await rig.configure(connections);
      connector = await rig.startConnector();
    }, 300_000);
    afterAll(async () => rig?.close());
    afterEach(() => {
      rig.platform.faults.clear();
      known = new Set(runsNow());
    });

    it('does not send a command that comes after a later one of its step', async () => {
      const connection = fresh();
      const later = await rig.send(connection, { n: 2 }, `${crypto.randomUUID()}:step:run:2`);
      await rig.outcome(later, 'trigger.accepted');
      const replayed = await rig.send(connection, { n: 1 }, later.id.replace(/:2$/, ':1'));
      const { data } = await rig.outcome(replayed);
      expect(data).toMatchObject({ command: replayed.id, rejection: 'error' });
      expect(data.reason).toContain('a later command');
      expect(started()).toHaveLength(1);
    }, SLOW);

    it('does not send a command whose cancel came first, and answers both', async () => {
      const connection = fresh();
      const id = `${crypto.randomUUID()}:step:run:1`;
      const cancel = await rig.send(connection, { action: CANCEL_ACTION, purpose: 'cancel', with: {}, await: false, cancels: id }, id.replace(':run:', ':cancel:'));
      await rig.outcome(cancel, 'trigger.accepted');
      const sent = await rig.send(connection, {}, id);
      expect((await rig.outcome(sent)).data).toMatchObject({ command: id, rejection: 'error', reason: 'cancelled before it was sent' });
      await waitFor(() => rig.events.filter(({ causationid }) => causationid === id).length > 1, { what: 'the answer to the command itself' });
      expect(started()).toEqual([]);
    }, SLOW);

    it('cancels the run that a person named, whatever became of the command that is said to have started it', async () => {
      const connection = fresh();
      rig.platform.faults.add({ kind: 'status', method: 'POST', path: subject.triggerPath, status: 422, body: { message: 'no' } });
      const failed = await rig.send(connection);
      await rig.outcome(failed, 'trigger.rejected');
      rig.platform.outcomes.next(subject.outcomeKey, ['never']);
      const running = await rig.send(connection);
      const { data } = await rig.outcome(running, 'trigger.accepted');
      const cancel = async (platformRun: string, n: number): Promise<void> => {
        const order = { action: CANCEL_ACTION, purpose: 'cancel', n, with: {}, await: false, cancels: failed.id, platformRun } as const;
        await rig.outcome(await rig.send(connection, order, failed.id.replace(/:run:1$/, `:cancel:${n}`)), 'trigger.accepted');
      };
      await cancel('99999999', 1);
      await cancel((data.platformRun as { id: string }).id, 2);
      expect((await rig.followed(running, 'pipelinerun.finished')).data).toMatchObject({ outcome: 'cancelled' });
    }, SLOW);

    it('waits for a connection that is configured seconds later', async () => {
      const sent = await tried(() => rig.send('late'));
      expect(rig.isSettled(sent)).toBe(false);
      await rig.configure([...connections, { name: 'late' }]);
      await rig.outcome(sent, 'trigger.accepted');
      expect(started()).toHaveLength(1);
    }, SLOW);

    it('waits for a secret that is away for a moment', async () => {
      const tokenFile = join(rig.dir, 'token');
      writeFileSync(tokenFile, TOKEN);
      await rig.configure([...connections, { name: 'gap', tokenFile }]);
      await waitFor(() => states('gap').length > 0, { what: 'the connection' });
      await rename(tokenFile, `${tokenFile}.away`);
      const sent = await tried(() => rig.send('gap'));
      await rename(`${tokenFile}.away`, tokenFile);
      await rig.outcome(sent, 'trigger.accepted');
      expect(started()).toHaveLength(1);
    }, SLOW);

    it('takes up a secret that is replaced in its place', async () => {
      const tokenFile = join(rig.dir, 'replaced');
      writeFileSync(tokenFile, 'wrong');
      await rig.configure([...connections, { name: 'replaced', tokenFile }]);
      await waitFor(() => states('replaced').length > 0, { what: 'the connection' });
      const sent = await rig.send('replaced');
      await waitFor(() => states('replaced').includes('paused'), { what: 'a paused connection' });
      // One that comes now is not even tried, and says why all the same.
      const parked = await rig.send('replaced');
      expect((await rig.outcome(parked, 'trigger.delayed')).data.reason).toMatch(/^it is tried again: /);
      await writeFile(tokenFile, TOKEN);
      await rig.outcome(sent, 'trigger.accepted');
      await rig.outcome(parked, 'trigger.accepted');
      await waitFor(() => states('replaced').at(-1) === 'ok', { what: 'a connection that is well again' });
    }, SLOW);

    it('says of a command that nobody can read that its outcome is unknown', async () => {
      const id = `${crypto.randomUUID()}:step:run:1`;
      const event = cloudEvent({ id, source: '/services/router', type: 'command.requested', subject: 'r', time: new Date(), correlationId: 'r', causationId: id, data: { action: 7 } });
      await rig.sendRaw(fresh(), JSON.stringify(event));
      const told = await waitFor(() => rig.events.find(({ causationid }) => causationid === id), { what: 'a word about it' });
      expect(told).toMatchObject({ type: 'dev.stellwerk.trigger.unknown.v1', data: { command: id, step: 'step', purpose: 'run' } });
    }, SLOW);

    it('takes a 401 of one object for that object’s, and goes on with the others', async () => {
      const connection = fresh();
      rig.platform.faults.add({ kind: 'status', method: 'POST', path: subject.triggerPath, status: 401, body: { message: 'not this one' } });
      const refused = await rig.outcome(await rig.send(connection));
      expect(refused.data).toMatchObject({ rejection: 'refused' });
      expect(refused.data.reason).toContain('not this one');
      await rig.outcome(await rig.send(connection), 'trigger.accepted');
      expect(states(connection)).not.toContain('paused');
    }, SLOW);

    it('counts what it did: calls, waits, and no command on two runs', async () => {
      rig.platform.faults.add({ kind: 'status', method: 'POST', path: subject.triggerPath, status: 429, retryAfter: 1 });
      const connection = fresh();
      await rig.followed(await rig.send(connection), 'pipelinerun.finished');
      // What is left of the second when it is counted.
      expect(await rig.metric(connector, 'rate_limited_seconds_total')).toBeGreaterThan(0.9);
      expect(await rig.metric(connector, 'call_seconds_count')).toBeGreaterThan(0);
      expect(await rig.metric(connector, 'dispatch_steps_total')).toBeGreaterThan(0);
      expect(await rig.metric(connector, 'duplicate_triggers_total')).toBe(0);
    }, SLOW);

    it.each(['connector.after-intent', 'connector.before-send'])('sends nothing more when it stood still at %s until another had taken over', async (point) => {
      await rig.stopConnectors();
      const paused = await rig.startConnector({ FAILPOINT: `${point}:stop` });
      await untilRested(rig, subject);
      const before = (await rig.platform.journal()).length;
      const sent = await rig.send(fresh());
      await waitFor(() => /^\d+ \(.*\) T/.test(readFileSync(`/proc/${paused.pid}/stat`, 'utf8')), { what: 'a stopped process' });
      const other = await rig.startConnector();
      await rig.outcome(sent, 'trigger.accepted');
      expect(await rig.metric(other, 'lease_takeovers_total')).toBe(1);
      paused.kill('SIGCONT');
      await waitFor(async () => (await rig.metric(paused, 'fence_rejections_total')) >= 2, { what: 'a call withheld and an outcome not written' });
      expect(started()).toHaveLength(1);
      const posts = (await rig.platform.journal()).slice(before).filter(({ kind, method, path }) => kind === 'request' && method === 'POST' && matches(subject.triggerPath, path));
      expect(posts).toHaveLength(1);
    }, STARTS);
  });
};
