/** The fields of one protobuf message, by number (https://protobuf.dev/programming-guides/encoding/). */
export class Fields {
  readonly #values = new Map<number, (number | Buffer)[]>();

  add(field: number, value: number | Buffer): void {
    this.#values.set(field, [...(this.#values.get(field) ?? []), value]);
  }

  /** A varint field. */
  number(field: number): number | undefined {
    const value = this.#values.get(field)?.at(-1);
    return typeof value === 'number' ? value : undefined;
  }

  /** A text, bytes, message or fixed-width field. */
  bytes(field: number): Buffer | undefined {
    const value = this.#values.get(field)?.at(-1);
    return Buffer.isBuffer(value) ? value : undefined;
  }

  messages(field: number): Fields[] {
    return (this.#values.get(field) ?? []).filter((value) => Buffer.isBuffer(value)).map((value) => fieldsOf(value));
  }
}

/** A `double`, when it is there. */
export const numberIn = (bytes: Buffer | undefined): number | undefined => (bytes?.length === 8 ? bytes.readDoubleLE() : undefined);

const WIDTH: Record<number, number> = { 1: 8, 5: 4 };

export const fieldsOf = (message: Buffer): Fields => {
  const fields = new Fields();
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < message.length) {
    const key = varint();
    const wire = key & 7;
    if (wire === 0) fields.add(key >>> 3, varint());
    else {
      const length = WIDTH[wire] ?? varint();
      fields.add(key >>> 3, message.subarray(at, at + length));
      at += length;
    }
  }
  return fields;
};
