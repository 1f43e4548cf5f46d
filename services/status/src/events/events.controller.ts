import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EventList } from './event.response.js';
import { EventsQuery } from './events.query.js';
import { EventsRepository } from './events.repository.js';

@ApiTags('events')
@Controller('api/events')
export class EventsController {
  constructor(private readonly events: EventsRepository) {}

  @Get()
  @ApiOperation({ summary: 'What happened, newest first' })
  @ApiOkResponse({ type: EventList })
  list(@Query() query: EventsQuery): Promise<EventList> {
    return this.events.list(query);
  }
}
