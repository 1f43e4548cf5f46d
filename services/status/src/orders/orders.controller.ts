import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ROUTER_REQUESTS } from '@stellwerk/contracts';
import type { FastifyReply } from 'fastify';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { OrderClient } from './order.client.js';
import { isDryRun, OrderAnswer, ResolveBody, RollbackAnswer, RollbackBody } from './orders.body.js';

@ApiTags('runs')
@Controller('api/runs/:id')
export class OrdersController {
  constructor(private readonly orders: OrderClient) {}

  @Post('cancel')
  @HttpCode(202)
  @Needs('operator', { run: 'id' })
  @ApiOperation({ summary: 'Cancel a run: what runs is cancelled at its platform, nothing is rolled back' })
  @ApiAcceptedResponse({ type: OrderAnswer })
  cancel(@Param('id') run: string, @Person() caller: Caller): Promise<OrderAnswer> {
    return this.orders.give(ROUTER_REQUESTS.cancel, caller, { run });
  }

  @Post('retry')
  @HttpCode(202)
  @Needs('operator', { run: 'id' })
  @ApiOperation({ summary: 'Go on with a run that has ended without success, from its failed steps' })
  @ApiAcceptedResponse({ type: OrderAnswer })
  retry(@Param('id') run: string, @Person() caller: Caller): Promise<OrderAnswer> {
    return this.orders.give(ROUTER_REQUESTS.retry, caller, { run });
  }

  @Post('rollback')
  @HttpCode(202)
  @Needs((body) => (isDryRun(body) ? 'viewer' : 'operator'), { run: 'id' })
  @ApiOperation({ summary: 'Roll a run back: what runs is cancelled, what was done is undone; or only say what that would be' })
  @ApiBody({ type: RollbackBody, required: false })
  @ApiAcceptedResponse({ type: OrderAnswer })
  @ApiOkResponse({ type: RollbackAnswer, description: 'With `dryRun: true`: nothing was done.' })
  rollBack(@Param('id') run: string, @Body() body: unknown, @Person() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<RollbackAnswer> {
    if (!isDryRun(body)) return this.orders.give(ROUTER_REQUESTS.rollback, caller, { run, dryRun: false });
    void reply.status(200);
    return this.orders.ask(ROUTER_REQUESTS.rollback, caller, { run, dryRun: true });
  }

  @Post('steps/:name/resolve')
  @HttpCode(202)
  @Needs('operator', { run: 'id' })
  @ApiOperation({ summary: 'Settle a step whose outcome nobody knows: it ran as this platform run, or it did not' })
  @ApiAcceptedResponse({ type: OrderAnswer })
  resolve(@Param('id') run: string, @Param('name') step: string, @Body() body: ResolveBody, @Person() caller: Caller): Promise<OrderAnswer> {
    return this.orders.give(ROUTER_REQUESTS.resolve, caller, { run, step, ran: body.ran, platformRun: body.ran ? body.run : undefined });
  }
}
