/** Our own address for webhooks, as platforms know it. */
export class PublicHooks {
  constructor(
    /** Without a slash at the end; undefined: nobody has said. */
    readonly root: string | undefined,
  ) {}

  /** `https://ci.example.com/hooks/github`. */
  addressOf(connection: string): string | undefined {
    return this.root === undefined ? undefined : `${this.root}/${connection}`;
  }

  /** Whether a webhook with that URL leads to the connection; what stands behind `?` is not looked at. */
  leadsTo(connection: string, url: string | undefined): boolean {
    const own = this.addressOf(connection);
    return own !== undefined && url !== undefined && placeOf(url) === placeOf(own);
  }

  /** Whether it would, at another host: one that was set up for another address of ours. */
  seemsMeantFor(connection: string, url: string | undefined): boolean {
    return !this.leadsTo(connection, url) && (URL.parse(url ?? '')?.pathname.replace(/\/+$/, '').endsWith(`/hooks/${connection}`) ?? false);
  }
}

/** A webhook's address for people: what stands behind `?` may be a secret. */
export const shownAddress = (url: string | undefined): string => placeOf(url ?? '') ?? 'an address that is none';

/** Scheme, host and port in the one way they are written, and the path. */
const placeOf = (text: string): string | undefined => {
  const url = URL.parse(text);
  return url ? `${url.origin}${url.pathname.replace(/\/+$/, '')}` : undefined;
};
