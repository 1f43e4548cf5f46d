import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate for localhost that vouches for itself, made anew in `dir`; `file` is for NODE_EXTRA_CA_CERTS. */
export const certificateIn = async (dir: string): Promise<{ key: Buffer; cert: Buffer; file: string }> => {
  const [key, file] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', key, '-out', file, ...subject]);
  return { key: await readFile(key), cert: await readFile(file), file };
};
