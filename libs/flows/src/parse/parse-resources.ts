import type { ActionLookup } from '../model.js';
import { finished } from '../turns.js';
import type { ResourceFile } from './read-file.js';
import { ResourceParser, type ParsedResources } from './resource-parser.js';

/** Reads files into resources in one go, as who does nothing else meanwhile may do; see `ResourceParser`. Never throws. */
export const parseResources = (files: readonly ResourceFile[], actions: ActionLookup): ParsedResources => finished(new ResourceParser(actions).parse(files));
