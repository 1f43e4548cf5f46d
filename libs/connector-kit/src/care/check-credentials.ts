import { Injectable } from '@nestjs/common';
import { Secrets } from '@stellwerk/config';
import type { Finding } from '@stellwerk/contracts';
import { messageOf, PermanentError } from '@stellwerk/service-kit';
import { Adapters } from '../adapters.js';
import { describe } from '../calls/answers.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { PublicHooks } from '../sweep/public-hooks.js';
import { finding } from './hook-keeper.js';

const ANONYMOUS = 'it has no auth: nothing can be started or looked up but what the platform lets everybody';

/** What holds for every platform: our address, the secrets of webhooks, and whether the platform takes the credentials. */
@Injectable()
export class CheckCredentials {
  constructor(
    private readonly secrets: Secrets,
    private readonly hooks: PublicHooks,
    private readonly adapters: Adapters,
  ) {}

  async check(calls: ConnectionCalls): Promise<Finding[]> {
    return [this.#address(calls), this.#hookSecret(calls), ...(await this.#credentials(calls))];
  }

  #address({ connection }: ConnectionCalls): Finding {
    const address = this.hooks.addressOf(connection.name);
    if (address === undefined) return finding('address', 'warning', 'nobody has said where platforms reach ingress', 'set PUBLIC_HOOKS_URL, such as https://ci.example.com/hooks');
    if (address.startsWith('http:') && !/^http:\/\/(127\.|localhost|\[::1\])/.test(address)) return finding('address', 'warning', `webhooks come to ${address} unencrypted`, 'put ingress behind TLS');
    return finding('address', 'ok', `webhooks come to ${address}`);
  }

  #hookSecret({ connection }: ConnectionCalls): Finding {
    try {
      const { secrets, tokens } = this.secrets.webhookSecrets(connection);
      const count = secrets.length + tokens.length;
      if (count === 0) return finding('webhook secret', 'fault', 'it has no secret, so that it takes no webhooks', 'give webhook.secrets in the connection');
      return finding('webhook secret', 'ok', count === 1 ? 'is set' : `${count} are set; any one may sign`);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return finding('webhook secret', 'fault', error.message);
    }
  }

  async #credentials(calls: ConnectionCalls): Promise<Finding[]> {
    const { connection, quota } = calls;
    const { probePath, withoutAuth } = this.adapters.of(connection.platform);
    if (!connection.auth) return [withoutAuth === undefined ? finding('credentials', 'warning', ANONYMOUS, 'give auth in the connection, unless its platform asks nobody for it') : finding('credentials', 'ok', withoutAuth)];
    if (probePath === undefined) return [finding('credentials', 'unknown', 'the platform has nothing that could be read with them without doing something')];
    try {
      const response = await calls.read(probePath);
      if (response.status === 401 || response.status === 403) return [finding('credentials', 'fault', `the platform does not take them (${describe(response)})`)];
      if (response.status >= 400 && response.status !== 404) return [finding('credentials', 'unknown', `the platform answers ${describe(response)}`)];
    } catch (error) {
      return [finding('credentials', 'fault', messageOf(error))];
    }
    const left = calls.quota ?? quota;
    return [
      finding('credentials', 'ok', 'the platform takes them'),
      ...(left ? [finding('limits', left.remaining === 0 ? 'warning' : 'ok', `${left.remaining} calls left until ${new Date(left.resetAt).toISOString()}`)] : []),
    ];
  }
}
