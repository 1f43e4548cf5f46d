import { Injectable } from '@nestjs/common';
import { RetryableError, messageOf } from '@stellwerk/service-kit';
import type { Looked } from '../adapter.js';
import type { Dispatch } from './dispatch.types.js';
import { CallOpener, type OpenCall } from './open-call.js';

/** Asks the platform what became of a dispatch; changes nothing. */
@Injectable()
export class DispatchLookUp {
  constructor(private readonly opener: CallOpener) {}

  async look(dispatch: Dispatch): Promise<{ looked: Looked; open?: OpenCall }> {
    let open: OpenCall | undefined;
    try {
      open = await this.opener.open(dispatch);
      return { looked: await this.#ask(dispatch, open), open };
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      return { looked: { kind: 'cannot', reason: `look-up failed: ${messageOf(error)}` }, open };
    }
  }

  async #ask(dispatch: Dispatch, { action, call }: OpenCall): Promise<Looked> {
    if (dispatch.handle !== undefined && action.resolve) return action.resolve(call, dispatch.handle);
    if (action.lookUp) return action.lookUp(call);
    return { kind: 'cannot', reason: `${action.name} cannot be looked up` };
  }
}
