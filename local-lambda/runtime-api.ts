import fastify, {type FastifyInstance} from 'fastify';
import {websiteRefusal} from '../src/base/network/own-host.ts';
import {acceptBodies, type Body, NO_BODY} from './body.ts';
import {failure, type Invocation, type Outcome, SYNC_PAYLOAD_BYTES} from './invocation.ts';

/** An invocation with the time it has to be over, in milliseconds since 1970. */
export interface Delivery extends Invocation {
  readonly deadlineMs: number;
}

/**
 * The Runtime API of one execution environment ("Using the Lambda runtime API for custom runtimes"). The
 * process inside asks for its next event and posts what came of it; the environment outside delivers events.
 */
export class RuntimeApi {
  /** Resolves if the process reports that it cannot start. */
  readonly initFailed: Promise<Outcome>;
  readonly #initFailed = Promise.withResolvers<Outcome>();
  readonly #app: FastifyInstance;
  #poll = Promise.withResolvers<(delivery: Delivery) => void>();
  #current: {id: string; settle: (outcome: Outcome) => void} | undefined;

  private constructor(app: FastifyInstance) {
    this.#app = app;
    this.initFailed = this.#initFailed.promise;
  }

  /** Listens on a port of 127.0.0.1 that the system chooses. */
  static async start(): Promise<RuntimeApi> {
    const app = fastify({forceCloseConnections: true});
    const api = new RuntimeApi(app);
    acceptBodies(app, SYNC_PAYLOAD_BYTES);
    // An event has variables and secrets; a website that took one would also answer in the function's place.
    app.addHook('onRequest', async ({headers}, reply) => {
      const message = websiteRefusal(headers);
      if (message) return reply.code(403).send({errorType: 'Forbidden', errorMessage: message});
    });
    await app.register(async (routes) => api.#routes(routes), {prefix: '/2018-06-01/runtime'});
    await app.listen({port: 0, host: '127.0.0.1'});
    return api;
  }

  /** Host and port, as AWS_LAMBDA_RUNTIME_API has them. */
  get address(): string {
    return new URL(this.#app.listeningOrigin).host;
  }

  /** Resolves when the process has asked for an event and none was delivered since. */
  async polled(): Promise<void> {
    await this.#poll.promise;
  }

  /** Hands an event to the process, once it asks for one, and resolves with what the process posts of it. */
  async deliver(delivery: Delivery): Promise<Outcome> {
    const answer = Promise.withResolvers<Outcome>();
    const hand = await this.#poll.promise;
    this.#poll = Promise.withResolvers();
    this.#current = {id: delivery.requestId, settle: answer.resolve};
    hand(delivery);
    return answer.promise;
  }

  /** Stops listening and cuts the connection on which the process waits. */
  async close(): Promise<void> {
    await this.#app.close();
  }

  #routes(routes: FastifyInstance): void {
    routes.get('/invocation/next', async (_request, reply) => {
      const delivery = await new Promise<Delivery>((resolve) => this.#poll.resolve(resolve));
      return reply.headers(headersOf(delivery)).type('application/json').send(delivery.payload);
    });
    type Post = {Params: {id: string}; Body: Body | undefined};
    routes.post<Post>('/invocation/:id/response', async ({params, body = NO_BODY}, reply) => {
      const fits = body.size <= SYNC_PAYLOAD_BYTES;
      const known = this.#settle(params.id, fits ? {payload: body.bytes, failed: false} : TOO_LARGE);
      return reply.code(known ? (fits ? 202 : 413) : 400).send();
    });
    routes.post<Post>('/invocation/:id/error', async ({params, body = NO_BODY}, reply) => {
      const known = this.#settle(params.id, {payload: body.bytes, failed: true});
      return reply.code(known ? 202 : 400).send();
    });
    routes.post<Post>('/init/error', async ({body = NO_BODY}, reply) => {
      this.#initFailed.resolve({payload: body.bytes, failed: true});
      return reply.code(202).send();
    });
  }

  #settle(id: string, outcome: Outcome): boolean {
    if (this.#current?.id !== id) return false;
    this.#current.settle(outcome);
    this.#current = undefined;
    return true;
  }
}

const TOO_LARGE = failure({
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${SYNC_PAYLOAD_BYTES} bytes).`,
});

const headersOf = ({requestId, deadlineMs, functionArn, traceId, clientContext}: Delivery) => ({
  'Lambda-Runtime-Aws-Request-Id': requestId,
  'Lambda-Runtime-Deadline-Ms': String(deadlineMs),
  'Lambda-Runtime-Invoked-Function-Arn': functionArn,
  'Lambda-Runtime-Trace-Id': traceId,
  ...(clientContext === undefined ? {} : {'Lambda-Runtime-Client-Context': clientContext}),
});
