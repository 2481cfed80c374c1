import {DefaultStackSynthesizer, Stack, type StackProps} from 'aws-cdk-lib';
import type {Construct} from 'constructs';
import {openContext} from '../image/context.ts';
import {functionImage} from './image.ts';
import {RevideoRender} from './revideo-render.ts';
import type {Settings} from './settings.ts';

/** The stack of `npm run deploy`: it holds one `RevideoRender`. */
export class RenderStack extends Stack {
  constructor(scope: Construct, settings: Settings, props: StackProps = {}) {
    super(scope, settings.name, {
      description: 'Renders Revideo films in parallel: revideo-lambda',
      // CDK asks for the version itself before it deploys; without the rule the template needs no parameter.
      synthesizer: new DefaultStackSynthesizer({generateBootstrapVersionRule: false}),
      ...props,
    });
    const {project, ...others} = settings;
    const code = functionImage(project, openContext().root);
    // CDK leaves this id out of the names of resources: those of stacks that are deployed stay.
    new RevideoRender(this, 'Default', {...others, code});
  }
}
