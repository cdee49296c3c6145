/** A number with a button on either side: larger targets than a list to choose from. */
export function Stepper({ label, value, least, most, shown, words, onChange }: Props) {
  return (
    <div class="stepper" role="group" aria-label={label}>
      <span class="stepper-label">{label}</span>
      <button
        type="button"
        class="round"
        aria-label={`${label}: ${words.fewer}`}
        disabled={value <= least}
        onClick={() => onChange(value - 1)}
      >
        −
      </button>
      <output aria-live="polite" class="stepper-value">
        {shown}
      </output>
      <button
        type="button"
        class="round"
        aria-label={`${label}: ${words.more}`}
        disabled={value >= most}
        onClick={() => onChange(value + 1)}
      >
        +
      </button>
    </div>
  );
}

interface Props {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly shown: string;
  readonly words: { readonly fewer: string; readonly more: string };
  readonly onChange: (value: number) => void;
}
