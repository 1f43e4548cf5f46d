import { Injectable } from '@nestjs/common';

@Injectable()
export class RouterClient {
  async ask<T>(_pattern: string, _data: unknown, _timeoutMs = 5_000): Promise<T> {
    throw new Error('not yet');
  }
}
