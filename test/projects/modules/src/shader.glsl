#include "./common.glsl"
void main() {}
