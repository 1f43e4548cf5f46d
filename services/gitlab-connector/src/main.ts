import { startService } from '@stellwerk/service-kit';
import { GitlabConnectorModule } from './gitlab-connector.module.js';
await startService('gitlab-connector', GitlabConnectorModule);
