import { describeConformance, describeSettling } from '@stellwerk/connector-kit/conformance';
import { subject } from '../spec/subject.js';

describeConformance(subject);
describeSettling(subject);
