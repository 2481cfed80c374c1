import fastify, {type FastifyInstance, type FastifyReply} from 'fastify';
import {isOwnHost} from '../src/base/network/own-host.ts';
import {acceptBodies, type Body, NO_BODY} from './body.ts';
import type {LoggedOutcome} from './environment.ts';
import {ACCOUNT_ID, describe, type FunctionConfig} from './function-config.ts';
import {type FunctionReference, readFunctionName} from './function-name.ts';
import {SYNC_PAYLOAD_BYTES} from './invocation.ts';
import {checkSize, readType, toInvocation, wantsLog} from './invoke-request.ts';
import type {LogSink} from './log.ts';
import type {Call, Pool} from './pool.ts';
import {ServiceError, toServiceError} from './service-error.ts';

/** The parts that the Invoke API uses. */
export interface InvokeApiOptions {
  readonly functions: readonly FunctionConfig[];
  readonly pool: Pool;
  readonly logs: LogSink;
  /** Where it is going to listen, an address or a name. */
  readonly host: string;
  /** Adds routes of its own, which have to say themselves who may use them. */
  readonly page?: PageRoutes | undefined;
}

/** Routes beside the Invoke API. */
export type PageRoutes = (app: FastifyInstance) => void | Promise<void>;

/** Characters of a FunctionName parameter (Lambda API Reference, "Invoke": up to 170), each maybe encoded. */
const NAME_CHARACTERS = 3 * 170;

/** The public Invoke API (Lambda API Reference, "Invoke"), not listening yet. */
export function createInvokeApi(options: InvokeApiOptions): FastifyInstance {
  const app = fastify({forceCloseConnections: 'idle', routerOptions: {maxParamLength: NAME_CHARACTERS}});
  app.setErrorHandler((error, _request, reply) => sendError(reply, toServiceError(error)));
  app.setNotFoundHandler(({method, url}, reply) => {
    const message = `${method} ${url}: this service has only POST /2015-03-31/functions/<name>/invocations, and GET …/configuration.`;
    return sendError(reply, new ServiceError('ResourceNotFoundException', message));
  });
  // Answered here, for the whole service: a page's own routes have an error handler of their own.
  app.addHook('onRequest', async ({headers, socket}, reply) => {
    if (isOwnHost(headers.host, options.host)) return;
    const message = `This service is at http://127.0.0.1:${socket.localPort}/ and http://localhost:${socket.localPort}/, and answers under no other name than these and that of the address that it listens on.`;
    return sendError(reply, new ServiceError('AccessDeniedException', message));
  });
  // Each in a context of its own: what the API refuses and takes as a body is not what a page does.
  app.register(async (api) => addInvoke(api, options));
  const {page} = options;
  if (page) app.register(async (pages) => page(pages));
  return app;
}

function addInvoke(app: FastifyInstance, options: InvokeApiOptions): void {
  acceptBodies(app, SYNC_PAYLOAD_BYTES);
  // SDKs and the CLI send no Origin; a page of some website that is open in a browser does.
  app.addHook('onRequest', async ({headers}) => {
    if (headers.origin)
      throw new ServiceError('AccessDeniedException', 'Web pages may not invoke functions here.');
  });
  type Invoke = {Params: {name: string}; Querystring: {Qualifier?: string}; Body: Body | undefined};
  app.post<Invoke>('/2015-03-31/functions/:name/invocations', async (request, reply) => {
    const {headers, body = NO_BODY} = request;
    const type = readType(headers);
    const withLog = wantsLog(headers);
    checkSize({type, headers, body});
    const target = find(options.functions, {name: request.params.name, qualifier: request.query.Qualifier});
    const invocation = toInvocation({type, headers, body}, target);
    reply.header('x-amzn-RequestId', invocation.requestId).header('X-Amz-Executed-Version', '$LATEST');
    if (type === 'DryRun') return reply.code(204).send();
    const call = {config: target.config, invocation};
    if (type === 'RequestResponse')
      return sendOutcome(reply, {outcome: await admit(options.pool, call), withLog});
    // An event invocation waits for room, and its caller does not wait (Lambda Developer Guide, "Invoking a
    // function asynchronously"). A function's own failure is in its log, so only the service's failures are
    // reported here.
    options.pool.run(call).catch((error) => report(options.logs, {call, error}));
    return reply.code(202).send();
  });
  // Lambda API Reference, "GetFunctionConfiguration".
  app.get<{Params: {name: string}}>('/2015-03-31/functions/:name/configuration', async ({params}) =>
    describe(find(options.functions, {name: params.name, qualifier: undefined}).config),
  );
}

function find(
  functions: readonly FunctionConfig[],
  {name, qualifier}: {name: string; qualifier: string | undefined},
): {config: FunctionConfig; reference: FunctionReference} {
  const reference = readFunctionName(name);
  const config = functions.find((candidate) => candidate.name === reference?.name);
  if (reference && config) return {config, reference: qualifier ? {...reference, qualifier} : reference};
  const arn = `arn:aws:lambda:us-east-1:${ACCOUNT_ID}:function:${reference?.name ?? name}`;
  throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`);
}

function admit(pool: Pool, call: Call): Promise<LoggedOutcome> {
  const running = pool.tryRun(call);
  if (running) return running;
  // The limit is the account's, for all functions together; a function has no reserved share of it here.
  throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', {
    Reason: 'ConcurrentInvocationLimitExceeded',
  });
}

function sendOutcome(
  reply: FastifyReply,
  {outcome, withLog}: {outcome: LoggedOutcome; withLog: boolean},
): FastifyReply {
  if (outcome.failed) reply.header('X-Amz-Function-Error', 'Unhandled');
  if (withLog) reply.header('X-Amz-Log-Result', outcome.logTail);
  return reply.type('application/json').send(outcome.payload);
}

const sendError = (reply: FastifyReply, error: ServiceError): FastifyReply =>
  reply.code(error.status).header('x-amzn-errortype', error.code).send(error.body);

const report = (logs: LogSink, {call, error}: {call: Call; error: unknown}): void =>
  logs(`RequestId: ${call.invocation.requestId} did not run: ${error}`, {
    functionName: call.config.name,
    logStreamName: 'service',
  });
