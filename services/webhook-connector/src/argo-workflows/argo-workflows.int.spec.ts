import { describeConformance, describeSettling } from '@stellwerk/connector-kit/conformance';
import { argoWorkflows } from '../../spec/subjects.js';

describeConformance(argoWorkflows);
describeSettling(argoWorkflows);
