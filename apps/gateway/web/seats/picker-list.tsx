import { useEffect, useRef, useState } from 'preact/hooks';
import type { PickerEntry } from '#libs/seat-map/picker.js';
import { money, priceRange } from '../kit/format.js';
import { texts, words } from '../texts/texts.js';
import type { SaleModel } from './sale-model.js';

/** The map as a list: section, then row, then seats together; only what the party can have. */
export function PickerList({ model, isKnown, disabled, onChoose, onSection }: Props) {
  const [section, setSection] = useState<number | null>(null);
  const [row, setRow] = useState<number | null>(null);
  const list = useRef<HTMLElement>(null);
  const stepped = useRef(false);
  useEffect(() => {
    // What had the focus is gone with the step before.
    const find = (kind: string) => list.current?.querySelector<HTMLElement>(kind);
    if (stepped.current) (find('.entry') ?? find('.plain'))?.focus();
    stepped.current = true;
  }, [section, row]);
  const { party } = model.selection;
  const { sections } = model.plan.document;
  const leave = (to: number | null) => {
    setRow(null);
    setSection(to);
  };
  const open = (at: number) => {
    leave(at);
    onSection(at);
  };
  return (
    <section class="picker" aria-label={texts.pickFromList} ref={list}>
      <h2>{texts.pickFromList}</h2>
      {!isKnown && <p class="quiet-text">{words.notLive}</p>}
      {section !== null && (
        <nav class="crumbs" aria-label={texts.pickFromList}>
          <button type="button" class="plain" onClick={() => leave(null)}>
            {texts.allSections}
          </button>
          {row !== null && (
            <button type="button" class="plain" onClick={() => setRow(null)}>
              {sections[section]}
            </button>
          )}
        </nav>
      )}
      {isKnown && section === null && (
        <Entries
          title={texts.sectionsHere}
          entries={model.picker.sections(party)}
          currency={model.currency}
          onOpen={open}
        />
      )}
      {isKnown && section !== null && row === null && (
        <Entries
          title={texts.rowsOf(sections[section])}
          entries={model.picker
            .rows(section, party)
            .map((entry) => ({ ...entry, name: words.row(entry.name) }))}
          currency={model.currency}
          onOpen={setRow}
        />
      )}
      {isKnown && row !== null && (
        <Groups model={model} row={row} disabled={disabled} onChoose={onChoose} />
      )}
    </section>
  );
}

interface Props {
  readonly model: SaleModel;
  /** Else nobody knows what is free, and nothing is said of it. */
  readonly isKnown: boolean;
  readonly disabled: boolean;
  readonly onChoose: (seats: readonly number[]) => void;
  readonly onSection: (section: number) => void;
}

function Entries({ title, entries, currency, onOpen }: EntriesProps) {
  if (entries.length === 0) return <p class="quiet-text">{texts.nothingForParty}</p>;
  return (
    <ul class="entries" aria-label={title}>
      {entries.map(({ at, name, seats, prices }) => (
        <li key={at}>
          <button type="button" class="entry" onClick={() => onOpen(at)}>
            <span class="entry-name">{name}</span>
            <span class="entry-left">{words.left(seats)}</span>
            {prices !== null && <b>{priceRange(prices[0], prices[1], currency)}</b>}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface EntriesProps {
  readonly title: string;
  readonly entries: readonly PickerEntry[];
  readonly currency: string;
  readonly onOpen: (at: number) => void;
}

function Groups({ model, row, disabled, onChoose }: GroupsProps) {
  const { plan, selection } = model;
  const groups = model.picker.groups(row, selection.party);
  if (groups.length === 0) return <p class="quiet-text">{texts.nothingForParty}</p>;
  const numberOf = (seat: number) => plan.document.seats.number[seat];
  return (
    <ul class="entries" aria-label={words.row(plan.rowName(row))}>
      {groups.map(({ seats, total }) => (
        <li key={seats[0]}>
          <button type="button" class="entry" disabled={disabled} onClick={() => onChoose(seats)}>
            <span class="entry-name">
              {texts.seatRange(numberOf(seats[0]), numberOf(seats[seats.length - 1]))}
            </span>
            <span class="entry-left">
              {[...new Set(seats.flatMap((seat) => plan.flagsOfSeat(seat)))]
                .map((flag) => words.flag[flag])
                .join(', ')}
            </span>
            {total !== null && <b>{money(total, model.currency)}</b>}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface GroupsProps {
  readonly model: SaleModel;
  readonly row: number;
  readonly disabled: boolean;
  readonly onChoose: (seats: readonly number[]) => void;
}
