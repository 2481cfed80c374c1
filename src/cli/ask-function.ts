import {type LambdaEngine, lambdaEngine} from '../engines/lambda.ts';

/** Asks a Lambda function one thing, and lets go of it. */
export async function askFunction<T>(
  functionName: string,
  ask: (engine: LambdaEngine) => Promise<T>,
): Promise<T> {
  const engine = lambdaEngine({functionName, concurrency: 1});
  try {
    return await ask(engine);
  } finally {
    await engine.close();
  }
}
