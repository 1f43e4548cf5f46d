import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ParameterError, ProblemError } from '../http/problem.js';
import { runView } from '../runs/run-view.js';
import { formatCursor, parseCursor, type ChangeCursor } from './change-cursor.js';
import { matchesFilter } from './matches-filter.js';
import { RunFeed } from './run-feed.js';
import { SseAnswer } from './sse.js';
import { StreamQuery } from './stream.query.js';

const MAX_READERS = 500;

@ApiTags('runs')
@Controller('api/runs')
export class RunStreamController {
  private readers = 0;

  constructor(private readonly feed: RunFeed) {}

  @Get('stream')
  @ApiOperation({ summary: 'Runs as they change, as server-sent events (`event: run`); starts now, or behind the cursor' })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiOkResponse({ description: 'text/event-stream: `id` = cursor to go on from, `data` = the run' })
  async stream(@Query() query: StreamQuery, @Headers('last-event-id') lastId: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    if (this.readers >= MAX_READERS) throw new ProblemError(503, `There are already ${MAX_READERS} readers of the stream here; try again later.`);
    const cursor = await this.startOf(lastId ?? query.cursor);
    reply.hijack();
    const answer = new SseAnswer(reply.raw, reply.getHeaders() as Record<string, string>);
    this.readers += 1;
    try {
      await this.send(answer, cursor, query);
    } finally {
      this.readers -= 1;
      answer.end();
    }
  }

  private async send(answer: SseAnswer, cursor: ChangeCursor, query: StreamQuery): Promise<void> {
    await answer.place(formatCursor(cursor));
    for await (const batch of this.feed.follow(cursor, answer.signal)) {
      for (const { cursor: place, run } of batch) {
        if (matchesFilter(run, query)) await answer.send({ event: 'run', id: formatCursor(place), data: runView(run) });
      }
    }
  }

  private async startOf(text: string | undefined): Promise<ChangeCursor> {
    const now = await this.feed.now();
    if (text === undefined || text === '') return now;
    const cursor = parseCursor(text);
    if (!cursor) throw new ParameterError('cursor', 'must be the `id` of an event of this stream');
    // A cursor from before the database was restored may lie ahead of all that will come for long.
    return BigInt(cursor.change) > BigInt(now.change) + MAX_AHEAD ? now : cursor;
  }
}

/** Transactions that may lie between an event's id and the oldest open transaction. */
const MAX_AHEAD = 1_000_000n;
