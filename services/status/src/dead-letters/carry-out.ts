import { Injectable } from '@nestjs/common';
import { HEADERS, ROUTER_REQUESTS, STREAMS, originalId, parseCommandId, replayId, type OrderReply } from '@stellwerk/contracts';
import { Publisher, RequestClient, StreamReader, type KeptMessage } from '@stellwerk/messaging';
import { PermanentError, failpoint, messageOf } from '@stellwerk/service-kit';
import { LetterWorkRepository, type LetterWork } from './letter-work.repository.js';
import { originalHeaders } from './read-letter.js';

const AT_ONCE = 50;
const DEAD_LETTERS = STREAMS.deadLetters.name;

/** Does what people ordered about letters: sends the original once more, or erases what was purged. */
@Injectable()
export class CarryOut {
  constructor(
    private readonly work: LetterWorkRepository,
    private readonly reader: StreamReader,
    private readonly publisher: Publisher,
    private readonly router: RequestClient,
  ) {}

  /** Until nothing is left. Throws RetryableError when a store or the router is away; what is left is done later, here or elsewhere. */
  async run(): Promise<number> {
    let done = 0;
    for (;;) {
      const letters = await this.work.claim(AT_ONCE);
      if (letters.length === 0) return done;
      await this.each(letters);
      done += letters.length;
    }
  }

  private async each(letters: readonly LetterWork[]): Promise<void> {
    let done = 0;
    try {
      for (const letter of letters) {
        await (letter.todo === 'send' ? this.send(letter) : this.erase(letter));
        done += 1;
      }
    } finally {
      if (done < letters.length) await this.work.release(letters.slice(done).map(({ id }) => id));
    }
  }

  /** A crash between the two sends it again under the same id: its stream drops it, or who takes it knows it. */
  private async send(letter: LetterWork): Promise<void> {
    const fault = await this.publish(letter);
    failpoint('status.replay-published');
    if (fault === undefined) await this.work.sent(letter);
    else await this.work.failed(letter, fault);
  }

  /** Gives why it can never be sent. */
  private async publish(letter: LetterWork): Promise<string | undefined> {
    const kept = await this.firstKept(letter.positions);
    if (!kept) return 'its bytes are not in DEAD_LETTERS any more';
    const body = await this.bodyOf(kept, letter);
    if (!body) return `its bytes are not in ${letter.stream} any more`;
    const refusal = await this.refusalOf(letter);
    if (refusal !== undefined) return refusal;
    try {
      await this.publisher.publish({
        subject: letter.subject, id: replayId(letter.messageId || letter.id, letter.replay ?? 0), body, headers: originalHeaders(kept.headers),
        trace: traceOf(kept),
      });
      return undefined;
    } catch (error) {
      if (error instanceof PermanentError) return messageOf(error);
      throw error;
    }
  }

  /** What starts or undoes something is sent only if the router waits for it: it may have been settled since. */
  private async refusalOf({ stream, messageId }: LetterWork): Promise<string | undefined> {
    const command = originalId(messageId);
    const purpose = stream === STREAMS.commands.name ? parseCommandId(command)?.purpose : undefined;
    if (purpose !== 'run' && purpose !== 'rollback') return undefined;
    const reply = await this.router.ask<OrderReply>(ROUTER_REQUESTS.resend, { command });
    return reply.ok ? undefined : `not sent: ${reply.detail}`;
  }

  private async erase(letter: LetterWork): Promise<void> {
    for (const position of letter.positions) await this.reader.erase(DEAD_LETTERS, position);
    await this.work.erased(letter);
  }

  /** A letter that would have been too large has left its bytes where they were. */
  private async bodyOf({ headers, body }: KeptMessage, { stream, sequence }: LetterWork): Promise<Buffer | undefined> {
    if (headers[HEADERS.deadBodyLeft] === undefined) return body;
    return sequence === null ? undefined : (await this.reader.at(stream, sequence))?.body;
  }

  private async firstKept(positions: readonly number[]): Promise<KeptMessage | undefined> {
    for (const position of positions) {
      const kept = await this.reader.at(DEAD_LETTERS, position);
      if (kept) return kept;
    }
    return undefined;
  }
}

/** What follows belongs to the journey of the message. */
const traceOf = ({ headers }: KeptMessage): { traceparent?: string } => (headers[HEADERS.traceparent] ? { traceparent: headers[HEADERS.traceparent] } : {});
