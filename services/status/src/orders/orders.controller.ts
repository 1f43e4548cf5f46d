import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ROUTER_REQUESTS } from '@stellwerk/contracts';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { OrderClient } from './order.client.js';
import { OrderAnswer, ResolveBody } from './orders.body.js';

@ApiTags('runs')
@Controller('api/runs/:id')
export class OrdersController {
  constructor(private readonly orders: OrderClient) {}

  @Post('cancel')
  @HttpCode(202)
  @Needs('operator')
  @ApiOperation({ summary: 'Cancel a run: what runs is cancelled at its platform, nothing is rolled back' })
  @ApiAcceptedResponse({ type: OrderAnswer })
  cancel(@Param('id') run: string, @Person() caller: Caller): Promise<OrderAnswer> {
    return this.orders.give(ROUTER_REQUESTS.cancel, caller, { run });
  }

  @Post('steps/:name/resolve')
  @HttpCode(202)
  @Needs('operator')
  @ApiOperation({ summary: 'Settle a step whose outcome nobody knows: it ran as this platform run, or it did not' })
  @ApiAcceptedResponse({ type: OrderAnswer })
  resolve(@Param('id') run: string, @Param('name') step: string, @Body() body: ResolveBody, @Person() caller: Caller): Promise<OrderAnswer> {
    return this.orders.give(ROUTER_REQUESTS.resolve, caller, { run, step, ran: body.ran, platformRun: body.ran ? body.run : undefined });
  }
}
