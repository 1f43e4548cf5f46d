/** The test asks for what this version cannot play; said as a fault of the test, never passed over. */
export class CannotSimulate extends Error {
  constructor(what: string) {
    super(`this version cannot simulate it: ${what}`);
  }
}
