/** Segments of one frame each: a film of them can be cut anywhere, however short it is. */
export const everyFrame = (frames: number): number[] => Array.from({length: frames}, () => 1);
