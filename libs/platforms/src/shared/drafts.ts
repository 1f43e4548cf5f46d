import { eventId, factOf, polledEventId, type PlatformEvent, type PlatformEventType } from '@stellwerk/contracts';
import type { EventContext, TranslatedEvent, Translation } from '../hook-platform.js';
import { present } from './read.js';

export type DraftData = Partial<Omit<PlatformEvent, 'connection' | 'platform' | 'hook'>>;

/** What a translator has understood about an object of the platform, before ids and the common fields are put to it. */
export interface ObjectDraft {
  readonly type: Exclude<PlatformEventType, 'custom.received'>;
  /** The object's id within its repository. */
  readonly object: string;
  /** Tells repetitions of the same predicate on one object apart; no slash. 1 unless told. */
  readonly attempt?: string | number;
  readonly data: DraftData & { repository: string };
}

/** About no object of the platform: it is its own fact. */
export interface CustomDraft {
  readonly type: 'custom.received';
  readonly object: string;
  readonly data: DraftData;
}

export type Draft = ObjectDraft | CustomDraft;

/** Drafts, or in static words why there is nothing to tell. */
export type Told = readonly Draft[] | { readonly ignored: string };

export const ignored = (reason: string): Told => ({ ignored: reason });

const factFor = (draft: ObjectDraft, context: EventContext): string => {
  const [kind, predicate] = draft.type.split('.') as [string, string];
  const { repository } = draft.data;
  return factOf({ origin: context.origin, repository, kind, id: draft.object, attempt: draft.attempt ?? 1, predicate });
};

const hookedId = (draft: Draft, drafts: readonly Draft[], hook: string): string => {
  const alike = drafts.filter((other) => other.type === draft.type).length > 1;
  return eventId(hook, draft.type, alike ? draft.object : undefined);
};

const finish = (draft: Draft, drafts: readonly Draft[], context: EventContext): TranslatedEvent => {
  const fact = draft.type === 'custom.received' ? undefined : factFor(draft, context);
  const id = context.hookId === undefined
    ? polledEventId(context.connection, fact ?? draft.object)
    : hookedId(draft, drafts, context.hookId);
  const data: PlatformEvent = present({
    connection: context.connection,
    platform: context.platform,
    ...draft.data,
    occurredAt: draft.data.occurredAt ?? context.receivedAt.toISOString(),
    hook: context.hookId,
  });
  return { id, type: draft.type, subject: draft.object, fact: fact ?? id, data };
};

/** Gives drafts their ids and facts. */
export const finishDrafts = (drafts: readonly Draft[], context: EventContext): TranslatedEvent[] =>
  drafts.map((draft) => finish(draft, drafts, context));

export const asTranslation = (told: Told, context: EventContext): Translation =>
  'ignored' in told ? { events: [], ignored: told.ignored } : { events: finishDrafts(told, context) };
