import { edit, type Mutation } from '../mutation.js';

const pageProofs = ['apps/gateway/web/room/check-place.spec.ts'];

/** The waiting room's page: it checks what it is told, and asks at its pace. */
export const roomPage: readonly Mutation[] = [
  {
    name: 'room-page-entrants',
    guarantee: 'G9',
    guard: 'a browser notices entrants who were put in',
    file: 'apps/gateway/web/room/check-place.ts',
    edits: edit("['entrants', await isGrown(tools, proof)]", "['entrants', true]"),
    specs: pageProofs,
  },
  {
    name: 'room-page-position',
    guarantee: 'G9',
    guard: 'a browser notices a position that was not drawn',
    file: 'apps/gateway/web/room/check-place.ts',
    edits: edit("['position', await isDrawn(tools, proof)]", "['position', true]"),
    specs: pageProofs,
  },
  {
    name: 'room-page-receipt',
    guarantee: 'G9',
    guard: 'a browser notices another receipt than the one he was given',
    file: 'apps/gateway/web/room/check-place.ts',
    edits: edit(' && (given ?? proof.receipt) === proof.receipt', ''),
    specs: pageProofs,
  },
  {
    name: 'room-page-behind',
    guarantee: 'G6',
    guard: 'a page of a room goes never back',
    file: 'apps/gateway/web/room/waiting-room.ts',
    edits: edit('if (isBehind(serving, before)) return;', ''),
    specs: ['apps/gateway/web/room/waiting-room.spec.ts'],
  },
  {
    name: 'room-page-pace',
    guarantee: 'G8',
    guard: 'pages that came together do not ask together',
    file: 'apps/gateway/web/room/waiting-room.ts',
    edits: edit(' * (1 + this.ports.random() / 2)', ''),
    specs: ['apps/gateway/web/room/waiting-room.spec.ts'],
  },
  {
    name: 'room-page-turn',
    guarantee: 'G3',
    guard: 'a page says that a turn is over when it is',
    file: 'apps/gateway/web/room/room-view.ts',
    edits: edit(
      "untilMs > nowMs ? { kind: 'called', untilMs }",
      "untilMs > 0 ? { kind: 'called', untilMs }",
    ),
    specs: ['apps/gateway/web/room/room-view.spec.ts'],
  },
  {
    name: 'room-page-called',
    guarantee: 'G8',
    guard: 'pages that hear of a draw do not all ask at once',
    file: 'apps/gateway/web/room/waiting-room.ts',
    edits: edit('ms * this.ports.random()', '0'),
    specs: ['apps/gateway/web/room/waiting-room.spec.ts'],
  },
];
