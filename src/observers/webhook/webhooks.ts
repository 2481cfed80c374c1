import {RenderError} from '../../base/errors.ts';
import {Border, Refused} from '../../base/network/border.ts';
import {borderFetch} from '../../base/network/fetch.ts';
import {within} from '../../base/within.ts';
import type {FullRender} from '../../model/event.ts';
import type {JobWatcher, Messenger, WatchJob} from '../../model/job-events.ts';
import {type Webhook, withSecret} from '../../model/webhook-secret.ts';
import {tellOnce} from '../tell/once.ts';
import {forgetWebhook, readWebhook} from './kept.ts';
import type {Notice, WebhookOptions} from './options.ts';
import {post} from './post.ts';
import {WebhookWatcher} from './watcher.ts';

/** Milliseconds for the notice of a job's end: three attempts, and the pauses between them. */
const TELLING = 25_000;
/** The same for who only asks how a job is. */
const CATCHING_UP = 10_000;

/** Sends a job's progress and end to the webhook of its request. */
export function webhooks(options: WebhookOptions): Messenger & {watch: WatchJob} {
  const {storage, limit, secrets = {}} = options;
  const border = new Border(options);

  const tell = async ({jobId, run, ending, webhook: named, signal}: Notice) => {
    // Before anything is claimed: who has the secret may tell it then.
    const webhook = withSecret(named, secrets);
    const id = `${jobId}-${run}-${ending.type}`;
    const {fetch, close} = borderFetch(border);
    const send = async () => {
      const reason = await post({webhook, message: {id, jobId, run, ...ending}, fetch, limit, signal});
      if (reason) options.onUndelivered?.({jobId, id, reason});
      return !reason;
    };
    try {
      const message = `webhook-${run}-${ending.type}`;
      const isOver = await tellOnce({storage, jobId, message, signal}, send);
      // A process that is sending it now may die.
      if (isOver) await forgetWebhook({storage, jobId, run, signal});
    } finally {
      await close();
    }
  };

  return {
    watch: (job): JobWatcher =>
      new WebhookWatcher(job, {
        ...options,
        border,
        tell: (notice) => tell({...notice, signal: within(TELLING)}),
      }),

    async check({webhook}: FullRender) {
      const refused = webhook && (await refusalOf(withSecret(webhook, secrets), border));
      if (!refused) return;
      const message = `The event cannot be used. webhook.url cannot be used: ${refused.message}.`;
      throw new RenderError('BadEvent', message);
    },

    async catchUp({request, ...job}) {
      const {jobId, run} = job;
      const signal = within(CATCHING_UP);
      try {
        const webhook = (await readWebhook({storage, jobId, run, signal})) ?? request?.webhook;
        if (webhook) await tell({...job, webhook, signal});
      } catch {
        // The next caller that asks about the job tries again.
      }
    },
  };
}

/** Why a webhook cannot be sent; undefined also where that cannot be known before. */
async function refusalOf({url}: Webhook, border: Border): Promise<Refused | undefined> {
  if (!URL.canParse(url)) return new Refused('it is no address');
  const {hostname, protocol, port: given} = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const port = Number(given || (protocol === 'https:' ? 443 : 80));
  const literal = border.literalRefusal({host, port});
  if (literal) return literal;
  return new Promise((resolve) => {
    // A name that is not found today may be when the job is done.
    border.lookup(port)(host, {}, (error) => resolve(error instanceof Refused ? error : undefined));
  });
}
