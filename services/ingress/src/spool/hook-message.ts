import { HEADERS } from '@stellwerk/contracts';

/** A hook on its way to HOOKS. */
export interface HookMessage {
  readonly subject: string;
  /** The hook's id. */
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** The same with its body left in the database. */
export const withoutBody = (message: HookMessage): HookMessage => ({
  ...message,
  body: Buffer.alloc(0),
  headers: { ...message.headers, [HEADERS.bodyReference]: message.id },
});
