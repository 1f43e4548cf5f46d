import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Resources } from '@stellwerk/config';
import { formatFault, type Flow } from '@stellwerk/flows';
import { ListQuery } from '../http/list-query.js';
import { ProblemError } from '../http/problem.js';
import { ConfigElsewhere } from './config-elsewhere.js';
import { FlowRevisionsRepository } from './flow-revisions.repository.js';
import { FlowsQuery } from './flows.query.js';
import { revisionPage } from './revision-view.js';
import { ConfigView, FlowList, FlowRevisionList, type FlowView } from './flow.response.js';

const flowView = (flow: Flow): FlowView => ({
  name: flow.name,
  description: flow.description ?? null,
  labels: flow.labels,
  revision: flow.revision,
  triggers: flow.on.length,
  inputs: Object.entries(flow.inputs ?? {}).map(([name, { type, required, default: value, description }]) => ({
    name, type, required, default: value ?? null, description: description ?? null,
  })),
  steps: flow.steps.map((step) => ({
    name: step.name, uses: step.uses ? `${step.uses.connection}/${step.uses.action}` : null, needs: step.needs, environment: step.environment ?? null,
    rollback: step.rollback !== undefined,
  })),
});

@ApiTags('flows')
@Controller('api')
export class FlowsController {
  constructor(
    private readonly resources: Resources,
    private readonly revisions: FlowRevisionsRepository,
    private readonly elsewhere: ConfigElsewhere,
  ) {}

  @Get('flows')
  @ApiOperation({ summary: 'The flows in force, and why the last change of the configuration was refused, if it was' })
  @ApiOkResponse({ type: FlowList })
  async list(@Query() { content }: FlowsQuery): Promise<FlowList> {
    const config = await this.config();
    const { flows } = this.resources.current();
    const items = Object.values(flows).map((flow) => ({ ...flowView(flow), ...(content && { content: flow }) })).sort((one, other) => one.name.localeCompare(other.name));
    return { items, next: null, config };
  }

  @Get('config')
  @ApiOperation({ summary: 'Which configuration is in force here and in the other services, and why the last change was refused, if it was' })
  @ApiOkResponse({ type: ConfigView })
  async config(): Promise<ConfigView> {
    const services = await this.elsewhere.view();
    return { revision: this.resources.current().revision, faults: (this.resources.lastError() ?? []).map(formatFault), services };
  }

  @Get('flows/:name/revisions')
  @ApiOperation({ summary: 'The revisions of a flow that are or were in force, newest first, each with what it changed; also of a flow that is gone' })
  @ApiOkResponse({ type: FlowRevisionList })
  async history(@Param('name') name: string, @Query() query: ListQuery): Promise<FlowRevisionList> {
    const rows = await this.revisions.of(name, query);
    if (rows.length === 0 && query.cursor === undefined) throw new ProblemError(404, `There is no flow "${name}", and none is remembered.`);
    return revisionPage(rows, query.limit);
  }
}
