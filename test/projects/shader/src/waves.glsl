#version 300 es
precision highp float;

#include "./palette.glsl"

in vec2 sourceUV;
uniform sampler2D sourceTexture;
uniform float phase;
out vec4 outColor;

void main() {
  vec2 uv = sourceUV + vec2(0.05 * sin(sourceUV.y * 20.0 + phase), 0.0);
  vec4 color = texture(sourceTexture, uv);
  outColor = vec4(palette(color.rgb, phase), color.a);
}
