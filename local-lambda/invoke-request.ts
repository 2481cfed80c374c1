import {randomBytes, randomUUID} from 'node:crypto';
import type {IncomingHttpHeaders} from 'node:http';
import type {Body} from './body.ts';
import {arnOf, type FunctionConfig} from './function-config.ts';
import type {FunctionReference} from './function-name.ts';
import {ASYNC_PAYLOAD_BYTES, type Invocation, SYNC_PAYLOAD_BYTES} from './invocation.ts';
import {ServiceError} from './service-error.ts';

/** How the caller wants it (Lambda API Reference, "Invoke", InvocationType): waits, does not wait, only asks. */
export type InvocationType = (typeof TYPES)[number];

const TYPES = ['RequestResponse', 'Event', 'DryRun'] as const;

/** The X-Amz-Invocation-Type of a request; throws InvalidParameterValueException for an unknown one. */
export const readType = (headers: IncomingHttpHeaders): InvocationType =>
  oneOf(TYPES, {headers, name: 'x-amz-invocation-type'});

/** Whether X-Amz-Log-Type asks for the log; throws InvalidParameterValueException for an unknown value. */
export const wantsLog = (headers: IncomingHttpHeaders): boolean =>
  oneOf(['None', 'Tail'], {headers, name: 'x-amz-log-type'}) === 'Tail';

/** A request of the Invoke operation. */
export interface InvokeRequest {
  readonly type: InvocationType;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

/** Throws RequestTooLargeException when the body is over the limit of its invocation type. */
export function checkSize({type, body}: InvokeRequest): void {
  const limit = type === 'Event' ? ASYNC_PAYLOAD_BYTES : SYNC_PAYLOAD_BYTES;
  if (body.size <= limit) return;
  const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
  throw new ServiceError('RequestTooLargeException', message);
}

/** A request as an invocation; throws InvalidRequestContentException when something in it is not JSON. */
export function toInvocation(
  request: InvokeRequest,
  {config, reference}: {config: FunctionConfig; reference: FunctionReference},
): Invocation {
  const {headers, body, type} = request;
  const {qualifier} = reference;
  const clientContext = type === 'Event' ? undefined : readClientContext(headers['x-amz-client-context']);
  return {
    requestId: randomUUID(),
    functionArn: qualifier === undefined ? arnOf(config) : `${arnOf(config)}:${qualifier}`,
    traceId: String(headers['x-amzn-trace-id'] ?? newTraceId()),
    payload: readPayload(body),
    ...(clientContext === undefined ? {} : {clientContext}),
  };
}

// No payload at all is an empty event.
function readPayload({bytes}: Body): Buffer {
  if (bytes.length === 0) return Buffer.from('{}');
  parse(bytes.toString(), 'Could not parse request body into json');
  return bytes;
}

// Only for synchronous calls ("Invoke", ClientContext). Escapes keep the header in ASCII and the JSON the same.
function readClientContext(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = Buffer.from(String(header), 'base64').toString();
  const json = JSON.stringify(parse(text, 'Client context must be a valid Base64-encoded JSON object'));
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function parse(text: string, problem: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('InvalidRequestContentException', `${problem}: ${(error as Error).message}`);
  }
}

function oneOf<T extends string>(
  allowed: readonly [T, ...T[]],
  {headers, name}: {headers: IncomingHttpHeaders; name: string},
): T {
  const value = headers[name] ?? allowed[0];
  const found = allowed.find((candidate) => candidate === value);
  if (found) return found;
  const message = `${name}: one of ${allowed.join(', ')} expected, not ${value}`;
  throw new ServiceError('InvalidParameterValueException', message);
}

// "AWS X-Ray concepts", tracing header: version, seconds since 1970, 96 random bits.
const newTraceId = (): string => {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
};
