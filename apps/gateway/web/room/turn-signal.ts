import { useEffect, useRef } from 'preact/hooks';
import type { RoomView } from './room-view.js';

/**
 * A sound for whose turn it is: browsers play none before somebody has touched the page, so it is
 * asked for by a touch, and says how it sounds.
 */
let context: AudioContext | null = null;

/** By a touch. */
export function armSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function disarmSound(): void {
  void context?.close();
  context = null;
}

export const isSoundArmed = (): boolean => context !== null;

/** Two notes, a fifth apart, at speaking loudness; nothing where no sound was asked for. */
export function ring(times = 1): void {
  if (context === null) return;
  for (let turn = 0; turn < times; turn += 1) {
    const atS = context.currentTime + turn;
    note(context, 587.33, atS);
    note(context, 880, atS + 0.22);
  }
}

/** Rings when it becomes somebody's turn, and not at each look at the page after that. */
export function useTurnSignal({ kind }: RoomView): void {
  const before = useRef(kind);
  useEffect(() => {
    if (kind === 'called' && before.current !== 'called') ring(3);
    before.current = kind;
  }, [kind]);
}

function note(sound: AudioContext, hertz: number, atS: number): void {
  const [tone, loudness] = [sound.createOscillator(), sound.createGain()];
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(0, atS);
  loudness.gain.linearRampToValueAtTime(0.2, atS + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.001, atS + 0.4);
  tone.connect(loudness).connect(sound.destination);
  tone.start(atS);
  tone.stop(atS + 0.45);
}
