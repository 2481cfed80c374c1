export {createClient} from './create-client.ts';
export {JobLost, RenderFailed} from './errors.ts';
export type {
  CallOptions,
  CancelResult,
  Client,
  ClientOptions,
  RenderProgress,
  RenderRequest,
  RenderResult,
  RenderStatus,
  StartedJob,
  WaitOptions,
} from './types.ts';
export {type ReceivedWebhook, verifyWebhook, type WebhookEvent, WebhookRefused} from './verify-webhook.ts';
