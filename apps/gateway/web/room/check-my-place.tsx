import { useState } from 'preact/hooks';
import type { Place, Proof, Serving } from '../shop.js';
import { checkPlace, type Checked } from './check-place.js';
import { fetchProof } from './room-calls.js';
import { roomTexts as words } from './room-texts.js';

type Outcome = 'none' | 'busy' | 'failed' | { readonly proof: Proof; readonly checked: Checked };

/** For who was in the draw: the browser works it out itself, and the proof can be taken away. */
export function CheckMyPlace({ eventId, serving, place }: Props) {
  const [outcome, setOutcome] = useState<Outcome>('none');
  const { head } = serving;
  if (head?.final !== true || place.index >= head.size) return null;
  const check = async () => {
    setOutcome('busy');
    const shown = await fetchProof(eventId, serving.room);
    const checked = shown === null ? null : await checkPlace(shown.proof, shown.given);
    setOutcome(shown === null || checked === null ? 'failed' : { proof: shown.proof, checked });
  };
  return (
    <section class="room-check">
      <p class="quiet-text room-small">{words.checkText}</p>
      <button
        type="button"
        class="quiet"
        disabled={outcome === 'busy'}
        onClick={() => void check()}
      >
        {outcome === 'busy' ? words.checking : words.check}
      </button>
      <div role="status">
        {outcome === 'failed' && <p>{words.cannotCheck}</p>}
        {typeof outcome === 'object' && <Told {...outcome} />}
      </div>
      {typeof outcome === 'object' && (
        <button type="button" class="plain" onClick={() => save(outcome.proof)}>
          {words.saveProof}
        </button>
      )}
    </section>
  );
}

interface Props {
  readonly eventId: string;
  readonly serving: Serving;
  readonly place: Place;
}

function Told({ proof, checked }: { readonly proof: Proof; readonly checked: Checked }) {
  const { broken, signatures } = checked;
  if (broken.length > 0) {
    return (
      <>
        <p class="room-broken">{words.broken}</p>
        <ul>
          {broken.map((what) => (
            <li key={what}>{words.problems[what]}</li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <p class="room-sound">
      {words.checked} {(proof.seen ?? []).length > 0 && words.checkedSeen}{' '}
      {!signatures && words.unsigned}
    </p>
  );
}

/** As `holdfastctl room verify FILE` reads it. */
function save(proof: Proof): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(proof)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${proof.room.replaceAll('/', '-')}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
