import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '@stellwerk/cli';
import { connectNats } from '@stellwerk/messaging';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { waitFor } from '@stellwerk/testing';
import { RIG_SECRETS, connectionResource, flowResource, scanStep, startRig, triggerOf, type Rig } from '@stellwerk/testing/rig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverInVain } from './faults/tools/broker.ts';

const CLI = fileURLToPath(new URL('../cli/bin/stellwerk.mjs', import.meta.url));

let rig: Rig;
let broker: NatsConnection;

beforeAll(async () => {
  rig = await startRig({ services: { ingress: 1, router: 1, 'gitlab-connector': 1, status: 2 }, resources: [flowResource('one', { scan: scanStep({ await: false }) })] });
  broker = await connectNats('test', rig.nats.url);
}, 120_000);

afterAll(async () => {
  await broker?.close();
  await rig?.close();
}, 60_000);

interface Ran {
  code: number;
  out: string;
  err: string;
}

const statusUrl = (replica: number): string => `http://127.0.0.1:${rig.service('status')[replica]!.doorPort}`;

/** The command line, in this process: starting one for each call would be most of the time. */
const stellwerk = async (args: string[], replica = 1): Promise<Ran> => {
  const ran: Ran = { code: -1, out: '', err: '' };
  ran.code = await runCli([...args, '--url', statusUrl(replica)], { out: (text) => { ran.out += `${text}\n`; }, err: (text) => { ran.err += `${text}\n`; } });
  return ran;
};

/** The command line as a person calls it. */
const npx = (args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> => new Promise((resolve) => {
  execFile(process.execPath, [CLI, ...args], { env: { ...env, STELLWERK_URL: statusUrl(1) } }, (error, out, err) =>
    resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err }));
});

interface Letter {
  id: string;
  consumer: string;
  state: string;
  reason: string;
  messageId: string;
  preview: string;
}

const letters = async (...filter: string[]): Promise<Letter[]> => (JSON.parse((await stellwerk(['dead-letters', 'list', '--state', 'all', '--json', ...filter])).out) as { items: Letter[] }).items;

const publish = async (subject: string, id: string, values: Record<string, string>, body: string | Uint8Array): Promise<void> => {
  const message = headers();
  for (const [name, value] of Object.entries(values)) message.set(name, value);
  await jetstream(broker).publish(subject, body, { msgID: id, headers: message });
};

/** How often GitLab has started something for a run, by its own journal. */
const triggers = (run: string): number => rig.platforms.gitlab.journal()
  .filter((entry) => triggerOf(entry)?.accepted && triggerOf(entry)!.command.startsWith(`${run}:`)).length;

const runsOf = (flow: string) => rig.query<{ id: string; fact: string }>('SELECT id, fact FROM router.runs WHERE flow = $1 ORDER BY created_at', [flow]);
const runs = (flow: string, count: number) => waitFor(async () => {
  const found = await runsOf(flow);
  return found.length >= count && found;
}, { what: `${count} runs of ${flow}`, timeoutMs: 30_000 });

/** Nothing waits before the consumers that turn hooks into runs and commands into triggers. */
const quiet = () => waitFor(async () => {
  const manager = await jetstreamManager(broker);
  const infos = await Promise.all([['HOOKS', 'ingress-hooks'], ['EVENTS', 'router-events'], ['EVENTS', 'status-events'], ['COMMANDS', 'gitlab-connector-commands'], ['DEAD_LETTERS', 'status-dead-letters']]
    .map(([stream, name]) => manager.consumers.info(stream!, name!)));
  return infos.every((info) => info.num_pending + info.num_ack_pending === 0);
}, { what: 'quiet', timeoutMs: 30_000 });

describe('hooks that are normalized once more', () => {
  it('start what never started and nothing twice; --again starts it once more', async () => {
    const [known, early] = [rig.driver.make('one'), rig.driver.make('late')];
    await rig.driver.deliver(known);
    await rig.driver.deliver(early);
    await runs('one', 1);
    await quiet();
    expect(await runsOf('late')).toEqual([]);

    const dry = await npx(['replay', 'hooks', '--since', '10m', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/^replay \d+ done: \d+ hooks looked at, \d+ fit\n$/) });
    rig.put(flowResource('late', { scan: scanStep({ await: false }) }));
    await waitFor(async () => (await (await fetch(`${statusUrl(0)}/api/flows`)).text()).includes('"late"'), { what: 'the flow in force' });

    // The router takes a change up within a second, as status has.
    const replay = () => stellwerk(['replay', 'hooks', '--since', '10m', '--connection', 'github', '--json']);
    await waitFor(async () => {
      const { code, out, err } = await replay();
      expect([code, err], out).toEqual([0, expect.any(String)]);
      expect(JSON.parse(out)).toMatchObject({ state: 'done', failed: 0 });
      await quiet();
      return (await runsOf('late')).length > 0;
    }, { what: 'the run that never started', everyMs: 500, timeoutMs: 30_000 });
    expect((await runsOf('late')).map(({ id }) => id)).toEqual([early.run]);
    expect((await runsOf('one')).map(({ id }) => id)).toEqual([known.run]);
    await waitFor(() => triggers(early.run!) > 0, { what: 'the trigger' });

    const again = await stellwerk(['replay', 'hooks', '--id', `github:${early.id}`, '--again']);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('1 fit, 1 sent') });
    const both = await runs('late', 2);
    expect(both[1]!.fact).toMatch(new RegExp(`^${both[0]!.fact.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')}:again:\\d+$`));
    await waitFor(() => triggers(both[1]!.id) === 1, { what: 'the second trigger' });
    await quiet();
    expect([(await runsOf('late')).length, (await runsOf('one')).length, ...[early.run!, both[1]!.id, known.run!].map(triggers)]).toEqual([2, 1, 1, 1, 1]);
  }, 120_000);
});

describe('a replay of hooks whose replica dies in the middle', () => {
  it('goes on in another one, and starts each run once', async () => {
    const sent = await Promise.all(Array.from({ length: 20 }, async () => {
      const delivery = rig.driver.make('cut');
      await rig.driver.deliver(delivery);
      return delivery;
    }));
    await quiet();
    rig.put(flowResource('cut', { scan: scanStep({ await: false }) }));
    await waitFor(async () => (await (await fetch(`${statusUrl(0)}/api/flows`)).text()).includes('"cut"'), { what: 'the flow in force' });
    const [first, second] = rig.service('status');
    await second!.term();
    await first!.restart({ env: { FAILPOINT: 'status.hooks-replayed' } });
    const ordered = await stellwerk(['replay', 'hooks', '--no-wait', '--json', ...sent.flatMap(({ id }) => ['--id', `github:${id}`])], 0);
    const { number } = JSON.parse(ordered.out) as { number: number };
    await first!.dead();
    await second!.start();
    // Its lease has to end first.
    const ended = await waitFor(async () => {
      const replay = JSON.parse((await stellwerk(['replay', 'show', String(number), '--json'])).out) as { state: string; sent: number };
      return replay.state !== 'running' && replay;
    }, { what: 'the other replica to finish it', timeoutMs: 100_000, everyMs: 500 });
    expect(ended).toMatchObject({ state: 'done', sent: 20 });
    await waitFor(() => sent.every(({ run }) => triggers(run!) > 0), { what: 'a trigger of each', timeoutMs: 60_000 });
    await quiet();
    expect((await runsOf('cut')).map(({ id }) => id).sort()).toEqual(sent.map(({ run }) => run!).sort());
    expect(sent.map(({ run }) => triggers(run!))).toEqual(sent.map(() => 1));
    await first!.start();
  }, 180_000);
});

describe('a payload from the command line', () => {
  it('is signed, taken, and starts what it would have started', async () => {
    const delivery = rig.driver.make('one');
    const file = join(rig.dir, 'payload.json');
    await writeFile(file, delivery.body);
    const args = ['send', 'github', file, '--config', rig.configDir, '--url', rig.front.url, '--delivery', delivery.id];
    const env = { ...process.env, ...RIG_SECRETS };
    expect(await npx(args, env)).toEqual({ code: 0, out: `taken as github:${delivery.id}\n`, err: '' });
    await waitFor(async () => (await runsOf('one')).some(({ id }) => id === delivery.run), { what: 'its run', timeoutMs: 30_000 });
    expect(await npx(args, { ...env, GITHUB_HOOK_SECRET: 'another secret' })).toMatchObject({ code: 1, err: expect.stringContaining('refused with 401') });
    expect(await npx(['send', 'nobody', file, '--config', rig.configDir], env)).toMatchObject({ code: 2, err: expect.stringContaining('no valid connection nobody') });
  }, 120_000);
});

describe('a hook that could not be read', () => {
  it('is seen with its reason, and replayed after the fix by two people at once starts its run once', async () => {
    const lost = rig.driver.make('one');
    const stored = { 'hook-id': `later:${lost.id}`, 'hook-received-at': new Date().toISOString(), 'hook-content-type': 'application/json', 'hook-x-github-event': 'workflow_run' };
    await publish('hooks.github.later', `later:${lost.id}`, stored, lost.body);
    const letter = await waitFor(async () => (await letters('--message', `later:${lost.id}`)).at(0), { what: 'the letter', timeoutMs: 60_000, everyMs: 500 });
    expect(letter).toMatchObject({ state: 'open', consumer: 'ingress-hooks', reason: 'there is no connection later any more' });
    const shown = await stellwerk(['dead-letters', 'show', letter.id]);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('there is no connection later any more');
    expect(shown.out).toContain('"workflow_run"');

    const before = (await runsOf('one')).length;
    rig.put({ ...connectionResource('github', rig.platforms.github.url), metadata: { name: 'later' } });
    rig.put(flowResource('one', { scan: scanStep({ await: false }) }, { on: { event: 'pipelinerun.finished', from: ['github', 'later'], repository: 'acme/one', outcome: 'success' } }));
    await waitFor(async () => (await (await fetch(`${statusUrl(0)}/api/connections`)).text()).includes('"later"'), { what: 'the connection in force' });
    const answers = await Promise.all([0, 1].map((replica) => stellwerk(['dead-letters', 'replay', letter.id], replica)));
    expect(answers.map(({ code }) => code)).toEqual([0, 0]);
    expect(answers.filter(({ out }) => out.includes('ordered the same before'))).toHaveLength(1);
    await runs('one', before + 1);
    await waitFor(() => triggers(lost.run!) === 1, { what: 'the trigger' });
    await quiet();
    expect([(await runsOf('one')).length, triggers(lost.run!)]).toEqual([before + 1, 1]);
  }, 120_000);
});

describe('a command that was given up', () => {
  /** Delivered in vain until its connector gave it up. */
  const givenUp = async (): Promise<{ run: string; letter: Letter; seq: number }> => {
    const manager = await jetstreamManager(broker);
    const [connector] = rig.service('gitlab-connector');
    await connector!.term();
    const delivery = rig.driver.make('one');
    await rig.driver.deliver(delivery);
    await waitFor(async () => (await manager.consumers.info('COMMANDS', 'gitlab-connector-commands')).num_pending > 0, { what: 'its command', timeoutMs: 30_000 });
    const seq = (await manager.streams.info('COMMANDS')).state.last_seq;
    await deliverInVain(rig, 'gitlab-connector-commands', seq, 20);
    await connector!.start();
    const letter = await waitFor(async () => (await letters('--message', `${delivery.run}:scan:run:1`)).at(0), { what: 'its dead letter', timeoutMs: 60_000, everyMs: 500 });
    await waitFor(async () => (await rig.query<{ state: string }>('SELECT state FROM router.runs WHERE id = $1', [delivery.run])).at(0)?.state === 'waiting', { what: 'its step to be unknown' });
    return { run: delivery.run!, letter, seq };
  };

  it('triggers once when it is replayed, also by a replica that dies over it, and never again', async () => {
    const { run, letter, seq } = await givenUp();
    expect(triggers(run)).toBe(0);
    const [first, second] = rig.service('status');
    await second!.term();
    await first!.restart({ env: { FAILPOINT: 'status.replay-published' } });
    const ordered = await stellwerk(['dead-letters', 'replay', letter.id, '--no-wait', '--json'], 0);
    expect(ordered.code).toBe(0);
    await first!.dead();
    await second!.start();
    await waitFor(async () => {
      const { out } = await stellwerk(['dead-letters', 'show', letter.id, '--json']);
      const { replay, note } = JSON.parse(out) as { replay: { sentAt: string | null } | null; note: string | null };
      // The other replica is told that the step has got on, or sends the same copy, which is dropped.
      return replay?.sentAt ?? note;
    }, { what: 'the other replica to finish it', timeoutMs: 60_000, everyMs: 500 });
    await waitFor(() => triggers(run) === 1, { what: 'the trigger', timeoutMs: 30_000 });
    await quiet();
    expect([triggers(run), (await jetstreamManager(broker).then((manager) => manager.streams.info('COMMANDS'))).state.last_seq - seq]).toEqual([1, 1]);
    await first!.start();
    expect((await stellwerk(['dead-letters', 'replay', letter.id, '--again'])).code).toBe(1);
    await quiet();
    expect(triggers(run)).toBe(1);
  }, 180_000);

  it('is not sent once a person has said that it ran, and says so', async () => {
    const { run, letter } = await givenUp();
    const answer = await fetch(`${statusUrl(1)}/api/runs/${run}/steps/scan/resolve`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ran: true, run: '4711' }),
    });
    expect(answer.status).toBe(202);
    const ran = await stellwerk(['dead-letters', 'replay', letter.id]);
    expect(ran).toMatchObject({ code: 1 });
    const shown = JSON.parse((await stellwerk(['dead-letters', 'show', letter.id, '--json'])).out) as { state: string; note: string };
    expect(shown).toMatchObject({ state: 'open', note: 'not sent: step scan is succeeded already' });
    await quiet();
    expect(triggers(run)).toBe(0);
  }, 180_000);
});

describe('what no consumer can read', () => {
  it('is kept by each, listed, and purged with a reason', async () => {
    await publish('events.github.pipelinerun.finished', 'poison:1', {}, '{"half":');
    const found = await waitFor(async () => {
      const all = await letters('--message', 'poison:1');
      return all.length >= 2 && all;
    }, { what: 'the letters of both consumers', timeoutMs: 30_000, everyMs: 500 });
    expect(found.map(({ consumer }) => consumer).sort()).toEqual(['router-events', 'status-events']);
    const listed = await stellwerk(['dead-letters', 'list', '--consumer', 'router-events']);
    expect(listed.out.split('\n')[0]).toMatch(/^ID\s+AT\s+STATE\s+CONSUMER\s+DELIVERIES\s+REASON$/);
    expect(listed.out).toContain('body is not JSON');

    expect(await stellwerk(['dead-letters', 'purge', found[0]!.id])).toMatchObject({ code: 2, err: expect.stringContaining('--reason') });
    expect(await stellwerk(['dead-letters', 'purge', '--reason', 'noise'])).toMatchObject({ code: 2 });
    expect(await stellwerk(['dead-letters', 'purge', '--message', 'poison:1', '--reason', 'noise'])).toMatchObject({ code: 0, out: '2 dead letter(s) purged\n' });
    expect((await letters('--message', 'poison:1')).map(({ state }) => state)).toEqual(['purged', 'purged']);
    expect(await stellwerk(['dead-letters', 'replay', found[0]!.id, 'nobody'])).toMatchObject({ code: 1, err: expect.stringMatching(/was purged by local: noise[\s\S]*no dead letter "nobody"/) });
  }, 60_000);
});
