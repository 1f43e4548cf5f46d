/** A file of the repository; `path` from its root, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Fault {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** One rule about the repository, as a pure function over its files. */
export interface Check {
  readonly name: string;
  readonly run: (files: readonly SourceFile[]) => Fault[];
}

/** A spec, or what specs of a package share. */
const isSpec = (path: string): boolean => /\.spec\.tsx?$|^(libs|services)\/[^/]+\/(src\/)?(test|spec)\//.test(path);

export const isCode = (path: string): boolean => /^(libs|services|cli)\/.*\.ts$/.test(path) && !isSpec(path);

/** A fault for each line in which the pattern is found outside a comment. */
export const faultsOfPattern = (file: SourceFile, pattern: RegExp, message: string): Fault[] =>
  withoutComments(file.text).split('\n').flatMap((text, index) => (pattern.test(text) ? [{ path: file.path, line: index + 1, message }] : []));

// Line numbers stay. Texts win over comments, or the // of an address would begin one.
export const withoutComments = (text: string): string =>
  text.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (found) =>
    (found.startsWith('/*') || found.startsWith('//') ? found.replace(/[^\n]/g, ' ') : found));
