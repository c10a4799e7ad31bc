import { Graph, layout } from "@dagrejs/dagre";
import type { GraphEdge } from "./types";

export interface Box {
  readonly anchor: string;
  /** Top left corner and size, in the picture's own units. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** One frame per module; the anchor is its wave. */
  readonly frames: readonly Box[];
  readonly arrows: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const BOX = { width: 204, height: 54 } as const;
const TITLE = 7;

const cornered = (anchor: string, node: { x: number; y: number; width: number; height: number }): Box => ({
  anchor,
  x: node.x - node.width / 2,
  y: node.y - node.height / 2,
  width: node.width,
  height: node.height,
});

/** Gives the room below the boxes to the module's name above them. */
const withTitle = (frame: Box): Box => ({ ...frame, y: frame.y - TITLE, height: frame.height });

/** What is framed together. */
interface Group {
  readonly wave: string;
  readonly resources: readonly { readonly anchor: string }[];
}

/** Places boxes from left to right, each to the right of all it names, and frames them by module. */
export const layOut = (modules: readonly Group[], edges: readonly GraphEdge[]): Picture => {
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: "LR", nodesep: 26, ranksep: 54, edgesep: 10, marginx: 4, marginy: 26 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { wave, resources } of modules) {
    graph.setNode(wave, {});
    for (const { anchor } of resources) {
      graph.setNode(anchor, { ...BOX });
      graph.setParent(anchor, wave);
    }
  }
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    boxes: modules.flatMap(({ resources }) =>
      resources.map(({ anchor }) => cornered(anchor, graph.node(anchor) as never)),
    ),
    frames: modules.map(({ wave }) => withTitle(cornered(wave, graph.node(wave) as never))),
    arrows: edges.map(({ from, to }) => ({ from, to, points: (graph.edge(from, to) as { points: Point[] }).points })),
  };
};
