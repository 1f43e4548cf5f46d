export { loadDirectory, type LoadedDirectory } from './load-directory.js';
export { readTestFiles } from './read-directory.js';
export { ResourcesModule } from './resources.module.js';
export { Resources } from './resources.js';
export { secretFaults } from './secret-faults.js';
export { Secrets } from './secrets.js';
