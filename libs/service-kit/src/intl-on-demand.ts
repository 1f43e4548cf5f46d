/**
 * Nest makes two date formats as soon as it is loaded, for a console logger that no service uses. The first one of a
 * process reads 7 to 9 MB of language data, so while our libraries are loaded a format is made when it is first used.
 * `intl-as-ever.ts` ends that.
 */
const real = Intl.DateTimeFormat;

const onDemand = (...options: ConstructorParameters<typeof Intl.DateTimeFormat>): Intl.DateTimeFormat => {
  let format: Intl.DateTimeFormat | undefined;
  const get = (_target: object, name: keyof Intl.DateTimeFormat): unknown => {
    format ??= new real(...options);
    const value: unknown = format[name];
    return typeof value === 'function' ? value.bind(format) : value;
  };
  return new Proxy({}, { get } as ProxyHandler<object>) as Intl.DateTimeFormat;
};

/** A constructor may give another object than the one that was made for it. */
Intl.DateTimeFormat = function DateTimeFormat(...options: ConstructorParameters<typeof Intl.DateTimeFormat>) {
  return onDemand(...options);
} as unknown as typeof Intl.DateTimeFormat;

export const restoreIntl = (): void => {
  Intl.DateTimeFormat = real;
};
