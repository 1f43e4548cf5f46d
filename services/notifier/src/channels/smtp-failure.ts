import { HttpFailure, isTlsCode, type HttpFailureKind } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';

/** What a server said to a mail. */
export interface MailReply {
  /** Three digits of RFC 5321. */
  code: number;
  /** Without addresses. */
  said: string;
  /** Recipients that it did not take, by their place in `to`, though it took the mail for the others. */
  refused?: { recipient: number; code: number }[];
}

/** What nodemailer adds to its errors: https://nodemailer.com/errors */
interface SmtpError extends Error {
  code?: string;
  /** Of the socket's own error. */
  originalCode?: string;
  responseCode?: number;
  response?: string;
}

const KINDS: Readonly<Record<string, HttpFailureKind>> = { ETIMEDOUT: 'timeout', ETLS: 'tls', EDNS: 'dns' };

/** Nothing of these was said by the server: the mail or the login is of no use to it, now or later. */
const OURS: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server offers no login that we can use',
  EENVELOPE: 'the mail has an address that cannot be sent to',
  EMESSAGE: 'the mail is larger than the mail server takes',
};

/** Addresses of people are in no log. */
export const withoutAddresses = (text: string): string => text.replace(/[^\s<>]+@[^\s<>]+/g, '***');

/**
 * What an error of the conversation means: the server's answer to the mail, when it gave one.
 * @throws HttpFailure when it gave none; `begun`: the mail itself may have left, so that it may have been taken
 * @throws PermanentError for what no server will take
 */
export const replyOf = (error: SmtpError, begun: boolean): MailReply => {
  const { code = '', originalCode = '', responseCode, response = '' } = error;
  // A server that will not encrypt, or somebody between who makes it look so: nothing has been said, and it may pass.
  if (code === 'ETLS' || (!begun && isTlsCode(originalCode))) throw new HttpFailure('not-sent', 'tls', 'no TLS with the mail server', error);
  if (responseCode) return { code: responseCode, said: withoutAddresses(response) };
  if (!begun && Object.hasOwn(OURS, code)) throw new PermanentError(OURS[code]!, { cause: error });
  throw new HttpFailure(begun ? 'sent' : 'not-sent', KINDS[code] ?? 'reset', 'no answer of the mail server', error);
};
