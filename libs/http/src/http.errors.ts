/** Why a call brought no answer; `withheld`: the caller's `maySend` said no. */
export type HttpFailureKind = 'dns' | 'refused' | 'tls' | 'blocked' | 'withheld' | 'timeout' | 'reset' | 'too-large';

/** `not-sent`: proven that no byte of the request left; `sent`: it may have arrived, whatever the answer would have been. */
export type HttpFailurePhase = 'not-sent' | 'sent';

/** A call that ended without an answer. The phase decides whether the call may be repeated blindly. */
export class HttpFailure extends Error {
  readonly phase: HttpFailurePhase;
  readonly kind: HttpFailureKind;

  constructor(phase: HttpFailurePhase, kind: HttpFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'HttpFailure';
    this.phase = phase;
    this.kind = kind;
  }
}

/** An answer whose body is not the JSON that was expected. */
export class MalformedResponse extends Error {
  readonly status: number;

  constructor(status: number, cause?: unknown) {
    super(`the answer (HTTP ${status}) is not readable JSON`, { cause });
    this.name = 'MalformedResponse';
    this.status = status;
  }
}

/** An address that the rules for outgoing calls refuse. */
export class BlockedAddress extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BlockedAddress';
  }
}
