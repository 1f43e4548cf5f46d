export { loadDirectory } from './load-directory.js';
export { ResourcesModule } from './resources.module.js';
export { Resources } from './resources.js';
export { Secrets } from './secrets.js';
