import { Injectable } from '@nestjs/common';
import type { OutgoingMessage } from './outgoing-message.js';

export interface Published {
  duplicate: boolean;
  sequence: number;
}

@Injectable()
export class Publisher {
  async publish(_message: OutgoingMessage): Promise<Published> {
    throw new Error('not yet');
  }
}
