/** Not sent, and may be sent at `until`: breaker open, rate limit, connection paused. */
export class Held extends Error {
  readonly until: Date;
  /** Which of the gates holds it. */
  readonly gate: 'breaker' | 'rate-limit' | 'paused';

  constructor(gate: Held['gate'], message: string, until: Date) {
    super(message);
    this.name = 'Held';
    this.gate = gate;
    this.until = until;
  }
}

/** Proven not to have arrived at the platform (DNS, refused, TLS, held back by ourselves). */
export class NotSent extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'NotSent';
  }
}

/** Nothing was sent: the connection or a secret is not there yet. Likely to be there in seconds. */
export class NotReady extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'NotReady';
  }
}

/** The platform does not take what our credentials are made of: there are none for any call until then, or until the secret is another. */
export class CredentialsRefused extends Error {
  readonly until: Date;

  constructor(message: string, until: Date) {
    super(message);
    this.name = 'CredentialsRefused';
    this.until = until;
  }
}

/** Our own rules forbid the call (private address, plain http): sending again changes nothing. */
export class NeverSent extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'NeverSent';
  }
}

/** It may have arrived: timeout, reset after sending, 5xx, an answer that cannot be read. */
export class OutcomeUnknown extends Error {
  /** The platform asks not to be called before this. */
  readonly until?: Date;

  constructor(message: string, { until, ...options }: { cause?: unknown; until?: Date } = {}) {
    super(message, options);
    this.name = 'OutcomeUnknown';
    this.until = until;
  }
}

/** A read brought no answer. What a write before it did is not told by this. */
export class ReadFailed extends Error {
  /** The read is held until then. */
  readonly until?: Date;

  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'ReadFailed';
    if (cause instanceof Held) this.until = cause.until;
  }
}

/** The platform said no (4xx, a redirect): sending the same again changes nothing. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refused';
    this.status = status;
  }
}

/** Lease or fence was lost right before sending; somebody else owns the dispatch now. */
export class Fenced extends Error {
  constructor() {
    super('the lease of this dispatch is lost');
    this.name = 'Fenced';
  }
}

/** As many dispatches as the connection may have are on their way out. */
export class NoRoom extends Error {
  constructor() {
    super('as many as the connection may have are on their way out');
    this.name = 'NoRoom';
  }
}

/** Another dispatch of ours to the same pipeline and ref is not settled yet. */
export class LaneBusy extends Error {
  constructor() {
    super('another dispatch to the same pipeline and ref is not settled yet');
    this.name = 'LaneBusy';
  }
}
