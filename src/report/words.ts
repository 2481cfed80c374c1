/** Numbers as people read them. */
const number = (value: number, digits: number): string =>
  new Intl.NumberFormat('en-GB', {minimumFractionDigits: digits, maximumFractionDigits: digits}).format(
    value,
  );

/** A whole number: `1,234`. */
export const whole = (value: number): string => number(value, 0);

/** A length of time in seconds: `0.42 s`, `8.3 s`, `124 s`, then `1 h 12 min`. */
export function seconds(value: number): string {
  if (value < 1) return `${number(value, 2)} s`;
  if (value < 100) return `${number(value, 1)} s`;
  if (value < 1000) return `${number(value, 0)} s`;
  const minutes = Math.round(value / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 1440)} days`;
}

/** A place in a film: `0:07.5`. */
export function timecode(value: number): string {
  const tenths = Math.floor(value * 10);
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, '0')}.${rest % 10}`;
}

/** US dollars, with two digits that say something: `$0.0031`. */
export function dollars(value: number): string {
  if (value === 0) return '$0';
  const digits = Math.min(8, Math.max(2, 1 - Math.floor(Math.log10(value))));
  return `$${number(value, digits)}`;
}

/** Bytes in units of a thousand: `1.1 MB`. */
export function bytes(value: number): string {
  if (value < 1e3) return `${value} B`;
  if (value < 1e6) return `${number(value / 1e3, 0)} kB`;
  if (value < 1e9) return `${number(value / 1e6, 1)} MB`;
  return `${number(value / 1e9, 2)} GB`;
}

/** A share in percent: `12 %`. */
export const percent = (share: number): string =>
  `${number(share * 100, share > 0 && share < 0.01 ? 1 : 0)} %`;

/** Cuts a text that goes on for too long, and says so. */
export const cut = (text: string, characters: number): string =>
  text.length > characters ? `${text.slice(0, characters)}… (${whole(text.length)} characters)` : text;
