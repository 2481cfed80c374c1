/** Shares of red and blue in the brightness; green has the rest. */
export interface Shares {
  red: number;
  blue: number;
}

/** Rec. ITU-R BT.709-6, item 3.2. */
export const BT709: Shares = {red: 0.2126, blue: 0.0722};
/** Rec. ITU-R BT.601-7, item 2.5.1. */
export const BT601: Shares = {red: 0.299, blue: 0.114};

/** Steps that brightness and colour differences have of 255, in limited range (BT.709-6, item 4.6). */
export const [LUMA_STEPS, CHROMA_STEPS] = [219 / 255, 224 / 255];
