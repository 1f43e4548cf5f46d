import { randomUUID } from 'node:crypto';
import { HookSwitch, type HookFaults } from './hook-switch.js';
import type { HookRecord, NewHook } from './hook-record.js';
import type { Journal } from './journal.js';
import type { Store, Table } from './store.js';
import type { Timers } from './timers.js';

export { HookSwitch, type HookFaults, type HookRecord, type NewHook };

export interface HookSenderOptions {
  simulator: string;
  /** No hook leaves without one. */
  url?: string;
  journal: Journal;
  store: Store;
  timers: Timers;
  /** Headers that depend on the moment of sending: signatures. */
  sign: (hook: HookRecord, now: Date) => Record<string, string>;
  /** Attempts on connection errors after the first; GitHub and Jenkins make none. */
  retries?: number;
}

const RETRY_MILLISECONDS = 1000;
/** GitHub and GitLab both give up after ten seconds. */
const TIMEOUT_MILLISECONDS = 10_000;
/** GitHub sends again what is not older than three days. */
const KEPT_MILLISECONDS = 3 * 24 * 3600 * 1000;

/** Sends a platform's webhooks. What was not sent when the process died is sent when it is back. */
export class HookSender {
  readonly switch: HookSwitch;
  private readonly table: Table<HookRecord>;

  constructor(private readonly options: HookSenderOptions) {
    this.table = options.store.table<HookRecord>('hooks');
    this.switch = new HookSwitch(options.timers);
  }

  /** Takes up what an earlier process left; what is too old for a redelivery is forgotten. */
  resume(): void {
    for (const hook of this.table.values()) {
      if (hook.state === 'pending') this.launch(hook);
      else if (Date.parse(hook.createdAt) + KEPT_MILLISECONDS < Date.now()) this.table.delete(hook.id);
    }
  }

  send(hook: NewHook): HookRecord | undefined {
    if (!this.options.url) return undefined;
    const record = this.record(hook, false);
    this.launch(record);
    return record;
  }

  /** The same delivery once more; undefined when there is none of that id. */
  redeliver(id: number): HookRecord | undefined {
    const hook = this.table.get(id);
    if (!hook) return undefined;
    const again = this.record(hook, true);
    void this.deliver(again.id);
    return again;
  }

  list(): HookRecord[] {
    return this.table.values();
  }

  private record(hook: NewHook, redelivery: boolean): HookRecord {
    const id = this.options.store.next('hook');
    return this.table.put(id, {
      id,
      delivery: hook.delivery ?? randomUUID(),
      event: hook.event,
      about: hook.about,
      redelivery,
      body: typeof hook.body === 'string' ? hook.body : JSON.stringify(hook.body),
      headers: hook.headers ?? {},
      createdAt: new Date().toISOString(),
      state: 'pending',
      attempts: 0,
    });
  }

  private launch(hook: HookRecord): void {
    const kept = this.switch.dispatch(hook, () => void this.deliver(hook.id));
    if (!kept) this.table.put(hook.id, { ...hook, state: 'dropped' });
  }

  private async deliver(id: number): Promise<void> {
    if (this.options.timers.closed) return;
    const started = new Date();
    const hook = this.table.get(id)!;
    const headers = { 'content-type': 'application/json', ...hook.headers, ...this.options.sign(hook, started) };
    const result = await this.post(headers, hook.body);
    if (this.options.timers.closed) return;
    const seconds = (Date.now() - started.getTime()) / 1000;
    this.settle(hook, { ...result, seconds, deliveredAt: started.toISOString(), attempts: hook.attempts + 1 });
    this.journal(hook, started, headers, result);
  }

  private async post(headers: Record<string, string>, body: string): Promise<{ status?: number; answer: string }> {
    try {
      const response = await fetch(this.options.url!, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      return { status: response.status, answer: (await response.text()).slice(0, 1000) };
    } catch (error) {
      return { answer: reasonOf(error) };
    }
  }

  private settle(hook: HookRecord, result: Partial<HookRecord>): void {
    const again = result.status === undefined && hook.attempts < (this.options.retries ?? 0);
    const delivered = result.status !== undefined && result.status >= 200 && result.status < 300;
    this.table.put(hook.id, { ...hook, ...result, state: again ? 'pending' : delivered ? 'delivered' : 'failed' });
    if (again) this.options.timers.after(RETRY_MILLISECONDS, () => void this.deliver(hook.id));
  }

  private journal(hook: HookRecord, at: Date, headers: Record<string, string>, result: { status?: number; answer: string }): void {
    this.options.journal.write({
      kind: 'hook',
      at: at.toISOString(),
      simulator: this.options.simulator,
      method: 'POST',
      path: this.options.url!.replace(/\?.*/, '?***'),
      headers,
      about: hook.about,
      body: JSON.parse(hook.body),
      answer: result.status === undefined ? undefined : { status: result.status, body: result.answer },
      ...(result.status === undefined ? { fault: result.answer } : {}),
    });
  }
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
};
