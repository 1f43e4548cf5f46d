import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '@stellwerk/database';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { ListQuery } from '../http/list-query.js';
import { ProblemError } from '../http/problem.js';
import { ReplayList, ReplayView, replayView } from './replay.response.js';
import { ReplaysRepository } from './replays.repository.js';

const numberOf = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new ProblemError(404, `There is no replay "${text}".`);
  return Number(text);
};

@ApiTags('replays')
@Controller('api/replays')
export class ReplaysController {
  constructor(
    private readonly database: Database,
    private readonly replays: ReplaysRepository,
    private readonly audit: AuditRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Replays of dead letters and of hooks, newest first' })
  @ApiOkResponse({ type: ReplayList })
  async list(@Query() query: ListQuery): Promise<ReplayList> {
    const page = await this.replays.list(query);
    return { items: page.items.map(replayView), next: page.next };
  }

  @Get(':number')
  @ApiOperation({ summary: 'One replay and how far it is' })
  @ApiOkResponse({ type: ReplayView })
  async one(@Param('number') number: string): Promise<ReplayView> {
    const row = await this.replays.find(numberOf(number));
    if (!row) throw new ProblemError(404, `There is no replay "${number}".`);
    return replayView(row);
  }

  @Post(':number/stop')
  @HttpCode(200)
  @Needs('operator')
  @ApiOperation({ summary: 'Stop a replay of hooks; what was sent stays sent' })
  @ApiOkResponse({ type: ReplayView })
  async stop(@Param('number') text: string, @Person() caller: Caller): Promise<ReplayView> {
    const number = numberOf(text);
    await this.database.transaction(async (tx) => {
      if (await this.replays.stop(tx, number)) await this.audit.add(tx, { caller, action: 'replay.stop', target: text, detail: {} });
    });
    return this.one(text);
  }
}
