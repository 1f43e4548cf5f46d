/** Where a message stands that can be edited. */
export interface Living {
  /** The receiver's own id of the channel. */
  place: string;
  /** The receiver's id of the message. */
  ts: string;
}

/** What became of one try. */
export type Verdict =
  /** `posted`: where a new message stands, when it can be edited; `reason`: what of it was not taken. */
  | { end: 'delivered'; posted?: Living; reason?: string }
  /** It will not be taken, today or tomorrow. */
  | { end: 'dead'; reason: string }
  /** It may have arrived, and a repetition could not be told from it. */
  | { end: 'unknown'; reason: string }
  /** What was to be edited is gone: a new message says it. */
  | { end: 'renew'; reason: string }
  /** `gate`: the whole channel has to wait so long. */
  | { end: 'again'; reason: string; waitMs: number; gate?: boolean };

/** The outcomes of a try that depend on its number and on whether it may be repeated. */
export interface Outcomes {
  /** By the schedule. */
  again(reason: string): Verdict;
  /** It may have been taken. */
  uncertain(reason: string): Verdict;
  /** The whole channel waits, as long as the answer asks. */
  gated(reason: string): Verdict;
}
