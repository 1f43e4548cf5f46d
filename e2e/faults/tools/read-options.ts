/** What `parse` reads of the command line; options that are wrong are said on stderr, and 2 is the exit code. */
export const readOptions = <T>(parse: () => T, help: string): T | 2 => {
  try {
    return parse();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return 2;
  }
};
