import {createHash, timingSafeEqual} from 'node:crypto';
import type {APIGatewayProxyEvent, APIGatewayProxyEventV2, LambdaFunctionURLEvent} from 'aws-lambda';
import {type ErrorName, RenderError, toPayload, toRenderError} from '../../base/errors.ts';

/** A request through a function URL or an API Gateway. */
export type HttpEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2 | LambdaFunctionURLEvent;

/** The answer to one. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** Tells a request from an event of ours: only requests have a context with an account or an API of theirs. */
export function isHttpEvent(event: unknown): event is HttpEvent {
  return (
    typeof event === 'object' &&
    event !== null &&
    !('jobType' in event) &&
    'requestContext' in event &&
    typeof event.requestContext === 'object' &&
    event.requestContext !== null
  );
}

/** The callers, besides those with an IAM signature, that may run events. */
export interface HttpOptions {
  /** Bearer token for requests without an IAM signature; if left out, there are no such callers. */
  secret?: string | undefined;
}

/** Runs the event in a request's body and answers with its result, or with the error it threw, as JSON. */
export async function answerHttp(
  event: HttpEvent,
  run: (event: unknown) => Promise<unknown>,
  {secret}: HttpOptions = {},
): Promise<HttpAnswer> {
  try {
    refuseStrangers(event, secret);
    return json(200, await run(parseBody(event)));
  } catch (thrown) {
    const {errorType, errorMessage} = toPayload(thrown);
    return json(statusOf(thrown), {errorType, errorMessage});
  }
}

const STATUS: Partial<Record<ErrorName, number>> = {
  BadEvent: 400,
  Unauthorized: 403,
  JobUnknown: 404,
  JobConflict: 409,
  Cancelled: 410,
  InvokeThrottled: 429,
};

/** The HTTP status of an answer with an error: 500 unless the error is the caller's mistake. */
export const statusOf = (thrown: unknown): number => STATUS[toRenderError(thrown).name] ?? 500;

/** A render costs money: only requests that IAM has signed off, or that know the secret, are run. */
function refuseStrangers({requestContext, headers}: HttpEvent, secret: string | undefined): void {
  const signed =
    ('identity' in requestContext && requestContext.identity?.userArn) ||
    ('authorizer' in requestContext &&
      (requestContext.authorizer as {iam?: unknown} | null | undefined)?.iam);
  if (signed || (secret && knows(headers, secret))) return;
  throw new RenderError(
    'Unauthorized',
    'This request was not signed by IAM, nor does it carry the secret. Set the authentication of the function URL or route to AWS_IAM, or set REVIDEO_HTTP_SECRET and send "authorization: Bearer <secret>".',
  );
}

/** Whether the headers, whatever the case of their names, carry the secret; how long that takes tells nothing of it. */
function knows(headers: HttpEvent['headers'] | null | undefined, secret: string): boolean {
  const [, given = ''] =
    Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  const [, token = ''] = /^Bearer +([^ ].*)$/i.exec(given) ?? [];
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(secret));
}

function parseBody({body, isBase64Encoded}: HttpEvent): unknown {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? ''));
  } catch (cause) {
    throw new RenderError(
      'BadEvent',
      'The request\'s body is not JSON; it must be an event such as {"jobType": "fullRender"}.',
      {cause},
    );
  }
}

const json = (statusCode: number, body: unknown): HttpAnswer => ({
  statusCode,
  headers: {'content-type': 'application/json'},
  body: JSON.stringify(body),
});
