/** One delivery of one hook. */
export interface HookRecord {
  /** Of this delivery; a redelivery has its own. */
  id: number;
  /** The platform's delivery id, kept by repeats and redeliveries. */
  delivery: string;
  event: string;
  /** The object's id and state, for people. */
  about: string;
  body: string;
  headers: Record<string, string>;
  redelivery: boolean;
  createdAt: string;
  /** dropped: a fault swallowed it. failed: refused or not reachable. */
  state: 'pending' | 'delivered' | 'failed' | 'dropped';
  attempts: number;
  deliveredAt?: string;
  seconds?: number;
  status?: number;
  answer?: string;
}

export interface NewHook {
  event: string;
  about: string;
  body: unknown;
  headers?: Record<string, string>;
  delivery?: string;
}
