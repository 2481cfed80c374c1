import {RenderError} from '../base/errors.ts';

/** The receiver of a webhook, as a request names it. */
export interface Webhook {
  url: string;
  secret?: string | undefined;
  /** Names a secret of the function; in place of `secret`. */
  secretName?: string | undefined;
  customData?: unknown;
}

/** How names of variables begin that hold secrets of webhooks. An event cannot name any other variable. */
const SECRET_VARIABLE = 'REVIDEO_WEBHOOK_SECRET_';

/** Secrets of webhooks by their names. */
export type Secrets = Readonly<Record<string, string>>;

/** The allowed secrets, in the words of error messages. */
const ALLOWED_SECRET = '16 to 256 characters long';

/**
 * The secrets in an environment, by the rest of each variable's name. Empty variables are skipped.
 *
 * @throws `BadSetting` for a name or a length that is not allowed; the message does not quote the secret
 */
export function readSecrets(environment: NodeJS.ProcessEnv): Secrets {
  const found = Object.entries(environment).flatMap(([variable, secret]) => {
    if (!variable.startsWith(SECRET_VARIABLE) || !secret) return [];
    if (secret.length < 16 || secret.length > 256)
      throw new RenderError('BadSetting', `${variable} cannot be used; it must be ${ALLOWED_SECRET}.`);
    return [[variable.slice(SECRET_VARIABLE.length), secret] as const];
  });
  return Object.fromEntries(found);
}

/**
 * A webhook with the secret that it names. It is never kept or sent on like this.
 *
 * @throws `BadEvent` if there is no such secret here: unsigned, the receiver could not tell who has sent it
 */
export function withSecret(webhook: Webhook, secrets: Secrets): Webhook {
  const {secretName, ...rest} = webhook;
  if (secretName === undefined) return webhook;
  if (Object.hasOwn(secrets, secretName)) return {...rest, secret: secrets[secretName]};
  const variable = `${SECRET_VARIABLE}${secretName}`;
  throw new RenderError(
    'BadEvent',
    `The event cannot be used. webhook.secretName is "${secretName}"; the function must have the variable ${variable}, ${ALLOWED_SECRET}.`,
  );
}

/** The warning for a webhook whose event holds the secret itself; undefined if it does not. */
export const secretWarning = (webhook: Webhook | undefined): string | undefined =>
  webhook?.secret === undefined
    ? undefined
    : `webhook.secret is part of the event, which Lambda may keep for 14 days if the call fails. Set ${SECRET_VARIABLE}<NAME> for the function, and send webhook.secretName.`;
