import {fileURLToPath} from 'node:url';
import {compose} from '../../src/apps/compose.ts';
import {readConfig} from '../../src/apps/config.ts';
import {createHandler} from '../../src/apps/handler/handler.ts';
import {costOf} from '../../src/cost/cost.ts';
import {pricesOf} from '../../src/cost/prices.ts';
import {lambdaEngine} from '../../src/engines/lambda/lambda.ts';
import {renderChunk} from '../../src/job/render-chunk.ts';
import {logged, logger, logJobs, logSceneLine} from '../../src/observers/log.ts';
import {countJobs} from '../../src/observers/metrics.ts';

/** The entry on AWS Lambda: this project, an S3 bucket, and the function itself as its own worker. */
const config = readConfig();
/** One connection each, beside those to S3 and the files: Lambda allows 1,024 (Lambda quotas, "File descriptors"). */
const CONCURRENCY = 800;
const concurrency = config.concurrency ?? CONCURRENCY;

const tools = compose({
  ...config,
  project: config.project ?? fileURLToPath(new URL('..', import.meta.url)),
  onLine: logSceneLine,
  onUnheard: (message) => logger.warn('not heard', {...message}),
});
const functionName = config.functionName ?? 'revideo-render';
const engine = lambdaEngine({
  functionName,
  concurrency,
  runHere: (event, options) => renderChunk(event, tools, options),
});

const prices = pricesOf(process.env.AWS_REGION, config.prices);

export const handler = logged(
  createHandler({
    ...tools,
    costOf: (usage) => costOf({...usage, prices, ephemeralMb: config.tmpMb}),
    coldStart: {initMs: performance.now()},
    engine,
    startJob: engine.startJob,
    attempts: config.attempts,
    doubling: config.doubling,
    watchers: [...tools.watchers, logJobs, countJobs(functionName)],
  }),
);
