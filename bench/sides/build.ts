import {revideoRenderer} from '../../src/renderers/revideo/renderer.ts';

/** Has the project compiled and counted, which is not part of any measurement. */
const [cache = '', project = '', directory = ''] = process.argv.slice(2);
const renderer = revideoRenderer({project, cache});
try {
  const {signal} = new AbortController();
  const {frames, fps} = await renderer.plan({}, {directory, signal});
  console.log(JSON.stringify({frames, fps}));
} finally {
  await renderer.close();
}
