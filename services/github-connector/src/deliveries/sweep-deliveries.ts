import { Injectable } from '@nestjs/common';
import { PublicHooks, Refused, type Connection, type PlatformSweep, type SweepEnd, type SweepTurn } from '@stellwerk/connector-kit';
import { pingHook, readHooks, type At } from '../hooks/hooks.client.js';
import { placeOf, shown, sourceOf } from '../hooks/place.js';
import { Places } from '../hooks/places.js';
import { BringBack } from './bring-back.js';
import { pingWaitMs, type DeliveryCursor } from './delivery-cursor.js';
import { arrived } from './judge-deliveries.js';
import { MissedRepository, type MissedCounts, type SourceKey } from './missed.repository.js';
import { ReadDeliveries, type Read } from './read-deliveries.js';

const EVERY_MS = 60_000;
/** What was asked for, or pinged, shows in the log by then. */
const SOON_MS = 5_000;
/** Nobody mends within seconds what a person has to set up. */
const NOT_SET_UP_MS = 5 * 60_000;
const HOOK_KNOWN_MS = 3_600_000;

type Cursor = Partial<DeliveryCursor>;
type Turn = SweepTurn<DeliveryCursor>;
type End = SweepEnd<DeliveryCursor>;

/** GitHub never repeats a delivery by itself: what did not arrive is told by lists of runs, or asked for again. It comes under its own id, so that ingress takes it once. */
@Injectable()
export class SweepDeliveries implements PlatformSweep<DeliveryCursor> {
  constructor(
    private readonly places: Places,
    private readonly hooks: PublicHooks,
    private readonly read: ReadDeliveries,
    private readonly back: BringBack,
    private readonly missed: MissedRepository,
  ) {}

  /** Who takes no hooks misses none. */
  sources(connection: Connection): readonly string[] {
    const { webhook } = connection;
    return (webhook?.secrets.length ?? 0) + (webhook?.tokens.length ?? 0) === 0 ? [] : this.places.of(connection).map(sourceOf);
  }

  async turn(turn: Turn): Promise<End> {
    const place = placeOf(turn.source);
    const at: At = { calls: turn.calls, place, headers: this.places.headers(turn.connection, place) };
    if (this.hooks.root === undefined) return idle(turn, 'PUBLIC_HOOKS_URL is not set: webhooks that did not arrive are not asked for again');
    try {
      const cursor = await this.#withHook(turn, at);
      if (cursor === 'later') return { cursor: turn.cursor, nextMs: Math.max(0, turn.pace.next - Date.now()) };
      if (!cursor.hook) return idle(turn, `${shown(place)}: no webhook leads to ${this.hooks.addressOf(turn.connection.name)}`);
      return await this.#sweep(turn, at, cursor);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return idle(turn, `${shown(place)}: webhooks that did not arrive cannot be asked for again (${error.message})`);
    }
  }

  /** Looked up once an hour; one that is gone answers 404, which begins anew. */
  async #withHook({ connection, cursor, pace, until }: Turn, at: At): Promise<Cursor | 'later'> {
    const known = cursor.hook;
    if (known && Date.now() - Date.parse(known.at) < HOOK_KNOWN_MS) return cursor;
    if (!(await pace.wait({ until }))) return 'later';
    const hook = (await readHooks(at)).find(({ config }) => this.hooks.leadsTo(connection.name, config?.url));
    if (!hook) return { ...cursor, hook: undefined };
    // Another webhook has another log.
    return { ...(known && known.id !== hook.id ? {} : cursor), hook: { id: hook.id, at: new Date().toISOString() } };
  }

  async #sweep(turn: Turn, at: At, known: Cursor): Promise<End> {
    const key: SourceKey = { connection: turn.connection.name, source: turn.source };
    const read = await this.read.run(turn, at, known);
    const cursor = withFailing(read, known);
    if (known.failing && !cursor.failing) await this.missed.allDue(key);
    const probed = cursor.failing ? await this.#probe(turn, at, cursor) : undefined;
    const { asked, whole, note } = cursor.failing ? { asked: false, whole: true } : await this.back.run(turn, at, cursor);
    const counts = await this.back.settle(key);
    const nextMs = await this.#nextMs(key, turn, { whole: read.whole && whole, asked, probed: probed?.sent ?? false });
    return { cursor: probed?.cursor ?? cursor, nextMs, note: noteOf(turn, cursor, counts, note) };
  }

  /** Nothing arrives just now: one ping tells when that is over, and wears out no delivery. An App cannot be pinged: one delivery is tried. */
  async #probe(turn: Turn, at: At, cursor: Cursor): Promise<{ cursor: Cursor; sent: boolean }> {
    const failing = cursor.failing!;
    if (failing.pingedAt !== undefined && Date.now() - Date.parse(failing.pingedAt) < pingWaitMs(failing)) return { cursor, sent: false };
    if (!(await turn.pace.wait(turn))) return { cursor, sent: false };
    const next: Cursor = { ...cursor, failing: { ...failing, pings: failing.pings + 1, pingedAt: new Date().toISOString() } };
    if (!(await pingHook(at, cursor.hook!.id))) await this.back.tryOne(turn, at, cursor);
    return { cursor: next, sent: true };
  }

  /** At once when the turn was over before its work was; soon when something is to be seen. */
  async #nextMs(key: SourceKey, { pace }: Turn, { whole, asked, probed }: { whole: boolean; asked: boolean; probed: boolean }): Promise<number> {
    const byPace = Math.max(0, pace.next - Date.now());
    if (!whole) return byPace;
    const due = (await this.missed.nextDueMs(key)) ?? EVERY_MS;
    if (asked && due <= 0) return byPace;
    return Math.max(byPace, asked || probed ? SOON_MS : Math.min(EVERY_MS, Math.max(SOON_MS, due)));
  }
}

/** What was read stays read; which webhook it is gets looked up anew. */
const idle = ({ cursor: { hook: _hook, ...cursor } }: Turn, note: string): End => ({ cursor, nextMs: NOT_SET_UP_MS, note });

/** The newest delivery tells whether webhooks arrive just now. */
const withFailing = ({ cursor, newest }: Read, { failing }: Cursor): Cursor => {
  const { failing: _before, ...rest } = cursor;
  if (!newest) return failing ? { ...rest, failing } : rest;
  if (arrived(newest)) return rest;
  return { ...rest, failing: failing ?? { since: newest.deliveredAt.toISOString(), status: newest.status || `HTTP ${newest.code}`, pings: 0 } };
};

const noteOf = ({ source }: Turn, { failing }: Cursor, { open, givenUp }: MissedCounts, more?: string): string | undefined => {
  const said = [
    ...(failing ? [`webhooks do not arrive (since ${failing.since}: ${failing.status})`] : []),
    ...(open > 0 ? [`${open} that did not arrive ${open === 1 ? 'is' : 'are'} asked for again`] : []),
    ...(givenUp > 0 ? [`${givenUp} given up in the last three days`] : []),
    ...(more === undefined ? [] : [more]),
  ];
  return said.length > 0 ? `${shown(placeOf(source))}: ${said.join('; ')}` : undefined;
};
