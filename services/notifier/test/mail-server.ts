import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

export interface TakenMail {
  /** As another program reads it. */
  mail: ParsedMail;
  raw: string;
  from: string;
  to: string[];
  user?: string;
  secure: boolean;
}

/** What the server does with the next mail: an answer at a point of the conversation, or the end of it there. */
export type MailFault =
  | { at: 'connect' | 'from' | 'data'; code: number; message?: string }
  | { at: 'to'; code: number; recipient: string }
  | { cut: 'before-data' | 'after-data' }
  | { hang: 'after-data' };

const textOf = async (stream: Readable): Promise<string> => Buffer.concat((await stream.toArray()) as Buffer[]).toString('utf8');

const refusal = (code: number, message = 'not now'): Error => Object.assign(new Error(message), { responseCode: code });

/** A real mail server, by the authors of nodemailer; it holds what it took. Faults are for one mail each. */
export class MailServer {
  readonly mails: TakenMail[] = [];
  /** Connections that were made. */
  connections = 0;
  private fault: MailFault | undefined;

  private constructor(private readonly server: SMTPServer) {}

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const hooks: SMTPServerOptions = {
      onConnect: (_, done) => (self.connections += 1, done(self.refusalAt('connect'))),
      onMailFrom: (_, __, done) => done(self.refusalAt('from')),
      onRcptTo: ({ address }, _, done) => done(self.refusalAt('to', address)),
      onData: (stream, session, done) => void self.take(stream, session, done),
    };
    const self: MailServer = new MailServer(new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, closeTimeout: 100, ...hooks, ...options }));
    // A client that hangs up, or finds no certificate to its taste, is its own business.
    self.server.on('error', () => undefined);
    self.server.listen(0, '127.0.0.1');
    await once(self.server.server, 'listening');
    return self;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  next(fault: MailFault): void {
    this.fault = fault;
  }

  clear(): void {
    this.fault = undefined;
  }

  close(): Promise<void> {
    for (const connection of this.server.connections) connection._socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async take(stream: Readable, session: SMTPServerSession, done: (error?: Error | null, message?: string) => void): Promise<void> {
    if (this.ends('before-data')) return this.cut(session);
    const raw = await textOf(stream);
    const refused = this.refusalAt('data');
    if (refused) return done(refused);
    const { envelope: { mailFrom, rcptTo }, user, secure } = session;
    this.mails.push({ mail: await simpleParser(raw), raw, from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), user: user as string | undefined, secure });
    if (this.ends('after-data')) return this.cut(session);
    if (this.fault && 'hang' in this.fault) return this.clear();
    done(null, 'taken');
  }

  private ends(where: 'before-data' | 'after-data'): boolean {
    const ends = this.fault !== undefined && 'cut' in this.fault && this.fault.cut === where;
    if (ends) this.clear();
    return ends;
  }

  private cut({ id }: SMTPServerSession): void {
    for (const connection of this.server.connections) if (connection.session.id === id) connection._socket.destroy();
  }

  private refusalAt(point: 'connect' | 'from' | 'to' | 'data', recipient?: string): Error | null {
    const fault = this.fault;
    if (fault === undefined || !('at' in fault) || fault.at !== point || (fault.at === 'to' && fault.recipient !== recipient)) return null;
    this.clear();
    return refusal(fault.code, fault.at === 'to' ? `<${fault.recipient}>: not here` : fault.message);
  }
}
