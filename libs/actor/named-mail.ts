import { limits } from '#libs/contracts/limits.js';
import type { TraceId } from '#libs/platform/trace.js';
import type { Mail } from './mail.js';

/** What a log line says of one command: ids, by which it is found again. */
export interface NamedCommand {
  readonly trace: TraceId;
  readonly event: string;
  readonly user: string;
  readonly command: string;
  readonly reservation?: string;
}

export function namedMail(mail: Mail): NamedCommand {
  const { eventId: event, userId: user, request } = mail.item;
  const named = { trace: mail.trace, event, user, command: request.type };
  return 'holdId' in request ? { ...named, reservation: request.holdId } : named;
}

/** The same of many: the first ones by their traces, and how many they are (G8). */
export interface NamedCommands {
  readonly commands: number;
  readonly traces: readonly TraceId[];
}

export function namedMails(mails: Iterable<Mail>): NamedCommands {
  const traces: TraceId[] = [];
  let commands = 0;
  for (const mail of mails) {
    if (commands < limits.tracesPerLineMax) traces.push(mail.trace);
    commands += 1;
  }
  return { commands, traces };
}
