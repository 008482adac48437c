/** What draws the picture of a host. */
export { edgeShape, nodeShape, type PictureTexts, type Shape, spoken, vlansOf } from "./draw.ts";
export { pictureFile, roughWidth, type Theme } from "./file.ts";
export { type Layouter, layout, type Measure, type Placed, type PlacedNode } from "./layout.ts";
