import type { Platform } from '@stellwerk/contracts';
import type { Use } from './acted-on.js';
import { refusalOf } from './addresses.js';
import { isRange } from './address-ranges.js';
import { isSecretRef } from './secret-ref.js';
import { mapOf, textsAt, type ResourceSource } from './resource-source.js';
import { wrongRoot } from './wrong-roots.js';

/** Whether what flows do with a connection can come through. It warns: hooks come in all the same, and a new version must refuse no set in force. */
export const checkReach = (source: ResourceSource, uses: readonly Use[]): void => {
  const { url, auth } = source.spec;
  const platform = source.spec.platform as Platform;
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol)) checkRoot(source, parsed, platform);
  const called = uses.filter((use) => !Object.hasOwn(use.with, ADDRESS));
  if (parsed && (called.length > 0 || auth !== undefined)) checkAddress(source, parsed);
  checkAuth(source, platform, uses);
};

/** The field by which an action goes elsewhere than its connection. */
const ADDRESS = 'url';

const checkRoot = (source: ResourceSource, url: URL, platform: Platform): void => {
  const wrong = wrongRoot(platform, url);
  if (wrong !== undefined) source.warn(['spec', 'url'], `expected ${wrong}`);
};

const checkAddress = (source: ResourceSource, url: URL): void => {
  const refusal = refusalOf(url.hostname, { secure: url.protocol === 'https:', allow: rangesOf(source) });
  if (refusal !== undefined) source.warn(['spec', 'url'], `calls are refused: ${refusal}`);
};

/** Also for channels, whose `network` is the same. */
export const rangesOf = (source: ResourceSource): string[] => textsAt(mapOf(source.spec.network).allow, []).map(({ text }) => text).filter(isRange);

/** Platforms that nobody unknown can act on, and those where it is rare. Others are often open inside of a network. */
const NEED_AUTH: Readonly<Partial<Record<Platform, 'always' | 'mostly'>>> = { github: 'always', gitlab: 'always', jenkins: 'mostly', 'argo-cd': 'mostly' };

const checkAuth = (source: ResourceSource, platform: Platform, uses: readonly Use[]): void => {
  const need = NEED_AUTH[platform];
  const auth = mapOf(source.spec.auth);
  const [first] = uses;
  if (need === undefined || first === undefined || auth.token !== undefined || auth.app !== undefined) return;
  // A step that brings its own secret is let in by that; looking its run up is another matter.
  const bare = uses.find((use) => !Object.values(use.with).some(isSecretRef));
  const path = source.spec.auth === undefined ? ['spec'] : ['spec', 'auth'];
  const isSure = need === 'always' && bare !== undefined;
  const why = bare === undefined ? 'its own token starts a run, but does not tell how that ends' : isSure ? `${platform} takes no orders from strangers` : `${platform} seldom takes orders from strangers`;
  source.warn(path, `there is no token: ${(bare ?? first).where} acts on it, and ${why}; expected auth: { ${platform === 'jenkins' ? 'user: NAME, ' : ''}token: { env: NAME } }`);
};
