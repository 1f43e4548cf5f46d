const KEY = 'stellwerk.token';

/** The API token of this tab; gone when it is closed. */
export const token = (): string | null => sessionStorage.getItem(KEY);

export const keepToken = (value: string): void => sessionStorage.setItem(KEY, value);

export const authorization = (): Record<string, string> => {
  const known = token();
  return known ? { authorization: `Bearer ${known}` } : {};
};
