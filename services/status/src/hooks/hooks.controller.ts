import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ReplayView, replayView } from '../replays/replay.response.js';
import { ReplaysRepository } from '../replays/replays.repository.js';
import { HookReplayDesk } from './hook-replay-desk.js';
import { HooksReplayBody } from './hooks-replay.body.js';
import { OrderHooksReplay } from './order-hooks-replay.js';

@ApiTags('replays')
@Controller('api/hooks')
export class HooksController {
  constructor(
    private readonly order: OrderHooksReplay,
    private readonly replays: ReplaysRepository,
    private readonly desk: HookReplayDesk,
  ) {}

  @Post('replay')
  @HttpCode(202)
  @Needs('operator')
  @ApiOperation({ summary: 'Normalize stored hooks once more, e.g. after a fix: starts what never started; progress at /api/replays/:number' })
  @ApiAcceptedResponse({ type: ReplayView })
  async replay(@Body() body: HooksReplayBody, @Person() caller: Caller): Promise<ReplayView> {
    const number = await this.order.run(body, caller, new Date());
    this.desk.wake();
    return replayView((await this.replays.find(number))!);
  }
}
