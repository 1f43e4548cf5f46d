import { describeConformance, describeSettling } from '@stellwerk/connector-kit/conformance';
import { prefect } from '../../spec/subjects.js';

describeConformance(prefect);
describeSettling(prefect);
