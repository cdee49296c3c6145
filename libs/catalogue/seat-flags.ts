import {
  SEAT_FLAG_COMPANION,
  SEAT_FLAG_HEARING_LOOP,
  SEAT_FLAG_PLUS_SIZE,
  SEAT_FLAG_RESTRICTED_VIEW,
  SEAT_FLAG_SIGN_LANGUAGE,
  SEAT_FLAG_WHEELCHAIR,
} from '#libs/inventory/layout.js';

/** What a seat may be besides its price, by its name in plans, side files and layout documents. */
export const seatFlags = {
  wheelchair: SEAT_FLAG_WHEELCHAIR,
  companion: SEAT_FLAG_COMPANION,
  restricted_view: SEAT_FLAG_RESTRICTED_VIEW,
  hearing_loop: SEAT_FLAG_HEARING_LOOP,
  sign_language: SEAT_FLAG_SIGN_LANGUAGE,
  plus_size: SEAT_FLAG_PLUS_SIZE,
} as const;
export type SeatFlag = keyof typeof seatFlags;
/** By which best available chooses, as requests name them. */
export const wishNames = [
  'restricted_view',
  'hearing_loop',
  'sign_language',
  'plus_size',
] as const satisfies readonly SeatFlag[];
export const seatFlagNames = Object.keys(seatFlags) as SeatFlag[];

/**
 * What the name of a category says of its seats, in the words of more than twenty languages.
 *
 * SF1  Nothing is inferred from a name with a negation: "Stalls (no wheelchair access)" and "Not
 *      accessible, stairs only" are ordinary seats. Missing a wheelchair space costs a line in a
 *      side file; taking a whole house for wheelchair spaces costs its sale.
 * SF2  A companion's seat is no wheelchair space, though its name has that word.
 */
export function flagsOfCategory(name: string): SeatFlag[] {
  const words = wordsOf(name);
  if (names(negations, words)) return [];
  const flags: SeatFlag[] = [];
  if (names(companions, words)) flags.push('companion');
  else if (names(wheelchairs, words)) flags.push('wheelchair');
  if (names(restricted, words)) flags.push('restricted_view');
  return flags;
}

/** `*` stands for any ending; `~` before a word of a script without spaces: anywhere. */
const wheelchairs = vocabulary(`
  wheelchair, wheelchairs, accessible, disabled, handicapped, mobility impaired, reduced mobility,
  rollstuhl*, rolli*, behindertenpl*, barrierefrei*, pmr, ufr, fauteuil roulant, fauteuils roulants,
  mobilite reduite, handicapes, silla de ruedas, sillas de ruedas, movilidad reducida,
  minusvalidos, discapacitados, cadeira de rodas, cadeiras de rodas, cadeirante*,
  mobilidade reduzida, pcd, sedia a rotelle, sedie a rotelle, carrozzin*, disabili, rolstoel*,
  mindervalid*, korestol*, rullstol*, rullestol*, pyoratuoli*, niepelnosprawn*, inwalidz*,
  vozick*, bezbarierov*, kerekesszek*, mozgasserult*, carucior*, invalid*, tekerlekli sandalye,
  engelli*, xe lan, kursi roda, difabel*, инвалид*, колясочн*, маломобильн*, інвалід*, αμεα,
  αναπηρικ*, כיסא גלגלים, כסא גלגלים, כסאות גלגלים, נכים, كرسي متحرك, كراسي متحركة,
  ~車椅子, ~車いす, ~휠체어, ~장애인, ~轮椅, ~輪椅, ~无障碍, ~無障礙, ~身障, ~วีลแชร์, ~ผู้พิการ`);
const companions = vocabulary(`
  companion, companions, carer, carers, caregiver*, attendant, begleit*, accompagnat*, acompanant*,
  acompanhant*, begeleid*, ledsager*, ledsagare*, avustaja*, opiekun*, doprovod*, kisero*,
  refakat*, сопровожда*, супровід*, συνοδ*, מלווה, מלווים, مرافق, مرافقين, ~付添, ~付き添い,
  ~介助, ~동반, ~陪同`);
const restricted = vocabulary(`
  restricted view, limited view, obstructed view, partial view, sichtbehinder*,
  eingeschrankte sicht, visibilite reduite, vision reducida, vision limitada, visibilidad reducida,
  visao reduzida, visibilita ridotta, visibilita limitata, beperkt zicht, ~見切れ, ~시야제한`);
const negations = vocabulary(`
  no, not, non, without, inaccessible, except, excluding, stairs only, kein*, nicht, ohne, sans,
  pas, sin, nao, sem, senza, zonder, geen, niet, uden, ikke, uten, utan, inte, ei, bez, nie, nem,
  fara, degil, yok, khong, tidak, tanpa, без, не, нет, крім, кроме, χωρις, όχι, בלי, ללא, לא,
  بدون, غير, لا, ~不可, ~なし, ~無し, ~ない, ~불가, ~없음, ~没有, ~沒有, ~非, ~ไม่`);

interface Vocabulary {
  readonly phrases: readonly string[];
  readonly beginnings: readonly string[];
  readonly anywhere: readonly string[];
}

function vocabulary(text: string): Vocabulary {
  const parts = text.split(',').map((part) => part.trim());
  const spaced = (part: string): string => wordsOf(part).join(' ');
  return {
    phrases: parts.filter((part) => !/[*~]/.test(part)).map((part) => ` ${spaced(part)} `),
    beginnings: parts.filter((part) => part.endsWith('*')).map((part) => ` ${spaced(part)}`),
    anywhere: parts.filter((part) => part.startsWith('~')).map(spaced),
  };
}

function names({ phrases, beginnings, anywhere }: Vocabulary, words: readonly string[]): boolean {
  const text = ` ${words.join(' ')} `;
  return [...phrases, ...beginnings, ...anywhere].some((part) => text.includes(part));
}

/** Composed, lower case, without the accents of Latin and Greek letters. */
function wordsOf(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.map((word) =>
    /^[\p{Script=Latin}\p{Script=Greek}\p{M}\p{N}]+$/u.test(word)
      ? word
          .normalize('NFD')
          .replace(/\p{M}/gu, '')
          .replace(/[øł]/g, (letter) => (letter === 'ø' ? 'o' : 'l'))
      : word,
  );
}
