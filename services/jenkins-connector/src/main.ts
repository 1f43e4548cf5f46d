import { startService } from '@stellwerk/service-kit';
import { JenkinsConnectorModule } from './jenkins-connector.module.js';
await startService('jenkins-connector', JenkinsConnectorModule);
