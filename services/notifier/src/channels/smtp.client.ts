import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Smtp } from '@stellwerk/flows';
import { HttpFailure, openGuardedSocket } from '@stellwerk/http';
import { inSpan, SpanKind } from '@stellwerk/service-kit';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Mail } from './mail.channel.js';
import { replyOf, type MailReply } from './smtp-failure.js';

export interface MailServer extends Omit<Smtp, 'password'> {
  password?: string;
  /** Private ranges that may be connected to, `network.allow` of the channel. */
  allow: string[];
  /** For all of it: resolving, connecting, TLS, login, mail. */
  timeoutMs: number;
  /** Asked right before the mail is handed over; false: nothing of it leaves. */
  maySend?: () => boolean;
}

/** The mail as its bytes. Every name and text is put in through nodemailer's encoders, none into a header as it is. */
const bytesOf = ({ from, to, subject, text, html, messageId, thread, flow }: Mail): Promise<Buffer> =>
  new MailComposer({
    from, to, subject, text, html, messageId, inReplyTo: thread, references: [thread], disableFileAccess: true, disableUrlAccess: true,
    // RFC 3834: out-of-office robots do not answer.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Stellwerk-Flow': flow },
  }).compile().build();

/** A stream of one chunk that knows whether anybody began to read: before that, no byte of the mail can have left. */
class Draft extends Readable {
  begun = false;

  constructor(private readonly bytes: Buffer) {
    super();
  }

  override _read(): void {
    this.begun = true;
    this.push(this.bytes);
    this.push(null);
  }
}

const connectionOn = (socket: Socket, { host, port, tls, timeoutMs }: MailServer): SMTPConnection =>
  new SMTPConnection({
    connection: socket, host, port, secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' }, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, connectionTimeout: timeoutMs,
  });

/** Greeting, TLS, login, mail: as far as it comes. */
const converse = (connection: SMTPConnection, { user, password, timeoutMs, maySend }: MailServer, mail: Mail, draft: Draft): Promise<MailReply> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new HttpFailure(draft.begun ? 'sent' : 'not-sent', 'timeout', 'the mail server took too long')), timeoutMs);
    const failed = (error: Error): void => (clearTimeout(timer), reject(error));
    const addresses = mail.to.map(({ address }) => address);
    const send = (): void => maySend?.() === false ? failed(new HttpFailure('not-sent', 'withheld', 'held back right before it was sent')) : connection.send({ from: mail.from.address, to: addresses }, draft, (error, info) => {
      if (error) return failed(error);
      clearTimeout(timer);
      const refused = (info!.rejectedErrors ?? []).map(({ recipient, responseCode = 0 }) => ({ recipient: addresses.indexOf(String(recipient)), code: responseCode }));
      resolve({ code: 250, said: '', ...(refused.length > 0 && { refused }) });
    });
    connection.on('error', failed);
    connection.connect((error) => {
      if (error) return failed(error);
      if (user === undefined) return send();
      connection.login({ user, pass: password }, (refusal) => (refusal ? failed(refusal) : send()));
    });
  });

/** Hands mails to a server, each over a connection of its own, under the address rules of all calls that leave the house. */
@Injectable()
export class SmtpClient {
  /**
   * The server's answer. A mail that it took for one recipient of several is taken.
   * @throws HttpFailure when there is none; `sent`: it may have been taken all the same
   * @throws PermanentError for what no server will take
   */
  async send(mail: Mail, server: MailServer): Promise<MailReply> {
    const draft = new Draft(await bytesOf(mail));
    const attributes = { 'server.address': server.host, 'server.port': server.port };
    return inSpan('SMTP', { kind: SpanKind.CLIENT, attributes }, async () => {
      const began = Date.now();
      const socket = await openGuardedSocket({ ...server, secure: server.tls !== 'none' });
      const connection = connectionOn(socket, server);
      const rest = { ...server, timeoutMs: server.timeoutMs - (Date.now() - began) };
      try {
        const reply = await converse(connection, rest, mail, draft);
        connection.quit();
        return reply;
      } catch (error) {
        connection.close();
        if (error instanceof HttpFailure) throw error;
        return replyOf(error as Error, draft.begun);
      }
    });
  }
}
