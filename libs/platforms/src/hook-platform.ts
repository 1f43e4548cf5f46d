import type { Platform, PlatformEvent, PlatformEventType } from '@stellwerk/contracts';

/** What may open a connection's hook door: revealed values, already resolved. */
export interface WebhookSecrets {
  /** Keys that sign; any one may verify (rotation). */
  readonly secrets: readonly string[];
  /** Plain tokens that are sent along; taken only where a platform cannot sign. */
  readonly tokens: readonly string[];
}

/** A delivery as it came. */
export interface HookRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly query: Readonly<Record<string, string>>;
}

/** What a translator needs to know beside the body. */
export interface HookContext {
  readonly connection: string;
  readonly platform: Platform;
  /** `instanceOrigin(platform, url)` of the connection. */
  readonly origin: string;
  readonly hookId: string;
  readonly receivedAt: Date;
  /** The stored request headers, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface TranslatedEvent {
  readonly id: string;
  /** Short form, e.g. `pipelinerun.finished`. */
  readonly type: PlatformEventType;
  /** Id of the platform's object. */
  readonly subject: string;
  readonly fact: string;
  readonly data: PlatformEvent;
}

export interface Translation {
  readonly events: readonly TranslatedEvent[];
  /** Why there is none; static text, fit to be counted by. */
  readonly ignored?: string;
}

/** One platform's hooks: who may send them and what they mean. */
export interface HookPlatform {
  readonly platform: Platform;
  /** True when one of the secrets or tokens fits these very bytes; never throws. */
  verify(request: HookRequest, secrets: WebhookSecrets, now: Date): boolean;
  /** The platform's delivery id, or what stands for it (see each platform). */
  deliveryId(request: HookRequest): string;
  /**
   * What two deliveries of the same signed words have in common, though the sender of the second may have chosen another
   * delivery id; of a verified request. Absent where the platform signs the id too, or nothing.
   */
  fingerprint?(request: HookRequest): string | undefined;
  /** Odd payloads are ignored with a reason; throws only for JSON that is not an object. */
  translate(body: unknown, context: HookContext): Translation;
}

/** Where a poll looked; a poll's events have ids made from their facts and no hook. */
export type PollContext = Pick<HookContext, 'connection' | 'platform' | 'origin' | 'receivedAt'>;

/** Told by a hook or seen by a poll: the same fact either way. */
export type EventContext = PollContext & Partial<Pick<HookContext, 'hookId'>>;
