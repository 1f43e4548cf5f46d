import type { ClaimedDelivery } from './due.repository.js';

/** What one look at what is due has brought. */
export type Claim =
  | { place: 'send'; delivery: ClaimedDelivery }
  /** A page of a digest is done, and there may be another. */
  | { place: 'page' }
  | { place: 'wait' | 'superseded' | 'counted'; delivery: { id: string; run: string; channel: string } };
