import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Person, mayAct, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ProblemError } from '../http/problem.js';
import { DeadLetterList, DeadLetterView, LetterOrderAnswer, LettersOrderAnswer } from './dead-letter.response.js';
import { DeadLettersQuery, LetterSelection, PurgeLetterBody, PurgeLettersBody, ReplayLetterBody } from './dead-letters.query.js';
import { DeadLettersRepository } from './dead-letters.repository.js';
import { LetterDesk } from './letter-desk.js';
import { letterView } from './letter-view.js';
import { OrderLetters, type Ordered } from './order-letters.js';

/** A body may be of any flow. */
const seesBodies = (caller: Caller): boolean => mayAct(caller, 'operator') && caller.labels === undefined;

@ApiTags('dead letters')
@Controller('api/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLettersRepository,
    private readonly orders: OrderLetters,
    private readonly desk: LetterDesk,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Messages that could not be handled, newest first' })
  @ApiOkResponse({ type: DeadLetterList })
  async list(@Query() query: DeadLettersQuery, @Person() caller: Caller): Promise<DeadLetterList> {
    const page = await this.letters.list(query);
    return { items: page.items.map((row) => letterView(row, seesBodies(caller))), next: page.next };
  }

  @Post('replay')
  @HttpCode(202)
  @Needs('operator')
  @ApiOperation({ summary: 'Send many open letters once more, as they came; each keeps its id, so nothing is done twice' })
  @ApiAcceptedResponse({ type: LettersOrderAnswer })
  async replayMany(@Body() selection: LetterSelection, @Person() caller: Caller): Promise<LettersOrderAnswer> {
    const { matched, replay } = await this.orders.replayMany(selection, caller);
    this.desk.wake();
    return { detail: `${matched} dead letter(s) will be sent once more`, matched, replay };
  }

  @Post('purge')
  @HttpCode(202)
  @Needs('operator')
  @ApiOperation({ summary: 'Give up many open letters: their bodies are erased, what they were stays on record' })
  @ApiAcceptedResponse({ type: LettersOrderAnswer })
  async purgeMany(@Body() { reason, ...selection }: PurgeLettersBody, @Person() caller: Caller): Promise<LettersOrderAnswer> {
    const matched = await this.orders.purgeMany(selection, caller, reason);
    this.desk.wake();
    return { detail: `${matched} dead letter(s) purged`, matched, replay: null };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One dead letter' })
  @ApiOkResponse({ type: DeadLetterView })
  async one(@Param('id') id: string, @Person() caller: Caller): Promise<DeadLetterView> {
    const row = await this.letters.find(id);
    if (!row) throw new ProblemError(404, `There is no dead letter "${id}".`);
    return letterView(row, seesBodies(caller));
  }

  @Post(':id/replay')
  @HttpCode(202)
  @Needs('operator')
  @ApiOperation({ summary: 'Send a letter once more, as it came; it keeps its id, so nothing is done twice' })
  @ApiAcceptedResponse({ type: LetterOrderAnswer })
  async replay(@Param('id') id: string, @Body() { again = false }: ReplayLetterBody, @Person() caller: Caller): Promise<LetterOrderAnswer> {
    return this.answer(await this.orders.replay(id, caller, again), 'replay', 'will be sent once more');
  }

  @Post(':id/purge')
  @HttpCode(202)
  @Needs('operator')
  @ApiOperation({ summary: 'Give a letter up: its body is erased, what it was stays on record' })
  @ApiAcceptedResponse({ type: LetterOrderAnswer })
  async purge(@Param('id') id: string, @Body() { reason }: PurgeLetterBody, @Person() caller: Caller): Promise<LetterOrderAnswer> {
    return this.answer(await this.orders.purge(id, caller, reason), 'purge', 'was purged');
  }

  private answer({ letter, duplicate }: Ordered, order: 'replay' | 'purge', done: string): LetterOrderAnswer {
    if (!duplicate) this.desk.wake();
    const by = order === 'replay' ? letter.replayed_by : letter.purged_by;
    const detail = duplicate ? `${by} ordered the same before; nothing was done twice` : `dead letter ${letter.id} ${done}`;
    return { detail, duplicate, letter: letterView(letter, true) };
  }
}
