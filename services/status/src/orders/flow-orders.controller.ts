import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiNotFoundResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { StatusConfig } from '../status.config.js';
import { inputsOf, keyOf, StartAnswer, StartBody } from './start-flow.body.js';
import { StartFlow } from './start-flow.js';

@ApiTags('flows')
@Controller('api/flows/:name')
export class FlowOrdersController {
  constructor(
    private readonly start: StartFlow,
    private readonly config: StatusConfig,
  ) {}

  @Post('runs')
  @HttpCode(202)
  @Needs('operator', { flow: 'name' })
  @ApiOperation({ summary: 'Start a flow by hand; every flow can be, with the inputs that it declares' })
  @ApiBody({ type: StartBody, required: false })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Orders with the same key start one run of the flow.' })
  @ApiAcceptedResponse({ type: StartAnswer })
  @ApiNotFoundResponse({ description: 'There is no such flow.' })
  @ApiUnprocessableEntityResponse({ description: 'Inputs that are unknown, missing or of another type, each of them; or a key that came with others.' })
  async run(
    @Param('name') flow: string, @Body() body: unknown, @Headers('idempotency-key') key: string | undefined, @Person() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StartAnswer> {
    const { run, duplicate } = await this.start.run({ flow, inputs: inputsOf(body), caller, key: keyOf(key) });
    const links = { run: `/api/runs/${run}`, page: `${this.config.publicUrl.replace(/\/+$/, '')}/runs/${run}` };
    void reply.header('location', links.run);
    return { id: run, detail: duplicate ? 'the run was ordered before' : 'the run is about to start', duplicate, links };
  }
}
