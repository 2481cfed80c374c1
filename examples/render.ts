// With the client's own package, import from 'revideo-lambda-client'.
import {createClient, RenderFailed} from 'revideo-lambda/client';

/** Renders a film in the cloud and fetches it: `npx node examples/render.ts FUNCTION FILE [MESSAGE]`. */
const [functionName = 'revideo-render', file = 'film.mp4', message = 'Hello!'] = process.argv.slice(2);

// Region, credentials and AWS_ENDPOINT_URL_LAMBDA are found as the AWS SDK finds them.
const client = createClient({functionName});

try {
  const job = await client.start({variables: {message}, quality: 'balanced'});
  await client.waitFor(job, {
    onProgress({phase, framesDrawn, frames}) {
      console.error(frames > 0 ? `${phase}: ${framesDrawn} of ${frames} frames` : phase);
    },
  });
  const {frames} = await client.download(job.jobId, file);
  console.log(`${file}: ${frames} frames`);
} catch (error) {
  if (!(error instanceof RenderFailed)) throw error;
  console.error(`${error.errorType}: ${error.message}`);
  process.exitCode = 1;
}
