import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DemoClient, type EndHook, type PushedRun } from './demo.client.js';
import { type Moment, momentLine, momentsOf } from './journey.js';
import { FINAL_STATES, type RunSeen } from './views.js';

export interface DemoOptions {
  /** `http://127.0.0.1:8081`. */
  statusUrl: string;
  simulators: { github: string; chat?: string };
  print: (line: string) => void;
  /** How long the whole journey may take. Default two minutes. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface DemoResult {
  runId: string;
  state: string;
}

const LOOK_EVERY_MILLISECONDS = 100;
const CI_MILLISECONDS = 1000;
const MESSAGES_WITHIN_MILLISECONDS = 10_000;

/** Lets a CI run end on the simulated GitHub, whose signed webhook starts the flow, and prints what becomes of it until its end. Throws when the end does not come in time. */
export const runDemo = async (options: DemoOptions): Promise<DemoResult> => {
  const { statusUrl, simulators, print } = options;
  const client = new DemoClient(statusUrl, simulators.github);
  const patient = patience(options.signal, Date.now() + (options.timeoutMs ?? 120_000));
  const push = await patient('the simulated GitHub to take a push', () =>
    client.push({ sha: randomBytes(20).toString('hex'), milliseconds: CI_MILLISECONDS, message: 'Show the basket on every page' }),
  );
  print(
    `a change was pushed to ${push.repository.full_name}@${push.head_branch} (${push.head_sha.slice(0, 8)}): CI runs on GitHub  ${push.html_url}`,
  );
  const start = await tellHook(client, push, print, patient);
  const run = await follow(client, { statusUrl, sha: push.head_sha, start, print, patient });
  if (simulators.chat) await tellMessages(client, simulators.chat, start, print, options.signal).catch(lateMessages(print));
  return { runId: run.id, state: run.state };
};

/** What was looked for did not come in time. */
class WaitedInVain extends Error {}

type Patient = <T>(what: string, look: () => Promise<T | undefined>) => Promise<T>;

/** Looks again and again; a service that is away for a moment is no reason to stop looking. */
const patience =
  (signal: AbortSignal | undefined, deadline: number): Patient =>
  async (what, look) => {
    let reason = '';
    while (Date.now() < deadline) {
      signal?.throwIfAborted();
      try {
        const found = await look();
        if (found !== undefined) return found;
      } catch (error) {
        reason = ` (${error instanceof Error ? error.message : String(error)})`;
      }
      await wait(LOOK_EVERY_MILLISECONDS, undefined, { signal });
    }
    throw new WaitedInVain(`waited in vain for ${what}${reason}`);
  };

/** Gives the moment the hook left GitHub. */
const tellHook = async (client: DemoClient, push: PushedRun, print: (line: string) => void, patient: Patient): Promise<number> => {
  const look = (): Promise<EndHook> => patient('the webhook of the CI run', async () => (await client.endHooks(push.id)).get(String(push.id)));
  let hook = await look();
  while (hook.state !== 'delivered') {
    print(`the webhook was not taken (${hook.status ?? hook.answer}); GitHub does not repeat it by itself, so it is sent again as a person would`);
    const { id } = hook;
    await patient('a redelivery', async () => (await client.redeliver(hook), true));
    hook = await patient('the redelivery to arrive', async () => {
      const latest = await look();
      return latest.id > id ? latest : undefined;
    });
  }
  const start = Date.parse(hook.deliveredAt ?? hook.createdAt);
  print(
    momentLine(
      {
        key: 'hook',
        at: hook.deliveredAt ?? null,
        what: 'hook',
        text: `workflow_run completed, delivery ${hook.delivery}, signed; ingress answered ${hook.status} in ${Math.round((hook.seconds ?? 0) * 1000)} ms`,
      },
      start,
    ),
  );
  return start;
};

interface Following {
  statusUrl: string;
  sha: string;
  start: number;
  print: (line: string) => void;
  patient: Patient;
}

const follow = async (client: DemoClient, { statusUrl, sha, start, print, patient }: Following): Promise<RunSeen> => {
  const told = new Set<string>();
  const tell = (moment: Moment): void => {
    if (!told.has(moment.key)) print(momentLine(moment, start));
    told.add(moment.key);
  };
  const first = await patient('the run to start', () => client.runOf(sha));
  const event = await patient('the event to be recorded', () => client.eventOf(sha, first.event.id));
  tell({ key: 'event', at: event.recordedAt, what: 'event', text: `${event.type} ${first.event.id}` });
  const ended = await patient('the run to end', async () => {
    const run = await client.run(first.id);
    for (const moment of momentsOf(run, `${statusUrl}/runs/${run.id}`, await client.acceptances(run.id))) tell(moment);
    return FINAL_STATES.includes(run.state) ? run : undefined;
  });
  tell({ key: 'end', at: ended.finishedAt ?? null, what: 'run', text: [ended.state, ended.reason].filter(Boolean).join(': ') });
  return ended;
};

/** The run has ended all the same. */
const lateMessages =
  (print: (line: string) => void) =>
  (error: unknown): void => {
    if (!(error instanceof WaitedInVain)) throw error;
    print(`Slack and Discord have not been told yet: ${error.message}`);
  };

/** People hear of it a moment later. */
const tellMessages = async (
  client: DemoClient,
  chatUrl: string,
  start: number,
  print: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> => {
  const since = (messages: { at: string; channel: string }[]): { at: string; channel: string }[] =>
    messages.filter((message) => Date.parse(message.at) >= start);
  const look = patience(signal, Date.now() + MESSAGES_WITHIN_MILLISECONDS);
  const messages = await look('messages on Slack and Discord', async () => {
    const found = since(await client.messages(chatUrl));
    return ['slack', 'discord'].every((channel) => found.some((message) => message.channel === channel)) ? found : undefined;
  });
  for (const message of messages) print(momentLine({ key: message.at, at: message.at, what: message.channel, text: 'the team was told' }, start));
};
