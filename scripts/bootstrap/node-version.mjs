/** Oldest Node the bootstrap runs on; everything else runs on the Node 24 that npm installs. */
const OLDEST_MAJOR = 20;

/**
 * Ends the process with a clear line when Node is too old.
 * @param {string} version as in process.versions.node
 */
export function requireNode(version) {
  if (Number(version.split('.')[0]) >= OLDEST_MAJOR) return;
  console.error(`Stellwerk needs Node ${OLDEST_MAJOR} or newer to start; this is Node ${version} (${process.execPath}). See https://nodejs.org/en/download`);
  process.exit(1);
}
