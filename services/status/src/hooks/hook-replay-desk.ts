import { Injectable } from '@nestjs/common';
import { BackgroundWork } from '../background/background-work.js';
import { ReplayHooks } from './replay-hooks.js';

const EVERY_MS = 2_000;

/** Has replays of hooks carried out: at once when they are ordered here, and what others left within seconds. */
@Injectable()
export class HookReplayDesk extends BackgroundWork {
  constructor(replay: ReplayHooks) {
    super('replay-hooks', EVERY_MS, (signal) => replay.run(signal));
  }
}
