/** How a command of the documentation is known to work. */
export type Proof =
  /** test/system/docs/run-commands.test.ts runs it as it stands. */
  | {here: true}
  /** A test runs it, with projects, jobs and folders of its own. */
  | {by: string}
  /** It cannot be run here. */
  | {not: string};

/** Pages whose commands are all run by one test, in the order of the page. */
export const WHOLE_PAGES: Readonly<Record<string, string>> = {'docs/by-hand.md': '.ci/by-hand.ci.ts'};

const EXAMPLES: Proof = {by: '.ci/examples.ci.ts'};
const DOCTOR: Proof = {by: 'test/system/cli/doctor.test.ts'};
const CLI: Proof = {by: 'test/system/cli.test.ts'};
const JOBS: Proof = {by: 'test/system/cli/jobs.test.ts'};
const DEPLOY: Proof = {by: '.ci/deploy.ci.ts'};

/** Every other command in a `sh` block of README.md and docs/, on one line. */
export const COMMANDS: Readonly<Record<string, Proof>> = {
  'npm ci': {by: '.ci/run'},
  'npm start': {by: '.ci/docs.ci.ts'},
  'npm ci && npm test': {by: '.ci/run'},
  'npm test -- test/unit/plan.test.ts': {not: 'it would run the tests from a test'},
  'npm run check': {by: '.ci/run'},
  'npx biome check --write .': {not: 'it would change the sources under test'},
  'npm run docs': {
    not: 'it would change the pages under test; test/unit/docs/pages.test.ts makes the same files',
  },
  '.ci/run': {not: 'it runs this test'},
  'S3_TEST_ENDPOINT=http://127.0.0.1:9000 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=y npm test -- test/system/storage':
    {
      by: '.ci/run',
    },
  'npm run policies -- --write': {
    not: 'it would change the policies; test/system/infra/documents.test.ts makes them',
  },
  'npm run -s render -- --project ../my-project --workers 7 --variables \'{"message": "hi"}\' --out film.mp4':
    CLI,
  'cd ../my-project': {by: 'test/system/package/package.test.ts'},
  'cd my-revideo-project': {by: 'test/system/cli/choose-project.test.ts'},
  'node ../revideo-lambda/src/apps/cli/revideo-lambda.mjs render': {
    by: 'test/system/cli/choose-project.test.ts',
  },
  'revideo-lambda render --project packages/examples/src/presentation.ts': {
    by: 'test/system/cli/choose-project.test.ts',
  },
  'revideo-lambda render --project my-app/revideo/project.ts': {by: 'test/system/cli/choose-project.test.ts'},
  'REVIDEO_PROJECT=../my-project npm run build': {by: 'test/system/build.test.ts'},
  'REVIDEO_BUNDLE=dist/project npm run -s render -- --out film.mp4': {by: 'test/system/handler-file.test.ts'},
  'npm run -s cli -- --help': {here: true},
  'npm run -s cli -- render --help': {here: true},
  'npm run -s cli -- estimate --frames 900': {here: true},
  'npm run -s cli -- estimate --project my-film --memory 2048,3008 --bucket $BUCKET': {
    by: 'test/system/cli/estimate.test.ts',
  },
  'npm run -s policies -- role': {here: true},
  'npm run -s policies -- user': {here: true},
  'npm run -s invoke -- --event events/full-render.json': CLI,
  'npm run serve': {by: 'test/system/serve.test.ts'},
  'export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x': {
    by: '.ci/aws-cli.ci.ts',
  },
  'aws lambda invoke --endpoint-url http://127.0.0.1:9001 --function-name revideo-render --cli-binary-format raw-in-base64-out --payload file://events/full-render.json --cli-read-timeout 0 answer.json':
    {by: '.ci/aws-cli.ci.ts'},
  'npm run -s render -- --function revideo-render --endpoint-url http://127.0.0.1:9001': JOBS,
  'npm run -s render -- --function revideo-render --out film.mp4': JOBS,
  'npm run -s cli -- status 12345 --function revideo-render': JOBS,
  'npm run -s cli -- resume 12345 --function revideo-render': JOBS,
  'npm run -s cli -- cancel 12345 --function revideo-render': JOBS,
  'npm run -s cli -- open 12345 --report --function revideo-render': JOBS,
  'npm run -s cli -- logs 12345 --function revideo-render': {by: 'test/unit/cli/console-links.test.ts'},
  'npm run -s cli -- doctor': DOCTOR,
  'npm run -s cli -- doctor --project ../my-project': DOCTOR,
  'npm run -s check:deployment -- --function revideo-render': EXAMPLES,
  'npm run deploy -- --bootstrap': DEPLOY,
  'npm run deploy -- --env REVIDEO_WEBHOOK_SECRET_ORDERS=a-secret-of-your-own': DEPLOY,
  'npm run destroy': DEPLOY,
  'npm run destroy -- --with-films': DEPLOY,
  'npm pack': {by: 'test/system/package/package.test.ts'},
  'npm install ../revideo-lambda/revideo-lambda-0.1.0.tgz': {by: 'test/system/package/package.test.ts'},
  'npx revideo-lambda init': {by: 'test/system/package/init.test.ts'},
  'npx revideo-lambda render --out film.mp4': {by: 'test/system/package/package.test.ts'},
  'npx revideo-lambda serve': {by: 'test/system/package/package.test.ts'},
  'npx revideo-lambda image': {by: 'test/system/package/package.test.ts'},
  'npx revideo-lambda deploy': {by: 'test/system/package/package.test.ts'},
  'npx revideo-lambda destroy': {by: 'test/system/package/package.test.ts'},
  'npx revideo-lambda policies': {by: 'test/system/package/package.test.ts'},
  'npm run image': {by: 'test/image/run.ts'},
  'npm run test:image': {by: '.ci/run'},
  'npm run build:client': {by: 'test/system/client/example.test.ts'},
  'npx node examples/render.ts revideo-render film.mp4': EXAMPLES,
  'python3 examples/render.py revideo-render film.mp4': EXAMPLES,
  'sh examples/render.sh revideo-render film.mp4': EXAMPLES,
  'node bench/same/run.ts ../my-project --seconds 3': {
    not: "it takes Revideo's own packages; test/system/same-as-revideo.test.ts compares in the same way",
  },
  'node bench/partial-video/run.ts ../my-project --workers 4 --out film.mp4': {
    by: 'test/browser/bench/partial-video.test.ts',
  },
  'npm run bench -- --parts quality': {not: 'it takes minutes, and needs a machine that does nothing else'},
};
