import { useState } from 'preact/hooks';
import { Heading } from '../kit/page-parts.js';
import { forgetStaffToken, keepStaffToken, staffToken } from './staff-token.js';
import { staffTexts } from './staff-texts.js';

/** Pages of those with a role: shown with a token, and asked for one without. */
export function useStaff() {
  const [token, setToken] = useState(staffToken);
  const [isRefused, setRefused] = useState(false);
  const enter = (typed: string) => {
    keepStaffToken(typed);
    setRefused(false);
    setToken(typed);
  };
  /** The API did not believe the token, or it is not of the role. */
  const refuse = () => {
    forgetStaffToken();
    setRefused(true);
    setToken(null);
  };
  return { token, isRefused, enter, refuse };
}

export function StaffDoor({ title, role, isRefused, onToken }: Props) {
  const [typed, setTyped] = useState('');
  return (
    <div class="narrow">
      <Heading title={title} />
      <form
        class="door"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') onToken(typed.trim());
        }}
      >
        <p id="door-help">{staffTexts.door}</p>
        <pre>{commands[role]}</pre>
        {isRefused && (
          <p class="notice" role="alert">
            {staffTexts.refused}
          </p>
        )}
        <label class="field">
          <span>{staffTexts.token}</span>
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            aria-describedby="door-help"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <button type="submit">{staffTexts.enter}</button>
      </form>
    </div>
  );
}

const commands = {
  sre: 'npx holdfastctl token --role sre',
  organiser: 'npx holdfastctl token --role organiser --organiser ID',
} as const;

interface Props {
  readonly title: string;
  readonly role: 'sre' | 'organiser';
  readonly isRefused: boolean;
  readonly onToken: (token: string) => void;
}
