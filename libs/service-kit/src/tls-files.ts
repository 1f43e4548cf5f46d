import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server as TlsServer } from 'node:tls';
import { Logger } from '@nestjs/common';
import { ConfigFault, messageOf } from './errors.js';

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

const POLL_MS = 5_000;

/** Certificate and key as they are on disk now. Throws ConfigFault. */
export function readTls({ certFile, keyFile }: TlsFiles): { cert: Buffer; key: Buffer } {
  try {
    return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  } catch (error) {
    throw new ConfigFault([`TLS_CERT_FILE / TLS_KEY_FILE: ${messageOf(error)}`]);
  }
}

/**
 * New handshakes use the new files as soon as they changed. Polled: mounted Kubernetes secrets are swapped by
 * symbolic link, which inotify does not tell. A pair that cannot be read keeps the old one in force.
 */
export function followTls(server: TlsServer, files: TlsFiles, pollMs = POLL_MS): () => void {
  const log = new Logger('tls');
  const reload = (): void => {
    try {
      server.setSecureContext(readTls(files));
      log.log({ certFile: files.certFile }, 'tls.reloaded');
    } catch (error) {
      log.error({ certFile: files.certFile, reason: messageOf(error) }, 'tls.reload-failed');
    }
  };
  for (const file of [files.certFile, files.keyFile]) watchFile(file, { interval: pollMs, persistent: false }, reload);
  return () => [files.certFile, files.keyFile].forEach((file) => unwatchFile(file, reload));
}
