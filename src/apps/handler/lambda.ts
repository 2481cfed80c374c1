import {priceUsage} from '../../cost/price-usage.ts';
import {pricesOf} from '../../cost/prices.ts';
import {lambdaEngine} from '../../engines/lambda/lambda.ts';
import {renderChunk} from '../../job/render-chunk.ts';
import {logged, logger, logJobs, logSceneLine} from '../../observers/log.ts';
import {countJobs} from '../../observers/metrics.ts';
import {retryingStorage} from '../../storage/retrying-storage.ts';
import {compose} from '../compose.ts';
import {readConfig} from '../config.ts';
import {createHandler, type RenderHandler} from './handler.ts';

/** One connection per chunk, beside those to S3 and the files: Lambda allows 1,024 (Lambda quotas, "File descriptors"). */
const CONCURRENCY = 800;

/**
 * Makes the handler of a function on AWS Lambda: a project, an S3 bucket, and the function itself as its own worker. Call it
 * once, while the module is loaded: it counts the time since the start of the process as the cold start.
 *
 * @param project folder of the Revideo project; the setting `REVIDEO_PROJECT` overrides it
 * @throws `BadSetting` for a setting of the environment that cannot be used
 */
export function lambdaHandler({project}: {project: string}): RenderHandler {
  const config = readConfig();
  const tools = compose({
    ...config,
    project: config.project ?? project,
    onLine: logSceneLine,
    onUndelivered: (message) => logger.warn('not delivered', {...message}),
  });
  const worker = {renderer: tools.renderer, storage: retryingStorage(tools.storage)};
  const functionName = config.functionName ?? 'revideo-render';
  const engine = lambdaEngine({
    functionName,
    concurrency: config.concurrency ?? CONCURRENCY,
    runHere: (event, {progress}, {signal}) => renderChunk(event, worker, {signal, onFrames: progress}),
  });
  const prices = pricesOf(process.env.AWS_REGION, config.prices);
  const handler = createHandler({
    ...tools,
    costOf: (usage) => priceUsage(usage, {prices, ephemeralMb: config.tmpMb}),
    coldStart: {initMs: performance.now()},
    engine,
    startJob: engine.startJob,
    attempts: config.attempts,
    doubling: config.doubling,
    watchers: [...tools.watchers, logJobs, countJobs(functionName)],
  });
  return logged(handler);
}
