import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CANCEL_ACTION, FOLLOW_ACTION, shortType } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN, startRig, type CaseConnection, type Rig, type SentCommand } from './rig.js';
import { untilRested } from './rest.js';
import { matches, type Subject } from './subject.js';

const SLOW = 120_000;
/** Processes are started in it, which takes long on a busy machine. */
const STARTS = 300_000;
const CASES = 40;
const STORM = 8;
/** The platforms' words for a run that failed. */
const FAILED: Readonly<Partial<Record<Subject['platform'], string>>> = { gitlab: 'failed', jenkins: 'FAILURE' };

/** The promises that every connector keeps, against a real broker, a real database and a platform that misbehaves. */
export const describeConformance = (subject: Subject): void => {
  describe(`${subject.service} keeps the promises of a connector`, () => {
    let rig: Rig;
    let next = 0;
    let known = new Set<string>();
    const connections: CaseConnection[] = Array.from({ length: CASES }, (_, index) => ({ name: `case-${index}` }));
    const fresh = (): string => connections[next++]!.name;
    /** Runs that came up since the case began. */
    const started = (): string[] => rig.platform.runs().map((run) => subject.urlOf(run)).filter((url) => !known.has(url));
    const runOf = (event: { data: Record<string, unknown> }): { id: string; url: string; number?: number } => event.data.platformRun as { id: string; url: string; number?: number };
    const runsNow = (): Set<string> => new Set(rig.platform.runs().map((run) => subject.urlOf(run)));
    const triggerCalls = async () =>
      (await rig.platform.journal()).filter(({ kind, method, path }) => kind === 'request' && method === 'POST' && matches(subject.triggerPath, path));
    const healthOf = (name: string) => rig.events.filter(({ type, data }) => shortType(type) === 'connection.health' && data.connection === name).map(({ data }) => data);
    const runUrlOf = (event: { data: Record<string, unknown> }): string => (subject.byId ? runOf(event).id : runOf(event).url);

    beforeAll(async () => {
      rig = await startRig(subject);
      await rig.configure([...connections, { name: 'closed', allow: [] }, { name: 'nowhere', url: 'http://127.0.0.1:9' }]);
      await rig.startConnector();
    }, 300_000);

    afterAll(async () => rig?.close());
    afterEach(() => {
      rig.platform.faults.clear();
      known = runsNow();
    });

    const expectOneRun = async (sent: SentCommand): Promise<void> => {
      const accepted = await rig.outcome(sent, 'trigger.accepted');
      expect(started()).toEqual([runUrlOf(accepted)]);
      expect(accepted.data.outputs).toEqual(subject.outputs?.(runOf(accepted)));
      await rig.followed(sent, 'pipelinerun.finished');
      expect(started()).toEqual([runUrlOf(accepted)]);
    };

    it('starts a run, names it, and follows it to its end without any hook', async () => {
      const sent = await rig.send(fresh());
      const accepted = await rig.outcome(sent);
      expect(accepted).toMatchObject({ id: `${sent.id}:accepted`, correlationid: sent.command.run, source: `/services/${subject.service}`, data: { followed: true, repository: subject.repository } });
      expect(accepted.data.outputs).toEqual(subject.outputs?.(runOf(accepted)));
      const finished = await rig.followed(sent, 'pipelinerun.finished');
      expect(finished.data).toMatchObject({ outcome: 'success', repository: subject.repository });
      expect(finished.fact.startsWith(`${String(accepted.data.platformRunKey)}/`)).toBe(true);
      expect(finished.id).toBe(`${sent.command.connection}:poll:${finished.fact}`);
      expect(started()).toEqual([runUrlOf(accepted)]);
    }, SLOW);

    it('says of a run that is not awaited that accepted is all', async () => {
      const sent = await rig.send(fresh(), { await: false });
      expect((await rig.outcome(sent)).data).toMatchObject({ followed: false });
    }, SLOW);

    it('tells a failed run as failed', async () => {
      rig.platform.outcomes.next(subject.outcomeKey, [subject.failed ?? FAILED[subject.platform] ?? 'failure']);
      const sent = await rig.send(fresh());
      expect((await rig.followed(sent, 'pipelinerun.finished')).data).toMatchObject({ outcome: 'failure' });
    }, SLOW);

    it('starts once what is ordered twice, and says the same again', async () => {
      const sent = await rig.send(fresh());
      const first = await rig.outcome(sent);
      await rig.resend(sent);
      await waitFor(() => rig.events.filter(({ id }) => id === first.id).length > 1, { what: 'the same event again' });
      await expectOneRun(sent);
    }, SLOW);

    it('starts a run also where the platform does not take our id', async () => {
      const sent = await rig.send(fresh(), { with: subject.worksWithoutCarrier });
      const accepted = await rig.outcome(sent, 'trigger.accepted');
      expect(started()).toEqual([runUrlOf(accepted)]);
    }, SLOW);

    it('starts several at once without mixing them up', async () => {
      const connection = fresh();
      const sent = await Promise.all(Array.from({ length: 8 }, async (_, n) => rig.send(connection, { with: subject.several?.(n) ?? (n % 2 ? subject.works : subject.worksWithoutCarrier) })));
      const ids = await Promise.all(sent.map(async (one) => runUrlOf(await rig.outcome(one, 'trigger.accepted'))));
      expect(new Set(ids).size).toBe(8);
      await waitFor(() => started().length === 8, { what: 'eight runs' });
    }, SLOW);

    it('rejects with the reason of the platform', async () => {
      const sent = await rig.send(fresh(), { with: subject.refused.with });
      const rejected = await rig.outcome(sent);
      expect(rejected).toMatchObject({ id: `${sent.id}:rejected`, data: { rejection: 'refused' } });
      expect(rejected.data.reason).toMatch(subject.refused.words);
      expect(started()).toEqual([]);
    }, SLOW);

    it('rejects what is not there', async () => {
      const rejected = await rig.outcome(await rig.send(fresh(), { with: subject.missing }));
      expect(rejected.data).toMatchObject({ rejection: 'refused' });
    }, SLOW);

    it.each([404, 422, 400])('rejects on %i, once', async (status) => {
      rig.platform.faults.add({ kind: 'status', path: subject.triggerPath, status, times: 0, body: { message: 'thus spoke the test' } });
      const rejected = await rig.outcome(await rig.send(fresh()));
      expect(rejected.data).toMatchObject({ rejection: 'refused' });
      expect(rejected.data.reason).toContain('thus spoke the test');
      expect(started()).toEqual([]);
    }, SLOW);

    it('rejects on a redirect and does not follow it', async () => {
      rig.platform.faults.add({ kind: 'status', path: subject.triggerPath, status: 307, headers: { location: `${rig.platform.url}/elsewhere` } });
      const rejected = await rig.outcome(await rig.send(fresh()));
      expect(rejected.data).toMatchObject({ rejection: 'refused' });
      expect((await rig.platform.journal()).some(({ path }) => path.startsWith('/elsewhere'))).toBe(false);
    }, SLOW);

    it('rejects an action or a connection that is not there', async () => {
      const [action, connection] = [await rig.send(fresh(), { action: 'fly' }), await rig.send('removed')];
      expect((await rig.outcome(action)).data.reason).toContain('fly');
      expect((await rig.outcome(connection)).data.reason).toContain('removed');
    }, SLOW);

    it('calls no private address that is not listed', async () => {
      const before = (await triggerCalls()).length;
      const rejected = await rig.outcome(await rig.send('closed'));
      expect(rejected.data).toMatchObject({ rejection: 'error' });
      expect(rejected.data.reason).toMatch(/network\.allow/);
      expect(await triggerCalls()).toHaveLength(before);
    }, SLOW);

    it('waits while credentials are refused, says so, and goes on with new ones', async () => {
      const tokenFile = join(rig.dir, 'token');
      await writeFile(tokenFile, 'wrong');
      const name = 'locked';
      await rig.configure([...connections, { name, tokenFile }]);
      await waitFor(() => healthOf(name).length > 0, { what: 'the new connection' });
      const sent = await rig.send(name);
      await waitFor(() => healthOf(name).some(({ state }) => state === 'paused'), { what: 'a paused connection' });
      expect(rig.events.some(({ causationid }) => causationid === sent.id)).toBe(false);
      await writeFile(tokenFile, TOKEN);
      await rig.configure([...connections, { name, tokenFile, allow: ['127.0.0.0/8', '::1/128'] }]);
      await expectOneRun(sent);
      await waitFor(() => healthOf(name).at(-1)?.state === 'ok', { what: 'a connection that is well again' });
    }, SLOW);

    it.each([false, true])('waits out a 429 (Retry-After as date: %s) and calls not a moment earlier', async (retryAfterAsDate) => {
      rig.platform.faults.add({ kind: 'status', path: subject.triggerPath, status: 429, retryAfter: 2, retryAfterAsDate });
      const sent = await rig.send(fresh());
      await expectOneRun(sent);
      const calls = (await triggerCalls()).slice(-2);
      const waited = Date.parse(calls[1]!.at) - Date.parse(calls[0]!.at);
      // A date has whole seconds: up to one of the two is cut.
      expect(waited).toBeGreaterThanOrEqual(retryAfterAsDate ? 1_000 : 2_000);
    }, SLOW);

    it.each([
      ['a 500 before anything was done', { kind: 'status', status: 500 }],
      ['a 502 after the run was started', { kind: 'status-after', status: 502 }],
      ['a reset before the platform acted', { kind: 'reset-before' }],
      ['a reset after the platform acted', { kind: 'reset-after' }],
      ['no answer, nothing done', { kind: 'hang-before' }],
      ['no answer, though done', { kind: 'hang-after' }],
      ['an answer that is no JSON', { kind: 'malformed' }],
      ['an answer that never ends', { kind: 'slow-body' }],
      ['an answer that is too long to read', { kind: 'huge-body' }],
    ] as const)('ends with exactly one run after %s', async (_, fault) => {
      rig.platform.faults.add({ ...fault, method: 'POST', path: subject.triggerPath });
      await expectOneRun(await rig.send(fresh()));
    }, SLOW);

    it('finds a run that cannot show our id, when it is the only one there can be', async () => {
      rig.platform.faults.add({ kind: 'reset-after', method: 'POST', path: subject.triggerPath });
      const connection = fresh();
      // Twice: the first may find out that the carrier is refused, the second then goes without it.
      await rig.outcome(await rig.send(connection, { with: subject.worksWithoutCarrier }), 'trigger.accepted');
      known = runsNow();
      rig.platform.faults.add({ kind: 'reset-after', method: 'POST', path: subject.triggerPath });
      const accepted = await rig.outcome(await rig.send(connection, { with: subject.worksWithoutCarrier }), 'trigger.accepted');
      expect(started()).toEqual([runUrlOf(accepted)]);
    }, SLOW);

    it('sends later what could not be sent now', async () => {
      const sent = await rig.send('nowhere');
      const server = createServer((_, response) => response.writeHead(404).end('{"message":"reached"}'));
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      await rig.configure([...connections, { name: 'nowhere', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }]);
      expect((await rig.outcome(sent)).data).toMatchObject({ rejection: 'refused' });
      server.close();
    }, SLOW);

    it('holds its calls back in a storm of 500, says so, and brings every command to its end afterwards', async () => {
      const connection = fresh();
      // Once it is seen that a run shows our id, dispatches need not go one after the other.
      await expectOneRun(await rig.send(connection));
      known = runsNow();
      const callsBefore = (await triggerCalls()).length;
      rig.platform.faults.add({ kind: 'status', method: 'POST', path: subject.triggerPath, status: 500, times: 0 });
      const sent = await Promise.all(Array.from({ length: STORM }, async (_, n) => rig.send(connection, { with: subject.several?.(n) ?? subject.works })));
      await waitFor(() => healthOf(connection).some(({ state }) => state === 'degraded'), { timeoutMs: 60_000, what: 'an open breaker' });
      rig.platform.faults.clear();
      await waitFor(() => sent.every(({ id }) => rig.events.some((event) => event.id === `${id}:accepted`)), { timeoutMs: 75_000, what: 'every command accepted' });
      expect(started()).toHaveLength(STORM);
      // Whatever was on its way when the storm ended.
      expect((await triggerCalls()).slice(callsBefore).filter(({ fault }) => fault === undefined)).toHaveLength(STORM);
    }, 180_000);

    it('cancels a run that it started', async () => {
      rig.platform.outcomes.next(subject.outcomeKey, ['never']);
      const connection = fresh();
      const sent = await rig.send(connection);
      await rig.outcome(sent, 'trigger.accepted');
      const cancel = await rig.send(connection, { action: CANCEL_ACTION, purpose: 'cancel', with: {}, await: false, cancels: sent.id, run: sent.command.run }, `${sent.command.run}:step:cancel:1`);
      expect((await rig.outcome(cancel)).data).toMatchObject({ purpose: 'cancel', followed: false });
      expect((await rig.followed(sent, 'pipelinerun.finished')).data).toMatchObject({ outcome: 'cancelled' });
    }, SLOW);

    it('follows the run that a person names', async () => {
      const connection = fresh();
      const first = await rig.send(connection);
      const accepted = await rig.outcome(first, 'trigger.accepted');
      const follow = await rig.send(connection, { action: FOLLOW_ACTION, n: 2, with: { command: first.id, run: runOf(accepted).id } }, first.id.replace(/:1$/, ':2'));
      const followed = await rig.outcome(follow, 'trigger.accepted');
      expect([runUrlOf(followed), followed.data.outputs]).toEqual([runUrlOf(accepted), accepted.data.outputs]);
      const unknown = await rig.send(connection, { action: FOLLOW_ACTION, n: 3, with: { command: first.id, run: '99999999' } }, first.id.replace(/:1$/, ':3'));
      expect((await rig.outcome(unknown)).data).toMatchObject({ rejection: 'refused' });
    }, SLOW);

    it.each(['connector.before-send', 'connector.after-send', 'connector.after-outcome'])('ends with exactly one run when it is killed at %s', async (point) => {
      await rig.stopConnectors();
      const doomed = await rig.startConnector({ FAILPOINT: point });
      const died = new Promise<NodeJS.Signals | null>((resolve) => doomed.once('exit', (_, signal) => resolve(signal)));
      await untilRested(rig, subject);
      const sent = await rig.send(fresh());
      expect(await died).toBe('SIGKILL');
      await rig.startConnector();
      await expectOneRun(sent);
    }, STARTS);
  });
};
