import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Resources } from '@stellwerk/config';
import { DoraQuery, periodOf } from './dora.query.js';
import { DoraRepository } from './dora.repository.js';
import { DoraList } from './dora.response.js';
import { doraView } from './dora-view.js';

@ApiTags('metrics')
@Controller('api/metrics/dora')
export class DoraController {
  constructor(
    private readonly dora: DoraRepository,
    private readonly resources: Resources,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The metrics of DORA, by environment, with what each rests on' })
  @ApiOkResponse({ type: DoraList })
  async show(@Query() query: DoraQuery): Promise<DoraList> {
    const period = periodOf(query, new Date());
    const counts = new Map((await this.dora.counts(query, period)).map((row) => [row.environment, row]));
    const configured = Object.keys(this.resources.current().environments).filter((name) => query.environment === undefined || name === query.environment);
    const names = [...new Set([...configured, ...counts.keys()])].sort();
    return {
      since: period.since.toISOString(), until: period.until.toISOString(), items: names.map((name) => doraView(name, counts.get(name), period.days)), next: null,
    };
  }
}
