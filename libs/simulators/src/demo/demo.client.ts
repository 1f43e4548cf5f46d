import type { ChatMessage } from '../chat/chat.simulator.js';
import type { HookRecord } from '../kit/hooks.js';
import type { JournalEntry } from '../kit/types.js';
import type { RunSeen } from './views.js';

export interface PushedRun {
  id: number;
  run_number: number;
  name: string;
  head_sha: string;
  head_branch: string;
  html_url: string;
  repository: { full_name: string };
}

export type EndHook = Omit<HookRecord, 'body'>;

interface List<T> {
  items: T[];
}

/** Generous: under a burst everything is busy. */
const PAGE = 200;
const TIMEOUT_MILLISECONDS = 30_000;

/** Reads the status API and steers the simulators, as any person could with curl. */
export class DemoClient {
  constructor(
    private readonly statusUrl: string,
    private readonly githubUrl: string,
  ) {}

  /** A developer's push whose CI run ends soon. */
  push(order: { sha: string; milliseconds: number; message: string }): Promise<PushedRun> {
    return this.call<PushedRun>(
      `${this.githubUrl}/_simulator/push`,
      JSON.stringify({ ...order, repository: 'acme/shop', workflow: 'ci.yml', branch: 'main' }),
    );
  }

  /** The webhooks that told of the end of workflow runs, by run id; a redelivery stands for its first. */
  async endHooks(run?: number): Promise<Map<string, EndHook>> {
    const about = encodeURIComponent(`${run ?? ''} completed`);
    const { items } = await this.call<List<EndHook>>(`${this.githubUrl}/_simulator/hooks?event=workflow_run&about=${about}`);
    return new Map(items.filter((hook) => hook.state !== 'pending').map((hook) => [hook.about.split(' ')[0]!, hook]));
  }

  async redeliver(hook: EndHook): Promise<void> {
    await this.call(`${this.githubUrl}/_simulator/hooks/${hook.id}/redeliver`, '{}');
  }

  async runOf(sha: string): Promise<RunSeen | undefined> {
    return (await this.call<List<RunSeen>>(`${this.statusUrl}/api/runs?sha=${sha}`)).items[0];
  }

  /** The newest runs, so many at least; few large answers cost a busy machine less than many small ones. */
  async newestRuns(count: number): Promise<RunSeen[]> {
    const runs: RunSeen[] = [];
    let cursor: string | null = '';
    while (cursor !== null && runs.length < count) {
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: List<RunSeen> & { next: string | null } = await this.call(`${this.statusUrl}/api/runs?limit=${PAGE}${from}`);
      runs.push(...page.items);
      cursor = page.next;
    }
    return runs;
  }

  async run(id: string): Promise<RunSeen> {
    return this.call<RunSeen>(`${this.statusUrl}/api/runs/${id}`);
  }

  /** When the event that started a run was written down. */
  async eventOf(sha: string, id: string): Promise<{ type: string; recordedAt: string } | undefined> {
    const { items } = await this.call<List<{ id: string; type: string; recordedAt: string }>>(`${this.statusUrl}/api/events?sha=${sha}`);
    return items.find((event) => event.id === id);
  }

  /** When each platform run was accepted, by its id. */
  async acceptances(run: string): Promise<Map<string, string>> {
    const url = `${this.statusUrl}/api/events?run=${run}&type=trigger.accepted&limit=100`;
    const { items } = await this.call<List<{ data: { platformRun?: { id: string }; occurredAt: string } }>>(url);
    return new Map(items.flatMap(({ data }) => (data.platformRun ? [[data.platformRun.id, data.occurredAt] as const] : [])));
  }

  messages(chatUrl: string): Promise<ChatMessage[]> {
    return this.call<List<ChatMessage>>(`${chatUrl}/_simulator/messages`).then(({ items }) => items);
  }

  /** What a simulator was asked to start. */
  triggers(simulatorUrl: string, path: string): Promise<JournalEntry[]> {
    return this.call<List<JournalEntry>>(`${simulatorUrl}/_simulator/journal?kind=request&method=POST&path=${encodeURIComponent(path)}`).then(
      ({ items }) => items,
    );
  }

  private async call<T>(url: string, body?: string): Promise<T> {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
