import type { INestApplication } from '@nestjs/common';
import type { RunSnapshot } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import type { SlackPost } from '@stellwerk/simulators';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startNotifier } from '../../test/notifier-rig.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';

const metrics = new Metrics();
let world: NotifierWorld;
let notifier: INestApplication;

beforeAll(async () => {
  world = await prepareWorld();
  notifier = await startNotifier(world.env, metrics);
}, 180_000);

afterEach(() => world.chat.faults.clear());

afterAll(async () => {
  await notifier?.close();
  await world?.stop();
});

let branches = 0;
/** A run on a branch of its own: what other specs told does not count here. */
const started = (flow = 'lives'): RunSnapshot => {
  const run = toldRun(flow, 'running', { version: 1, finishedAt: undefined });
  return { ...run, event: { ...run.event, branch: `feature/${branches += 1}` } };
};
const became = (run: RunSnapshot, state: RunSnapshot['state'], version: number, some: Partial<RunSnapshot> = {}): RunSnapshot =>
  ({ ...toldRun(run.flow, state), id: run.id, event: run.event, version, ...some });
const textOf = ({ message }: SlackPost): string => JSON.stringify(message['blocks']);
const postsOf = (run: string): { messages: SlackPost[]; lines: SlackPost[] } => {
  const about = world.chat.slackPosts().filter((post) => JSON.stringify(post.message).includes(run));
  return { messages: about.filter(({ thread_ts: thread }) => !thread), lines: about.filter(({ thread_ts: thread }) => thread) };
};
const told = async (run: RunSnapshot, rows: number): Promise<void> => {
  await world.tell(run);
  await world.settled(run.id, rows);
};

describe('a run in a channel of a bot', () => {
  it('is one message that shows its newest state, and below it what people must see', async () => {
    const run = started();
    await told(run, 1);
    await told(became(run, 'failed', 5), 3);
    await told(became(run, 'running', 6, { attempt: 2, finishedAt: undefined }), 4);
    await world.tell(became(run, 'succeeded', 9, { attempt: 2 }), { recovered: true });
    await world.settled(run.id, 6);
    const { messages, lines } = postsOf(run.id);
    expect(messages).toHaveLength(1);
    expect(messages[0]!.edited).toHaveLength(3);
    expect(textOf(messages[0]!)).toContain('recovered');
    expect(lines.map(({ thread_ts: thread }) => thread)).toEqual([messages[0]!.ts, messages[0]!.ts]);
    expect(lines.map(textOf)).toEqual([expect.stringContaining('exit 1'), expect.stringContaining('recovered')]);
    expect(messages[0]!.message['metadata']).toMatchObject({ event_type: 'stellwerk_delivery', event_payload: { run: run.id, delivery: expect.stringMatching(/^msg_/), version: 9 } });
  });

  it('shows no state that is older than what it shows', async () => {
    const run = started();
    await told(became(run, 'succeeded', 9), 1);
    await told(run, 2);
    expect(await world.outcomes(run.id)).toEqual({ succeeded: 'delivered', started: 'superseded' });
    expect(postsOf(run.id).messages.map(({ edited }) => edited)).toEqual([[]]);
  });

  it('gets a new message when somebody deleted the old one', async () => {
    const run = started();
    await told(run, 1);
    const [{ ts }] = postsOf(run.id).messages as [SlackPost];
    world.chat.deleteSlackPost(ts);
    await told(became(run, 'failed', 5), 2);
    expect(postsOf(run.id).messages.map(textOf)).toEqual([expect.stringContaining('failed')]);
    expect(await world.outcomes(run.id)).toEqual({ started: 'delivered', failed: 'delivered' });
  });

  it('does not go on to show that it needs approval when it was given, though the channel is told nothing more', async () => {
    const asking = { finishedAt: undefined, steps: [{ name: 'deploy', state: 'waiting' as const, needs: [], awaits: { kind: 'approval' as const }, attempts: [] }] };
    const run = { ...started('asks-bot'), state: 'waiting' as const, ...asking };
    await world.tell({ ...run, state: 'running', version: 1 });
    await world.ask({ ...run, version: 3 });
    await world.tell({ ...run, version: 3 });
    await world.settled(run.id, 2);
    expect(postsOf(run.id).messages.map(textOf)).toEqual([expect.stringContaining('needs approval')]);
    await told({ ...run, state: 'running', version: 5 }, 3);
    expect(postsOf(run.id).messages.map(textOf)).toEqual([expect.stringContaining('is running')]);
    await told(became(run, 'failed', 7), 4);
    expect(postsOf(run.id)).toMatchObject({ messages: [{ edited: [expect.any(String), expect.any(String)] }], lines: [] });
    expect(await world.outcomes(run.id)).toEqual({ 'shows running': 'delivered', 'approval deploy': 'delivered', 'shows failed': 'delivered' });
  });

  it('pings nobody by what its branch is called', async () => {
    const run = started();
    const named = { ...run, event: { ...run.event, branch: '<!channel> & <@U1>' } };
    await told(named, 1);
    await told({ ...became(run, 'failed', 5), event: named.event }, 3);
    const { messages, lines } = postsOf(run.id);
    expect(messages.map(textOf)).toEqual([expect.stringContaining('&lt;!channel&gt; &amp; &lt;@U1&gt;')]);
    expect([...messages, ...lines].map(({ message }) => message)).toEqual([1, 2].map(() => expect.objectContaining({ parse: 'none', link_names: false })));
  });
});

describe('a call that goes wrong', () => {
  it('is repeated when it was an edit whose answer never came: the same edit twice is one', async () => {
    const run = started();
    await told(run, 1);
    world.chat.faults.add({ kind: 'reset-after', path: '*/chat.update' });
    await told(became(run, 'succeeded', 5), 2);
    expect(await world.outcomes(run.id)).toEqual({ started: 'delivered', succeeded: 'delivered' });
    expect(postsOf(run.id).messages.map(textOf)).toEqual([expect.stringContaining('succeeded')]);
  });

  it('is not repeated when it was a post; what comes next is told in a message of its own', async () => {
    const run = started();
    world.chat.faults.add({ kind: 'reset-after', path: '*/chat.postMessage' });
    await told(run, 1);
    await told(became(run, 'failed', 5), 2);
    await told(became(run, 'succeeded', 9, { attempt: 2 }), 3);
    expect(await world.outcomes(run.id)).toEqual({ started: 'unknown', failed: 'delivered', succeeded: 'delivered' });
    expect(postsOf(run.id).messages.map(({ edited }) => edited.length)).toEqual([0, 1]);
  });

  it('makes the whole channel wait when Slack says 200 and ratelimited', async () => {
    world.chat.faults.add({ kind: 'status', status: 200, path: '*/chat.postMessage', retryAfter: 1, body: { ok: false, error: 'ratelimited' } });
    const run = started();
    await told(run, 1);
    expect(await world.rows(run.id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const tries = (await world.chat.journal()).filter(({ path, body }) => path.endsWith('/chat.postMessage') && JSON.stringify(body).includes(run.id)).map(({ at }) => Date.parse(at));
    expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(1_000);
  });

  it('is the end when nobody invited the bot, and the row says what to do', async () => {
    const run = toldRun('uninvited', 'failed');
    await told(run, 1);
    expect(await world.rows(run.id)).toMatchObject([{ state: 'dead', attempts: 1, reason: expect.stringContaining('not_in_channel: invite the bot') }]);
    expect(await metrics.registry.metrics()).toMatch(/stellwerk_notifier_sends_total\{kind="slack",outcome="dead"\} 1/);
  });
});

describe('failures of one pipeline, one after the other', () => {
  it('are one message that counts; the recovery is said once, and the next failure anew', async () => {
    const first = started('fails');
    const runs = [1, 2, 3].map(() => ({ ...toldRun('fails', 'failed'), event: first.event }));
    for (const [index, run] of runs.entries()) await told(run, index === 0 ? 1 : 2);
    const messages = () => world.chat.slackPosts().filter(({ message, thread_ts: thread }) => !thread && textOf({ message } as SlackPost).includes(`${first.event.branch}\``));
    expect(messages()).toHaveLength(1);
    expect(textOf(messages()[0]!)).toContain('again 2 times');
    expect(textOf(messages()[0]!)).toContain(runs[2]!.id);
    expect(runs.slice(1).map(({ id }) => postsOf(id).lines.length)).toEqual([1, 1]);

    const good = { ...toldRun('fails', 'succeeded', { finishedAt: '2026-01-01T00:00:40.000Z' }), event: first.event };
    for (const again of [0, 1]) await world.tell(good, { recovered: true, again });
    await world.settled(good.id, 1);
    expect(postsOf(good.id).messages).toHaveLength(1);
    const later = { ...toldRun('fails', 'failed', { finishedAt: '2026-01-01T00:01:00.000Z' }), event: first.event };
    await told(later, 1);
    expect(messages().map(textOf)).toEqual([expect.stringContaining('again 2 times'), expect.stringContaining('recovered'), expect.not.stringContaining('again')]);
  });

  it('write to one message one after the other: what is slow does not write over what came behind it', async () => {
    const first = { ...toldRun('fails', 'failed'), event: started().event };
    await told(first, 1);
    world.chat.faults.add({ kind: 'delay', delayMs: 1_500, path: '*/chat.update' });
    await world.tell({ ...first, version: 15, attempt: 2 });
    await waitFor(async () => (await world.rows(first.id)).some(({ state }) => state === 'sending'), { what: 'the slow edit' });
    const second = { ...toldRun('fails', 'failed'), event: first.event };
    await told(second, 2);
    const [message] = postsOf(second.id).messages;
    expect(message!.edited).toHaveLength(2);
    expect(textOf(message!)).toContain(second.id);
  });

  it('do not wait for each other when the message that both might take over was never posted', async () => {
    const first = { ...toldRun('fails', 'failed'), event: started().event };
    world.chat.faults.add({ kind: 'reset-after', path: '*/chat.postMessage' });
    await told(first, 1);
    expect(await world.outcomes(first.id)).toEqual({ failed: 'unknown' });
    const second = { ...toldRun('fails', 'failed'), event: first.event };
    await world.database.query("INSERT INTO channel_gates VALUES ('bot', now() + interval '1 hour') ON CONFLICT (channel) DO UPDATE SET not_before = EXCLUDED.not_before");
    for (const run of [second, { ...first, version: 15, attempt: 2 }]) {
      await world.tell(run);
      await waitFor(async () => (await world.rows(run.id)).some(({ state }) => state === 'pending'), { what: 'a message behind the closed gate' });
    }
    await world.database.query('DELETE FROM channel_gates');
    await Promise.all([world.settled(second.id, 1), world.settled(first.id, 2)]);
    // Whichever came first posted, and the other took its message over.
    const both = world.chat.slackPosts().filter(({ message, thread_ts: thread }) => !thread && textOf({ message } as SlackPost).includes(`${first.event.branch}\``));
    expect(both.map(({ edited }) => edited.length)).toEqual([0, 1]);
  });

  it('are edits that nobody is told of while `quiet.same` lasts', async () => {
    const runs = [1, 2].map(() => toldRun('spared', 'failed'));
    for (const run of runs) await told(run, 1);
    const message = await waitFor(() => postsOf(runs[1]!.id).messages[0], { what: 'the message of the second failure' });
    expect(textOf(message)).toContain('again once');
    expect(message.edited).toHaveLength(1);
    expect(postsOf(runs[1]!.id).lines).toEqual([]);
  });
});

it('the token is in nothing that is kept', async () => {
  for (const table of ['deliveries', 'threads', 'topics']) expect(JSON.stringify((await world.database.query(`SELECT * FROM ${table}`)).rows)).not.toContain('xoxb-');
});
