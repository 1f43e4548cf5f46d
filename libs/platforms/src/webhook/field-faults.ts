import { isAddress } from '../shared/field-faults.js';

export const addressFault = (text: string): string | undefined => {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? undefined : 'expected an absolute http:// or https:// URL';
};

export const pathFault = (text: string): string | undefined => (isAddress(text) ? 'a whole address stands in "url": expected what comes behind the url of the connection' : undefined);
