import { nodeEdge } from './node-edge.js';
import { edgeFeatures } from './edge.features.js';
import { loadedEdges } from './testing/loaded-edges.js';
import { loadUwsEdge } from './uws-edge.js';

edgeFeatures('node:http and ws', () => Promise.resolve(nodeEdge));
if (loadedEdges.includes('uws')) edgeFeatures('uWebSockets.js', loadUwsEdge);
