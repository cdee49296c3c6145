import { texts } from '../texts/texts.js';
import { cards, type Card } from './cards.js';

/** Where payments are simulated: a card for each thing that may become of one. */
export function CardChoice({ card, onChoose }: CardProps) {
  return (
    <fieldset class="cards-choice">
      <legend>{texts.payWith}</legend>
      <p class="quiet-text">{texts.testCards}</p>
      {cards.map((one) => (
        <label key={one} class={one === card ? 'paycard paycard-chosen' : 'paycard'}>
          <input
            type="radio"
            name="card"
            value={one}
            checked={one === card}
            onChange={() => onChoose(one)}
          />
          <b>{texts.cards[one][0]}</b>
          <span>{texts.cards[one][1]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface CardProps {
  readonly card: Card;
  readonly onChoose: (card: Card) => void;
}
