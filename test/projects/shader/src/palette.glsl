vec3 palette(vec3 color, float phase) {
  return mix(color, color.gbr, 0.5 + 0.5 * sin(phase));
}
