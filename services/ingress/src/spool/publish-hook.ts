import { Injectable } from '@nestjs/common';
import { Publisher } from '@stellwerk/messaging';
import { PermanentError, type TraceHeaders } from '@stellwerk/service-kit';
import { BodiesRepository } from './bodies.repository.js';
import { withoutBody, type HookMessage } from './hook-message.js';

/** NATS takes 1 MiB by default; this leaves room for headers and is still rare. */
const LARGE_BODY = 512 * 1_024;

/** Whether its body goes to the database before anything else. */
export const isLarge = ({ body }: HookMessage): boolean => body.length > LARGE_BODY;

/** Brings a hook into HOOKS, its body by reference when that is too large for a message. */
@Injectable()
export class PublishHook {
  constructor(
    private readonly publisher: Publisher,
    private readonly bodies: BodiesRepository,
  ) {}

  /** Keeps the body in the database. Gives the message as it shall travel: with a reference to it. */
  async keepBody(message: HookMessage): Promise<HookMessage> {
    await this.bodies.keep(message.id, message.body);
    return withoutBody(message);
  }

  /** Gives whether the stream had it already. Throws RetryableError when NATS did not take it in time. */
  async run(message: HookMessage, options: { budgetMs?: number; trace?: TraceHeaders } = {}): Promise<boolean> {
    const { budgetMs, trace } = options;
    try {
      return (await this.publisher.publish({ ...message, trace }, { budgetMs })).duplicate;
    } catch (error) {
      // Larger than this broker takes: then its body goes to the database after all.
      if (!(error instanceof PermanentError) || message.body.length === 0) throw error;
      const light = await this.keepBody(message);
      return (await this.publisher.publish({ ...light, trace }, { budgetMs })).duplicate;
    }
  }
}
