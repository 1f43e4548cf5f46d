export { allowedAddresses, isListed, isPublic, parseNetwork } from './address-rules.js';
export type { AddressRules, Resolved } from './address-rules.js';
export { isTlsCode } from './failure-of.js';
export { openGuardedSocket } from './guarded-socket.js';
export { HttpClient } from './http.client.js';
export { BlockedAddress, HttpFailure, MalformedResponse } from './http.errors.js';
export type { HttpFailureKind, HttpFailurePhase } from './http.errors.js';
export type { HttpRequest, HttpResponse } from './http.types.js';
export { retryAfterMs } from './retry-after.js';
