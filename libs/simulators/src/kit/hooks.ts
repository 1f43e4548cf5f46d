import { randomUUID } from 'node:crypto';
import { HookSwitch, type HookFaults } from './hook-switch.js';
import type { HookRecord, NewHook } from './hook-record.js';
import type { Journal } from './journal.js';
import { Poster, type Posted } from './post.js';
import type { Store, Table } from './store.js';
import type { Timers } from './timers.js';

export { HookSwitch, type HookFaults, type HookRecord, type NewHook };

export interface HookSenderOptions {
  simulator: string;
  /** No hook leaves without one, here or by `urlOf`. */
  url?: string;
  /** Where one goes, as its platform's list of webhooks is now; undefined: it does not leave. */
  urlOf?: (hook: Pick<HookRecord, 'headers'>) => string | undefined;
  journal: Journal;
  store: Store;
  timers: Timers;
  /** Headers that depend on the moment of sending: signatures. */
  sign: (hook: HookRecord, now: Date) => Record<string, string>;
  /** Attempts on connection errors after the first; GitHub and Jenkins make none. */
  retries?: number;
}

const RETRY_MILLISECONDS = 1000;
/** GitHub sends again what is not older than three days. */
const KEPT_MILLISECONDS = 3 * 24 * 3600 * 1000;
/** Deliveries that can be looked at and sent again, of those that arrived and of those that did not. */
const KEPT_DELIVERED = 2_000;
const KEPT_LOST = 20_000;

/** Sends a platform's webhooks. What was not sent when the process died is sent when it is back; what is told is remembered. */
export class HookSender {
  readonly switch: HookSwitch;
  private readonly table: Table<HookRecord>;
  private readonly posters = new Map<string, Poster>();
  private readonly delivered: number[] = [];
  private readonly lost: number[] = [];

  constructor(private readonly options: HookSenderOptions) {
    this.table = options.store.table<HookRecord>('hooks');
    this.switch = new HookSwitch(options.timers);
  }

  close(): void {
    for (const poster of this.posters.values()) poster.close();
  }

  /** Takes up what an earlier process left; what is too old for a redelivery is forgotten. */
  resume(): void {
    for (const hook of this.table.values()) {
      if (hook.state === 'pending') this.launch(hook);
      else if (Date.parse(hook.createdAt) + KEPT_MILLISECONDS < Date.now()) this.table.delete(hook.id);
    }
  }

  send(hook: NewHook): HookRecord | undefined {
    if (this.urlOf({ headers: hook.headers ?? {} }) === undefined) return undefined;
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

  find(id: number): HookRecord | undefined {
    return this.table.get(id);
  }

  private urlOf(hook: Pick<HookRecord, 'headers'>): string | undefined {
    return this.options.urlOf ? this.options.urlOf(hook) : this.options.url;
  }

  private posterFor(url: string): Poster {
    const poster = this.posters.get(url) ?? new Poster(url);
    this.posters.set(url, poster);
    return poster;
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
    if (kept) return;
    this.table.put(hook.id, { ...hook, state: 'dropped' });
    this.keep(this.lost, KEPT_LOST, hook.id);
  }

  private async deliver(id: number): Promise<void> {
    if (this.options.timers.closed) return;
    const started = new Date();
    const hook = this.table.get(id);
    if (!hook) return;
    await this.options.store.saved();
    const headers = { 'content-type': 'application/json', ...hook.headers, ...this.options.sign(hook, started) };
    const url = this.urlOf(hook);
    const result = url === undefined ? { answer: 'the webhook is gone' } : await this.posterFor(url).post(headers, hook.body);
    if (this.options.timers.closed) return;
    const seconds = (Date.now() - started.getTime()) / 1000;
    this.settle(hook, { ...result, seconds, deliveredAt: started.toISOString(), attempts: hook.attempts + 1 });
    this.journal(hook, { at: started, headers, result, url: url ?? '' });
  }

  private settle(hook: HookRecord, result: Partial<HookRecord>): void {
    const again = result.status === undefined && hook.attempts < (this.options.retries ?? 0);
    const delivered = result.status !== undefined && result.status >= 200 && result.status < 300;
    this.table.put(hook.id, { ...hook, ...result, state: again ? 'pending' : delivered ? 'delivered' : 'failed' });
    if (again) this.options.timers.after(RETRY_MILLISECONDS, () => void this.deliver(hook.id));
    else if (delivered) this.keep(this.delivered, KEPT_DELIVERED, hook.id);
    else this.keep(this.lost, KEPT_LOST, hook.id);
  }

  /** The oldest beyond so many are forgotten; the journal has them. */
  private keep(ids: number[], most: number, id: number): void {
    ids.push(id);
    if (ids.length > most) this.table.delete(ids.shift()!);
  }

  private journal(hook: HookRecord, { at, headers, result, url }: { at: Date; headers: Record<string, string>; result: Posted; url: string }): void {
    this.options.journal.write({
      kind: 'hook',
      at: at.toISOString(),
      simulator: this.options.simulator,
      method: 'POST',
      path: url.replace(/\?.*/, '?***'),
      headers,
      about: hook.about,
      body: JSON.parse(hook.body),
      answer: result.status === undefined ? undefined : { status: result.status, body: result.answer },
      ...(result.status === undefined ? { fault: result.answer } : {}),
    });
  }
}
