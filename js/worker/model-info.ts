/** What a page is told of a model: types only. */

export interface LayerInfo {
  name: string;
  className: string;
  outputShape: (number | null)[];
  params: number;
}

export interface ModelInfo {
  layers: LayerInfo[];
  params: number;
}
