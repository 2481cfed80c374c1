import {App, Stack} from 'aws-cdk-lib';
import {RevideoRender} from 'revideo-lambda/cdk';

/** A CDK app with films in it. First build the base image, `npx revideo-lambda image --base-only`, then `npx cdk deploy`. */
const app = new App();
const stack = new Stack(app, 'my-films');

new RevideoRender(stack, 'Films', {
  project: process.env.FILM_PROJECT ?? '.',
  name: 'my-films',
  memory: 4096,
  corsOrigins: ['https://films.example.com'],
});

app.synth();
