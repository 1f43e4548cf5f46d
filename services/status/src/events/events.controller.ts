import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EventList } from './event.response.js';
import { ExplainClient } from './explain.client.js';
import { ExplanationView } from './explanation.response.js';
import { EventsQuery } from './events.query.js';
import { EventsRepository } from './events.repository.js';
import { ProblemError } from '../http/problem.js';

@ApiTags('events')
@Controller('api/events')
export class EventsController {
  constructor(
    private readonly events: EventsRepository,
    private readonly explain: ExplainClient,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What happened, newest first' })
  @ApiOkResponse({ type: EventList })
  list(@Query() query: EventsQuery): Promise<EventList> {
    return this.events.list(query);
  }

  @Get(':id/explain')
  @ApiOperation({ summary: 'What the flows in force make of it: each condition of each trigger, and the values it saw' })
  @ApiOkResponse({ type: ExplanationView })
  async explained(@Param('id') id: string): Promise<ExplanationView> {
    const event = await this.events.find(id);
    if (!event) throw new ProblemError(404, `There is no event "${id}"; it may be older than what is kept.`);
    return this.explain.run(event);
  }
}
