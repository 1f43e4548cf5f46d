import { Body, Controller, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ProblemError } from '../http/problem.js';
import type { TrialKind } from './thread-messages.js';
import { TrialDesk } from './trial-desk.js';
import { BacktestBody, BacktestView, FilesBody, LintView, TestView } from './trials.docs.js';

const JSON_TYPE = 'application/json; charset=utf-8';

const BUSY = { status: 503, description: 'Too many are tried already; `Retry-After` says when to ask again.' };
const TOO_MUCH = { status: 422, description: 'It took too long or too much memory.' };

/** Nobody reads it: as nginx calls it in its log. */
const GONE = 499;

/** Aborted when the caller has gone before the answer. */
const goneOf = (reply: FastifyReply): AbortSignal => {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new ProblemError(GONE, 'The caller has gone.'));
  });
  return gone.signal;
};

/** Flows tried before they are in force, as the command line does; nothing is stored, triggered or told. */
@ApiTags('trials')
@Controller('api')
export class TrialsController {
  constructor(private readonly desk: TrialDesk) {}

  @Post('lint')
  @HttpCode(200)
  @Header('content-type', JSON_TYPE)
  @ApiOperation({ summary: 'Check resource files: every fault at once, with its place; whether secrets are set is not looked at' })
  @ApiBody({ type: FilesBody })
  @ApiOkResponse({ type: LintView })
  @ApiResponse(TOO_MUCH)
  @ApiResponse(BUSY)
  lint(@Body() body: unknown, @Person() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.run('lint', body, caller, reply);
  }

  @Post('test')
  @HttpCode(200)
  @Header('content-type', JSON_TYPE)
  @ApiOperation({ summary: 'Run the `*.test.yaml` among the files against the resources among them' })
  @ApiBody({ type: FilesBody })
  @ApiOkResponse({ type: TestView })
  @ApiResponse(TOO_MUCH)
  @ApiResponse(BUSY)
  test(@Body() body: unknown, @Person() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.run('test', body, caller, reply);
  }

  @Post('backtest')
  @HttpCode(200)
  @Needs('operator', 'nothing')
  @Header('content-type', JSON_TYPE)
  @ApiOperation({ summary: 'Stored events against the flows of the files and those in force: which runs would start, vanish or begin otherwise' })
  @ApiBody({ type: BacktestBody })
  @ApiOkResponse({ type: BacktestView })
  @ApiResponse({ ...TOO_MUCH, description: 'The files have faults, or it took too long or too much memory.' })
  @ApiResponse(BUSY)
  backtest(@Body() body: unknown, @Person() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.run('backtest', body, caller, reply);
  }

  /** No body at all is a text without anything in it: the thread says what was expected. */
  private run(kind: TrialKind, body: unknown, caller: Caller, reply: FastifyReply): Promise<string> {
    return this.desk.run(kind, typeof body === 'string' ? body : '', { caller, gone: goneOf(reply) });
  }
}
