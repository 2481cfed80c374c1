import {createHmac} from 'node:crypto';

/** The header that has a message's signature: `t=<seconds since 1970>,v1=<64 hexadecimal digits>`. */
export const SIGNATURE = 'x-revideo-signature';

/** HMAC-SHA256 over `<t>.<body>`, as hexadecimal digits. */
export const digest = ({t, body, secret}: {t: number; body: string; secret: string}): string =>
  createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');

/** The value of the header for a body that is sent now. */
export function signatureOf(body: string, secret: string, now = Date.now()): string {
  const t = Math.floor(now / 1000);
  return `t=${t},v1=${digest({t, body, secret})}`;
}
