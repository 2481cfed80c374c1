export type {CallOptions, Client, ClientOptions, StartedJob, WaitOptions} from './client.ts';
export {createClient} from './create-client.ts';
export {JobLost, RenderFailed} from './errors.ts';
export type {CancelResult, RenderProgress, RenderRequest, RenderResult, RenderStatus} from './types.ts';
export {type ReceivedWebhook, verifyWebhook, type WebhookEvent, WebhookRefused} from './verify-webhook.ts';
