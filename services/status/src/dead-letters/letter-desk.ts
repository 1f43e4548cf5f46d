import { Injectable } from '@nestjs/common';
import { BackgroundWork } from '../background/background-work.js';
import { CarryOut } from './carry-out.js';

const EVERY_MS = 2_000;

/** Has orders about letters carried out: at once when they are given here, and what others left within seconds. */
@Injectable()
export class LetterDesk extends BackgroundWork {
  constructor(carryOut: CarryOut) {
    super('dead-letters', EVERY_MS, () => carryOut.run());
  }
}
