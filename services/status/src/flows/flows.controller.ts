import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Resources } from '@stellwerk/config';
import { formatFault, type Flow } from '@stellwerk/flows';
import { FlowsQuery } from './flows.query.js';
import { FlowList, type FlowView } from './flow.response.js';

const flowView = (flow: Flow): FlowView => ({
  name: flow.name,
  description: flow.description ?? null,
  labels: flow.labels,
  revision: flow.revision,
  triggers: flow.on.length,
  steps: flow.steps.map((step) => ({
    name: step.name, uses: `${step.uses.connection}/${step.uses.action}`, needs: step.needs, environment: step.environment ?? null,
    rollback: step.rollback !== undefined,
  })),
});

@ApiTags('flows')
@Controller('api/flows')
export class FlowsController {
  constructor(private readonly resources: Resources) {}

  @Get()
  @ApiOperation({ summary: 'The flows in force, and why the last change of the configuration was refused, if it was' })
  @ApiOkResponse({ type: FlowList })
  list(@Query() { content }: FlowsQuery): FlowList {
    const { revision, flows } = this.resources.current();
    const items = Object.values(flows).map((flow) => ({ ...flowView(flow), ...(content && { content: flow }) })).sort((one, other) => one.name.localeCompare(other.name));
    return { items, next: null, config: { revision, faults: (this.resources.lastError() ?? []).map(formatFault) } };
  }
}
