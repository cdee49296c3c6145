/**
 * Whether a text on a plan names what everybody looks at: a stage, a screen, a field of play. Knows
 * the words of more than thirty languages, spaced letters ("S T A G E") and compounds
 * ("Hauptbühne", "Fußballfeld"), and leaves out what only speaks of it ("Backstage", "Stage door",
 * "Arah Panggung" = towards the stage).
 *
 * SW1  The answer depends on the text alone: no locale, no collator, the same on every machine.
 */
export const stageRanks = {
  /** "Stage", "Main stage", "Hauptbühne". */
  stage: 0,
  /** "The stage by Acme". */
  stageAmongWords: 1,
  field: 2,
  fieldAmongWords: 3,
} as const;
export type StageRank = (typeof stageRanks)[keyof typeof stageRanks];

const stages = `
  stage catwalk runway bandstand proscenium
  bühne buehne bühnenbereich bühnenfläche podium szene scène escenario tablado tarima
  palcoscenico toneel scen scene näyttämö lava esiintymislava svið sviðið scena estrada jeviště
  pódium scéna javisko színpad scenă pozornica бина сцена эстрада сцэна σκηνή sahne səhnə сахна
  sahna مسرح المسرح منصة  במה הבמה صحنه سن मंच रंगमंच মঞ্চ மேடை వేదిక اسٹیج panggung pentas
  entablado skatuve სცენა բեմ skena escenari eszenatokia oholtza stáitse llwyfan verhoog jukwaa
  screen leinwand bildwand écran pantalla schermo scherm ekran экран obrazovka plátno filmduk
  lærred lerret valkokangas vászon mozivászon ecran layar شاشة מסך οθόνη
  altar hovedscene huvudscen`;

const fields = `
  pitch field court rink octagon playfield infield ballpark
  spielfeld spielfläche rasen eisfläche manege kampffläche
  terrain pelouse patinoire piste cancha cuadrilátero ruedo pista campo quadra gramado relvado
  veld speelveld ijsbaan bane banen spelplan kenttä kaukalo boisko lodowisko murawa
  hřiště kluziště ihrisko pálya küzdőtér teren igralište igrišče игрище игралиште поле корт ринг
  каток γήπεδο saha ملعب الملعب מגרש میدان मैदान lapangan gelanggang padang`;

/** Words that mean something else as often: they count only when the text says nothing more. */
const fieldsAlone = `ring palco arena track mat ice`;

/** In pieces of several words. */
const stagePhrases = `sân khấu, màn hình, màn ảnh, خشبة المسرح, πίστα σκηνής`;
const fieldPhrases = `sân cỏ, sân bóng, terreno de juego, terrain de jeu, campo de juego,
  playing field, playing area, field of play, ice rink, boxing ring, αγωνιστικός χώρος,
  ledová plocha, ľadová plocha, ледовая арена`;

/** Scripts without spaces: looked for anywhere in the text. */
const stagesAnywhere = `舞台 舞臺 ステージ 무대 스테이지 เวที 银幕 銀幕 屏幕 スクリーン 스크린`;
const fieldsAnywhere = `球场 球場 赛场 賽場 拳台 擂台 擂臺 冰面 土俵 フィールド ピッチ リング リンク
  グラウンド コート 경기장 코트 링크 필드 그라운드 สนาม`;

/** What compounds end in, in languages that write them in one word. */
const stageEndings = `bühne buehne scenen podium näyttämö esiintymislava leinwand toneel`;
const fieldEndings = `spielfeld fußballfeld fussballfeld handballfeld eisfeld fußballplatz
  fussballplatz tennisplatz boxring spelplan fotbollsplan fodboldbane fotballbane tennisbane
  voetbalveld hockeyveld speelveld jalkapallokenttä kenttä jégpálya focipálya`;

/** A text with one of these speaks of the stage and is not its place. */
const away = `backstage back behind hinter hinterbühne rear door entrance exit eingang ausgang
  entrée entree entrada salida sortie view sicht vue vista vers hacia towards toward to from near
  richtung zur zum direction dirección arah menuju naar mot ke side left right level seats seating
  tribune stand standing box boxes loge suite suites bar food parking club lounge row rows section
  block access kanan kiri level terrace house direito esquerdo`;

interface Vocabulary {
  readonly words: ReadonlySet<string>;
  readonly alone: ReadonlySet<string>;
  readonly phrases: readonly string[];
  readonly anywhere: readonly string[];
  readonly endings: readonly string[];
}

const stageVocabulary: Vocabulary = {
  words: new Set(listOf(stages)),
  alone: new Set(),
  phrases: phrasesOf(stagePhrases),
  anywhere: listOf(stagesAnywhere),
  endings: listOf(stageEndings),
};
const fieldVocabulary: Vocabulary = {
  words: new Set(listOf(fields)),
  alone: new Set(listOf(fieldsAlone)),
  phrases: phrasesOf(fieldPhrases),
  anywhere: listOf(fieldsAnywhere),
  endings: listOf(fieldEndings),
};
const awayWords = new Set(listOf(away));

/** Null: the text names no stage. The lower the rank, the surer. */
export function stageRank(text: string): StageRank | null {
  const words = wordsIn(text);
  if (words.length === 0 || words.some((word) => awayWords.has(word))) return null;
  if (names(stageVocabulary, words)) {
    return words.length <= 2 ? stageRanks.stage : stageRanks.stageAmongWords;
  }
  if (!names(fieldVocabulary, words)) return null;
  return words.length <= 2 ? stageRanks.field : stageRanks.fieldAmongWords;
}

function names(vocabulary: Vocabulary, words: readonly string[]): boolean {
  if (words.length === 1 && vocabulary.alone.has(words[0])) return true;
  const spaced = ` ${words.join(' ')} `;
  return (
    vocabulary.phrases.some((phrase) => spaced.includes(` ${phrase} `)) ||
    words.some(
      (word) =>
        vocabulary.words.has(word) ||
        vocabulary.endings.some((ending) => word.endsWith(ending)) ||
        vocabulary.anywhere.some((part) => word.includes(part)),
    )
  );
}

/** Letters alone beside each other are one word: `S T A G E`, `B.Ü.H.N.E`, one letter a line. */
function wordsIn(text: string): string[] {
  const words: string[] = [];
  let letters = '';
  const flush = (): void => {
    if (letters !== '') words.push(letters);
    letters = '';
  };
  for (const word of plainWords(text)) {
    if ([...word].length === 1 && !/\p{N}/u.test(word)) letters += word;
    else {
      flush();
      words.push(word);
    }
  }
  flush();
  return words;
}

/** Composed, lower case and without the accents of Latin letters, so that "Buhne" is understood. */
function plainWords(text: string): string[] {
  const lower = text.normalize('NFKC').toLowerCase();
  const words = lower.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.map((word) =>
    /^[\p{Script=Latin}\p{M}\p{N}]+$/u.test(word)
      ? word.normalize('NFD').replace(/\p{M}/gu, '')
      : word,
  );
}

function listOf(text: string): string[] {
  return plainWords(text);
}

function phrasesOf(text: string): string[] {
  return text.split(',').map((phrase) => plainWords(phrase).join(' '));
}
