import { language } from '../texts/texts.js';

/** What the waiting room says; fetched with its page. */
const english = {
  name: 'Waiting room',
  opensIn: 'The waiting room opens in',
  drawIn: 'The draw is in',
  drawAt: (time: string) => `Draw: ${time}`,
  fair:
    'Whoever is here before the draw takes part in it, and everybody has the same chance: coming ' +
    'first gives no better place.',
  joinDraw: 'Take part in the draw',
  joinLine: 'Stand in line',
  joinLineText: 'The draw is over. Who comes now stands behind, in the order of coming.',
  howMany: 'For how many?',
  takePlace: 'Take a place',
  partyText: 'It can be lowered later and never raised: all you hold and buy counts.',
  inDraw: 'You are in the draw',
  joined: (people: string, one: boolean) => `${people} ${one ? 'person is' : 'people are'} here`,
  kept:
    'Your place is kept: you may close this page and come back to it, in this browser or on ' +
    'another device that is signed in as you.',
  claimText: (minutes: string) =>
    `When it is your turn you have ${minutes} to come in. Who does not come stands behind again.`,
  drawing: 'The places are being drawn',
  drawingText: 'One moment. Your place will be shown here.',
  yourPlace: 'Your place',
  beforeYou: (one: boolean): string => (one ? 'person before you' : 'people before you'),
  next: 'You are next',
  place: 'Place in line',
  perMinute: 'Called in a minute',
  wait: 'Likely wait',
  waitUnknown: 'not known yet',
  lessThanMinute: 'less than a minute',
  upTo: (to: string) => `up to ${to}`,
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  minutes: (number: string, one: boolean) => `${number} ${one ? 'minute' : 'minutes'}`,
  hours: (number: string, one: boolean) => `${number} ${one ? 'hour' : 'hours'}`,
  party: (people: string) => `For ${people}`,
  paused: 'The line stands still for now. Nobody loses a place.',
  notTogether: (people: string) => `There is not enough left together for ${people}.`,
  mayComeBack: (places: string, one: boolean) =>
    `${places} ${one ? 'place is' : 'places are'} held or being paid for: some may come back.`,
  goOnFor: (people: string) => `Go on for ${people}, keep my place`,
  yourTurn: 'It is your turn',
  comeIn: 'Come in',
  comeInText: 'to come in. After that the next one is called.',
  inside: 'You are in',
  insideText: 'to choose your seats.',
  toSeats: 'Choose seats',
  leave: 'I am done: let the next one in',
  leaveText: 'What you hold or have bought stays yours.',
  lapsed: 'Your turn has passed',
  lapsedText: 'Nobody came in time, so others were called. You can stand in line again.',
  over: 'Your time to choose is over',
  overText: 'What you hold stays yours until its own time is up. For more, stand in line again.',
  again: 'Stand in line again',
  soldOut: 'Everything is sold',
  soldOutText:
    'Every place is taken, and none is held or being paid for any more. There is nothing left to ' +
    'wait for. We are sorry, and thank you for your patience.',
  closed: 'The waiting room is closed',
  closedText: 'Nobody has to wait any more: choose your seats as always.',
  none: 'There is no waiting room',
  noneText: 'This event needs none: choose your seats as always.',
  organiser: 'From the organiser',
  soundOn: 'Play a sound when it is my turn',
  watchMap: 'Watch the seat map meanwhile',
  check: 'Check my place',
  checkText:
    'Before anybody came, the shop committed itself to a secret. It is public since the draw, so ' +
    'that your browser can work out your place itself.',
  checking: 'Checking…',
  checked: 'It adds up: this place is the one that was drawn.',
  checkedSeen: 'Nobody was put in after you had looked.',
  unsigned: 'This browser cannot check signatures; all else was checked.',
  cannotCheck: 'This cannot be checked here now.',
  saveProof: 'Save the proof',
  broken: 'It does not add up. Save the proof and show it to somebody you trust:',
  problems: {
    receipt: 'the receipt is not signed by the room, or is not the one you were given',
    head: 'a list of entrants is not signed by the room',
    tree: 'you are not in the list of entrants',
    entrants: 'entrants were changed after you had looked',
    secret: 'the secret is not the one that was committed',
    position: 'the place is not the one that was drawn',
  },
  heardWaiting: (people: string) => `No more than ${people} before you.`,
  noAnswer: 'There was no answer. Your place is kept; this page asks again by itself.',
  guards: 'A waiting room is before this sale.',
  guardsText: 'The map is live for everybody; seats are held by those whose turn it is.',
  guardsMapText: 'The map is shown to those whose turn it is.',
  toRoom: 'To the waiting room',
  turnLeft: 'Your turn',
};

type RoomTexts = typeof english;

const german: RoomTexts = {
  name: 'Warteraum',
  opensIn: 'Der Warteraum öffnet in',
  drawIn: 'Die Auslosung ist in',
  drawAt: (time) => `Auslosung: ${time}`,
  fair:
    'Wer vor der Auslosung hier ist, nimmt an ihr teil, und alle haben die gleiche Chance: ' +
    'Früher zu kommen bringt keinen besseren Platz.',
  joinDraw: 'An der Auslosung teilnehmen',
  joinLine: 'Anstellen',
  joinLineText: 'Die Auslosung ist vorbei. Wer jetzt kommt, steht dahinter, der Reihe nach.',
  howMany: 'Für wie viele?',
  takePlace: 'Platz einnehmen',
  partyText:
    'Später geht es nur für weniger weiter: Was Sie reservieren und kaufen, zählt zusammen.',
  inDraw: 'Sie nehmen an der Auslosung teil',
  joined: (people, one) => `${people} ${one ? 'Person ist' : 'Personen sind'} hier`,
  kept:
    'Ihr Platz bleibt Ihnen: Sie können diese Seite schließen und wiederkommen, in diesem ' +
    'Browser oder auf einem anderen Gerät, auf dem Sie angemeldet sind.',
  claimText: (minutes) =>
    `Wenn Sie an der Reihe sind, haben Sie ${minutes}, um einzutreten. Wer nicht kommt, steht ` +
    'wieder hinten.',
  drawing: 'Die Plätze werden ausgelost',
  drawingText: 'Einen Augenblick. Ihr Platz wird hier angezeigt.',
  yourPlace: 'Ihr Platz',
  beforeYou: (one) => (one ? 'Person vor Ihnen' : 'Personen vor Ihnen'),
  next: 'Sie sind als Nächstes dran',
  place: 'Platz in der Reihe',
  perMinute: 'Aufrufe je Minute',
  wait: 'Voraussichtlich',
  waitUnknown: 'noch nicht bekannt',
  lessThanMinute: 'weniger als eine Minute',
  upTo: (to) => `bis zu ${to}`,
  fromTo: (from, to) => `${from} bis ${to}`,
  minutes: (number, one) => `${number} ${one ? 'Minute' : 'Minuten'}`,
  hours: (number, one) => `${number} ${one ? 'Stunde' : 'Stunden'}`,
  party: (people) => `Für ${people}`,
  paused: 'Die Reihe steht im Augenblick still. Niemand verliert seinen Platz.',
  notTogether: (people) => `Für ${people} ist nicht mehr genug nebeneinander frei.`,
  mayComeBack: (places, one) =>
    `${places} ${one ? 'Platz ist' : 'Plätze sind'} reserviert oder in Zahlung: Manche werden ` +
    'vielleicht wieder frei.',
  goOnFor: (people) => `Weiter für ${people}, Platz behalten`,
  yourTurn: 'Sie sind an der Reihe',
  comeIn: 'Eintreten',
  comeInText: 'um einzutreten. Danach werden die Nächsten aufgerufen.',
  inside: 'Sie sind drin',
  insideText: 'um Ihre Plätze auszusuchen.',
  toSeats: 'Plätze aussuchen',
  leave: 'Ich bin fertig: die Nächsten dürfen herein',
  leaveText: 'Was Sie reserviert oder gekauft haben, bleibt Ihnen.',
  lapsed: 'Sie waren an der Reihe',
  lapsedText: 'Es kam niemand, darum wurden andere aufgerufen. Sie können sich wieder anstellen.',
  over: 'Ihre Zeit zum Aussuchen ist um',
  overText:
    'Was Sie reserviert haben, bleibt Ihnen, bis dessen Zeit um ist. Für mehr stellen Sie sich ' +
    'wieder an.',
  again: 'Wieder anstellen',
  soldOut: 'Alles ist verkauft',
  soldOutText:
    'Alle Plätze sind vergeben, und keiner ist mehr reserviert oder wird gerade bezahlt. Es gibt ' +
    'nichts mehr, worauf Sie warten könnten. Das tut uns leid, und danke für Ihre Geduld.',
  closed: 'Der Warteraum ist geschlossen',
  closedText: 'Niemand muss mehr warten: Suchen Sie Ihre Plätze aus wie immer.',
  none: 'Hier gibt es keinen Warteraum',
  noneText: 'Diese Veranstaltung braucht keinen: Suchen Sie Ihre Plätze aus wie immer.',
  organiser: 'Vom Veranstalter',
  soundOn: 'Ton, wenn ich an der Reihe bin',
  watchMap: 'Inzwischen den Saalplan ansehen',
  check: 'Meinen Platz nachrechnen',
  checkText:
    'Bevor jemand kam, hat sich der Veranstalter auf ein Geheimnis festgelegt. Seit der ' +
    'Auslosung ist es öffentlich, und Ihr Browser kann Ihren Platz selbst ausrechnen.',
  checking: 'Wird geprüft …',
  checked: 'Es stimmt: Dieser Platz ist der ausgeloste.',
  checkedSeen: 'Niemand wurde eingefügt, nachdem Sie hingesehen hatten.',
  unsigned: 'Dieser Browser kann keine Unterschriften prüfen; alles andere wurde geprüft.',
  cannotCheck: 'Das kann hier gerade nicht geprüft werden.',
  saveProof: 'Beweis speichern',
  broken: 'Es stimmt nicht. Speichern Sie den Beweis, und zeigen Sie ihn jemandem:',
  problems: {
    receipt: 'die Quittung ist nicht vom Warteraum unterschrieben oder nicht die, die Sie bekamen',
    head: 'eine Liste der Teilnehmenden ist nicht vom Warteraum unterschrieben',
    tree: 'Sie sind nicht in der Liste der Teilnehmenden',
    entrants: 'die Teilnehmenden wurden geändert, nachdem Sie hingesehen hatten',
    secret: 'das Geheimnis ist nicht das festgelegte',
    position: 'der Platz ist nicht der ausgeloste',
  },
  heardWaiting: (people) => `Höchstens ${people} vor Ihnen.`,
  noAnswer: 'Es kam keine Antwort. Ihr Platz bleibt Ihnen; diese Seite fragt von selbst wieder.',
  guards: 'Vor diesem Verkauf ist ein Warteraum.',
  guardsText: 'Den Plan sehen alle live; reservieren kann, wer an der Reihe ist.',
  guardsMapText: 'Den Plan sieht, wer an der Reihe ist.',
  toRoom: 'Zum Warteraum',
  turnLeft: 'Sie sind dran',
};

export const roomTexts: RoomTexts = language === 'de' ? german : english;
