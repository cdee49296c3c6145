/**
 * Plain words (see plain-words.ts) of other scripts in Latin letters, as people type them on a
 * keyboard without that script: Cyrillic, Greek, kana (Hepburn), Hangul (Revised Romanisation,
 * letter by letter). Readings of Han characters need a dictionary and are not guessed.
 */
export function latinOf(word: string): string | null {
  if (/^[\u0400-\u052f]+$/.test(word)) return cyrillic(word);
  if (/^[\u0370-\u03ff]+$/.test(word)) return greek(word);
  if (/^[\u3041-\u3096ー]+$/.test(word)) return kana(word);
  if (/^[\uac00-\ud7a3]+$/.test(word)) return hangul(word);
  return null;
}

const pairs = (text: string): Map<string, string> =>
  new Map(text.split(' ').map((pair) => [pair[0], pair.slice(1)]));

const cyrillicLetters = pairs(
  'аa бb вv гg дd еe жzh зz иi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe ' +
    'юyu яya іi єye ґg јj љlj њnj џdz ћc ђdj ѓg ќk ѕdz ўu',
);
const greekLetters = pairs(
  'αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs τt υy φf χch ψps ωo',
);

const byLetter = (word: string, table: ReadonlyMap<string, string>): string =>
  [...word].map((letter) => table.get(letter) ?? '').join('');

/** й has lost its mark by now: `-ский` is `-sky`, as everybody writes it. */
const cyrillic = (word: string): string =>
  byLetter(word, cyrillicLetters).replace(/(?:ii|yi)$/, 'y');

const greek = (word: string): string => byLetter(word.replace(/ου/g, 'u'), greekLetters);

const kanaTable = pairs(
  'あa いi うu えe おo かka きki くku けke こko がga ぎgi ぐgu げge ごgo さsa しshi すsu せse そso ' +
    'ざza じji ずzu ぜze ぞzo たta ちchi つtsu てte とto だda ぢji づzu でde どdo なna にni ぬnu ねne ' +
    'のno はha ひhi ふfu へhe ほho ばba びbi ぶbu べbe ぼbo ぱpa ぴpi ぷpu ぺpe ぽpo まma みmi むmu めme ' +
    'もmo やya ゆyu よyo らra りri るru れre ろro わwa ゐi ゑe をo んn ゔvu ぁa ぃi ぅu ぇe ぉo',
);
const smallY: Readonly<Record<string, string>> = { ゃ: 'a', ゅ: 'u', ょ: 'o' };

function kana(word: string): string {
  let latin = '';
  let doubled = false;
  for (const letter of word) {
    const small = smallY[letter];
    if (small !== undefined) latin = contracted(latin, small);
    else if ('ぁぃぅぇぉ'.includes(letter) && /[aiueo]$/.test(latin)) {
      latin = latin.slice(0, -1) + (kanaTable.get(letter) ?? '');
    } else if (letter !== 'っ' && letter !== 'ー') {
      const syllable = kanaTable.get(letter) ?? '';
      latin += doubled && syllable.length > 1 ? syllable[0] + syllable : syllable;
    }
    doubled = letter === 'っ';
  }
  return latin;
}

/** き + ょ = kyo; し + ょ = sho. */
function contracted(latin: string, vowel: string): string {
  const stem = latin.replace(/i$/, '');
  return /(?:sh|ch|j)$/.test(stem) ? stem + vowel : `${stem}y${vowel}`;
}

const initials = 'g kk n d tt r m b pp s ss _ j jj ch k t p h'.split(' ');
const vowels = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const finals = '_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ');

function hangul(word: string): string {
  return [...word]
    .map((syllable) => {
      const index = syllable.charCodeAt(0) - 0xac00;
      const parts = [
        initials[Math.floor(index / 588)],
        vowels[Math.floor((index % 588) / 28)],
        finals[index % 28],
      ];
      return parts.filter((part) => part !== '_').join('');
    })
    .join('');
}
