import { Injectable, Logger } from '@nestjs/common';
import { PLATFORM_EVENT_TYPES, ROUTER_REQUESTS, type ExplainEvent, type ExplainReply, type FlowExplanation } from '@stellwerk/contracts';
import { RequestClient } from '@stellwerk/messaging';
import { messageOf } from '@stellwerk/service-kit';
import { ProblemError } from '../http/problem.js';
import { RunReadsRepository } from '../runs/run-reads.repository.js';
import type { EventView } from './event.response.js';
import type { ExplanationView } from './explanation.response.js';

const AWAY = 'The router does not answer just now. Try again in a moment.';

/** Asks the router what its flows make of an event. */
@Injectable()
export class ExplainClient {
  private readonly log = new Logger(ExplainClient.name);

  constructor(
    private readonly router: RequestClient,
    private readonly runs: RunReadsRepository,
  ) {}

  async run(event: EventView): Promise<ExplanationView> {
    if (!(PLATFORM_EVENT_TYPES as readonly string[]).includes(event.type)) throw new ProblemError(422, `No trigger is asked about ${event.type}: only events of platforms are. What one of our own started is on its run.`);
    const { id, type, fact, data } = event;
    const pages = await this.pages({ id, type, fact, data: data as Record<string, unknown> });
    const items = pages.flatMap((page) => page.items);
    const states = await this.runs.statesOf(items.flatMap(({ run }) => (run === undefined ? [] : [run])));
    return { event, revision: pages.at(-1)!.revision, items: items.map((item) => withRun(item, states)), next: null };
  }

  /** An answer holds as many flows as fit into a message. */
  private async pages(question: ExplainEvent): Promise<ExplainReply[]> {
    const pages = [await this.ask(question)];
    for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next) pages.push(await this.ask({ ...question, after: next }));
    return pages;
  }

  private async ask(question: ExplainEvent): Promise<ExplainReply> {
    return this.router.ask<ExplainReply>(ROUTER_REQUESTS.explain, question).catch((error: unknown) => {
      this.log.warn({ event: question.id, reason: messageOf(error) }, 'explain.unanswered');
      throw new ProblemError(503, AWAY);
    });
  }
}

const withRun = ({ run, ...item }: FlowExplanation, states: ReadonlyMap<string, string>): ExplanationView['items'][number] =>
  ({ ...item, ...(run !== undefined && { run: { id: run, state: states.get(run) ?? null } }) });
