import { Injectable } from '@nestjs/common';
import type { SlotName } from '@stellwerk/flows';

/** A slot in which somebody waits since now, or a place has come free. */
export interface SlotNote extends SlotName {
  /** Somebody waits there without knowing who is in it. */
  unseen?: boolean;
}

/** Tells at once, within this process, what a committed transaction changed. Who misses it finds it by the sweep. */
@Injectable()
export class SlotNews {
  #listener?: (notes: readonly SlotNote[]) => void;

  listen(listener: (notes: readonly SlotNote[]) => void): void {
    this.#listener = listener;
  }

  tell(notes: readonly SlotNote[]): void {
    if (notes.length > 0) this.#listener?.(notes);
  }
}
