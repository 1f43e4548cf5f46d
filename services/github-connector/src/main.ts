import { startService } from '@stellwerk/service-kit';
import { GithubConnectorModule } from './github-connector.module.js';
await startService('github-connector', GithubConnectorModule);
