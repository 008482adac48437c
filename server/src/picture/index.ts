/** What draws the picture of a host. */
export { edgeShape, nodeShape, type PictureTexts, portFacts, type Shape, signs, spoken, vlansOf } from "./draw.ts";
export { pictureFile, roughWidth, type Theme } from "./file.ts";
export { fold, foldable } from "./fold.ts";
export { type Direction, type Layouter, layout, type Measure, type Placed, type PlacedNode } from "./layout.ts";
