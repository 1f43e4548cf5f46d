import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { parseApprovalId, ROUTER_REQUESTS, type VoteOnApproval } from '@stellwerk/contracts';
import type { FastifyRequest } from 'fastify';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ProblemError } from '../http/problem.js';
import { OrderClient } from '../orders/order.client.js';
import { OrderAnswer } from '../orders/orders.body.js';
import { eventView } from '../runs/run-view.js';
import { ApprovalList } from './approval-list.response.js';
import { ApprovalReadsRepository } from './approval-reads.repository.js';
import { approvalView } from './approval-view.js';
import { ApprovalsQuery } from './approvals.query.js';
import { VoteBody } from './vote.body.js';

@ApiTags('approvals')
@Controller('api/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalReadsRepository, private readonly orders: OrderClient) {}

  @Get()
  @ApiOperation({ summary: 'Approvals, open and decided, newest first' })
  @ApiOkResponse({ type: ApprovalList })
  async list(@Query() query: ApprovalsQuery): Promise<ApprovalList> {
    const page = await this.approvals.list(query);
    return { items: page.items.map(({ approval, event }) => ({ ...approvalView(approval), event: eventView(event) })), next: page.next };
  }

  /** Whether this person may is the router's to say: the flow names who. */
  @Post(':id')
  @HttpCode(202)
  @Needs('approver', { approval: 'id' })
  @ApiOperation({ summary: 'Approve or deny; 403 for who is not asked, 409 when it is decided, but for the same vote of the same person once more' })
  @ApiAcceptedResponse({ type: OrderAnswer })
  vote(@Param('id') approval: string, @Body() { decision, comment }: VoteBody, @Person() caller: Caller, @Req() request: FastifyRequest): Promise<OrderAnswer> {
    if (!parseApprovalId(approval)) throw new ProblemError(404, `There is no approval "${approval}".`);
    const vote: Omit<VoteOnApproval, 'by'> = { approval, decision, comment, teams: caller.teams, anyone: caller.open, from: request.ip };
    return this.orders.give(ROUTER_REQUESTS.approve, caller, { ...vote }, { action: `approval.${decision}`, target: approval });
  }
}
