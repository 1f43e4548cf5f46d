import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemError } from '../http/problem.js';
import { RunReadsRepository } from './run-reads.repository.js';
import { runView } from './run-view.js';
import { RunList, RunView } from './run.response.js';
import { RunsQuery } from './runs.query.js';

@ApiTags('runs')
@Controller('api/runs')
export class RunsController {
  constructor(private readonly runs: RunReadsRepository) {}

  @Get()
  @ApiOperation({ summary: 'Runs, newest first' })
  @ApiOkResponse({ type: RunList })
  async list(@Query() query: RunsQuery): Promise<RunList> {
    const page = await this.runs.list(query);
    return { items: page.items.map(runView), next: page.next };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One run with its steps, attempts and links' })
  @ApiOkResponse({ type: RunView })
  async one(@Param('id') id: string): Promise<RunView> {
    const run = await this.runs.find(id);
    if (!run) throw new ProblemError(404, `There is no run "${id}".`);
    return runView(run);
  }
}
