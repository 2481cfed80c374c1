import {Img, Layout, makeScene2D, Rect, Txt} from '@revideo/2d';
import {all, createSignal, makeProject} from '@revideo/core';
import waves from './waves.glsl';

const INVERT = `#version 300 es
precision highp float;
in vec2 screenUV;
in vec2 destinationUV;
uniform sampler2D destinationTexture;
out vec4 outColor;
void main() {
  outColor = vec4(1.0 - texture(destinationTexture, destinationUV).rgb, 1.0);
}`;

/** WebGL: a shader from a file that includes another one, one in a string, two scenes that share the context; 60 fps. */
const make = (name: string, colour: string) =>
  makeScene2D(name, function* (view) {
    const phase = createSignal(0);
    view.add(
      <>
        <Rect size={['100%', '100%']} fill={colour} />
        <Layout shaders={{fragment: waves, uniforms: {phase}}} x={-70}>
          <Img src={'/picture.png'} size={[120, 90]} />
          <Txt text={name} fontSize={20} fill={'white'} />
        </Layout>
        <Rect size={60} x={() => 60 + 20 * phase()} fill={'red'} shaders={INVERT} />
      </>,
    );
    yield* all(phase(3, 0.5));
  });

export default makeProject({
  scenes: [make('one', '#204060'), make('two', '#406020')],
  experimentalFeatures: true,
  settings: {shared: {size: {x: 320, y: 180}}, rendering: {fps: 60}},
});
