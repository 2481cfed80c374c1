/** The interface of both modules: pixels of four bytes on one side, the planes Y, U and V on the other. */
export interface Converter {
  memory: WebAssembly.Memory;
  /** Sizes are in pixels, the rest are addresses. */
  convert(
    width: number,
    height: number,
    weights: number,
    pixels: number,
    y: number,
    u: number,
    v: number,
  ): void;
}

/** Makes an instance of a module in base64, as `import` of a `.wat` file gives it; with a memory of its own. */
export async function assembled(base64: string): Promise<Converter> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const {instance} = await WebAssembly.instantiate(bytes);
  return instance.exports as unknown as Converter;
}
