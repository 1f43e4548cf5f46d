import { bareExpression } from '../expressions/evaluate.js';
import { hasTemplate, splitTemplate, UnclosedTemplate } from '../expressions/template.js';
import { mapOf } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** An expression, and where it stands. */
export interface Template {
  expression: string;
  /** Of the text in which it stands. */
  path: Path;
  /** Where it begins in that text. */
  offset: number;
}

/** Every expression in the texts of `value`, at any depth; none of a text that is not closed, which is said where expressions are checked. */
export const templatesIn = (value: unknown, path: Path): Template[] => {
  if (typeof value === 'string') return inText(value, path);
  if (Array.isArray(value)) return value.flatMap((item, at) => templatesIn(item, [...path, at]));
  return Object.entries(mapOf(value)).flatMap(([key, item]) => templatesIn(item, [...path, key]));
};

const inText = (text: string, path: Path): Template[] => {
  if (!hasTemplate(text)) return [];
  try {
    return splitTemplate(text).flatMap((part) => ('text' in part ? [] : [{ ...part, path }]));
  } catch (error) {
    if (error instanceof UnclosedTemplate) return [];
    throw error;
  }
};

/** The expression of an `if`, as those of `templatesIn`; none where no text stands. */
export const conditionIn = (value: unknown, path: Path): Template[] => {
  if (typeof value !== 'string') return [];
  const expression = bareExpression(value);
  return [{ expression, path, offset: value.indexOf(expression) }];
};
