/** The areas in which a frame at a chunk's border is compared: enough to tell pictures apart, few enough to carry along. */
export const GRID = {columns: 32, rows: 18};
