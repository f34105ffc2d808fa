/** Widths of Arial's ASCII characters from the space on, in thousandths of the font size. */
const ARIAL =
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
    .split(' ')
    .map(Number)

/** Measured: 1,024 capital A make a column of 8,691 pixels. */
const PIXELS_PER_POINT = 1.2716

/** Pixels a text takes in Arial at a size in points. */
export function textWidth(text: string, points: number): number {
  let thousandths = 0
  for (const character of text) thousandths += ARIAL[(character.codePointAt(0) as number) - 32] ?? 556
  return (thousandths / 1000) * points * PIXELS_PER_POINT
}
