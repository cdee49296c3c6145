/**
 * Runs a command of the pre-step. Its output is kept and shown only when it fails; whatever takes
 * longer than two seconds says so.
 */
import { spawn } from 'node:child_process';

const firstNoteMs = 2_000;
const nextNoteMs = 10_000;
const outputCharsMax = 200_000;

export class StepFailed extends Error {
  constructor(title, reason, output) {
    super(`${title}: ${reason}`);
    this.name = 'StepFailed';
    this.output = output;
  }
}

/** Resolves with the output; rejects with StepFailed. `say` gets whole lines. */
export async function runStep(title, command, args, { cwd, env, say }) {
  const startedMs = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedMs) / 1000)} s`;
  let noted = false;
  const note = () => {
    say(noted ? `${title} (${seconds()}) ...` : `${title} ...`);
    noted = true;
  };
  let periodic;
  const first = setTimeout(() => {
    note();
    periodic = setInterval(note, nextNoteMs);
  }, firstNoteMs);
  try {
    const output = await outputOf(title, command, args, { cwd, env });
    if (noted) say(`${title}: done in ${seconds()}`);
    return output;
  } finally {
    clearTimeout(first);
    clearInterval(periodic);
  }
}

function outputOf(title, command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk.toString()).slice(-outputCharsMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new StepFailed(title, error.message, output)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new StepFailed(title, `failed (${signal ?? `exit code ${code}`})`, output));
    });
  });
}
