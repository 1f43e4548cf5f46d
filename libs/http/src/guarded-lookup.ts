import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { allowedAddresses, type AddressRules, type Resolved } from './address-rules.js';

/** Address lookup for sockets: hands out checked addresses only, so that what was checked is what is connected to. */
export const guardedLookup = (rules: AddressRules): LookupFunction => (hostname, options, callback) => {
  const family = typeof options.family === 'number' ? options.family : 0;
  resolve(hostname, { all: true, family }, (error, found: Resolved[]) => {
    if (error) return callback(error, '');
    try {
      const allowed = allowedAddresses(hostname, found, rules);
      if (options.all) return callback(null, allowed);
      return callback(null, allowed[0]!.address, allowed[0]!.family);
    } catch (refusal) {
      return callback(refusal as NodeJS.ErrnoException, '');
    }
  });
};
