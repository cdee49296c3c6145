import { arenaFloor } from './arena.js';

/** The dozen events of the demo, as event files; times are relative to the day of loading. */
export type DemoPlan = 'theatre' | 'arena' | 'stadium';

export interface DemoEvent {
  readonly plan: DemoPlan;
  /** Days from the day of loading to the start, and the start's time of day (UTC). */
  readonly inDays: number;
  readonly at: string;
  /** Days from the day of loading to the opening of the sale; absent: on sale at once. */
  readonly onSaleInDays?: number;
  readonly file: Readonly<Record<string, unknown>>;
}

/** Where the clock of each venue stands, by its city. */
export const demoZones: Readonly<Record<string, string>> = {
  London: 'Europe/London',
  Manchester: 'Europe/London',
  Berlin: 'Europe/Berlin',
  Hamburg: 'Europe/Berlin',
  Chicago: 'America/Chicago',
  Tokyo: 'Asia/Tokyo',
};

/** Ids that the demo, the bench and the documentation use. */
export const demoEventIds = {
  theatre: 'evt_hamlet',
  arena: 'evt_aurora',
  stadium: 'evt_cupfinal',
  /** Its sale opens a week after loading. */
  notOnSale: 'evt_foxes',
} as const;

const theatrePrices = { Premium: '95.00', Stalls: '68.50', Circle: '52.00', Balcony: '29.50' };
const arenaPrices = { 'Front rows': '129.00', 'Lower ring': '89.00', 'Upper ring': '49.00' };
const stadiumPrices = {
  'Pitch side': '180.00',
  'Lower tier': '120.00',
  'Middle tier': '95.00',
  'Upper tier': '45.00',
};
const standing = { name: arenaFloor, capacity: 2_500, category: 'Standing' };
const meridian = {
  venue: { name: 'Meridian Theatre', address: '14 Meridian Row, London SE1', capacity: 640 },
  city: 'London',
  currency: 'GBP',
};
const lindenhof = {
  venue: { name: 'Lindenhof Theater', address: 'Am Lindenhof 3, 10115 Berlin', capacity: 640 },
  city: 'Berlin',
  currency: 'EUR',
};
const harbour = {
  venue: { name: 'Harbour Arena', address: 'Kaistraße 40, 20457 Hamburg', capacity: 17_600 },
  city: 'Hamburg',
  currency: 'EUR',
};
const lakeside = {
  venue: { name: 'Lakeside Arena', address: '900 Lakeside Drive, Chicago, IL', capacity: 17_600 },
  city: 'Chicago',
  currency: 'USD',
};
const crown = {
  venue: { name: 'Crown Stadium', address: 'Crown Way, Manchester M11', capacity: 50_500 },
  city: 'Manchester',
  currency: 'GBP',
};
const okafor = {
  name: 'Ines Okafor',
  description: 'Stage actor, known for her Hamlet in modern dress.',
  links: ['https://ines-okafor.example/'],
};
const aurora = {
  name: 'Aurora Static',
  description: 'Four people, nine synthesizers, no backing tracks.',
  links: ['https://aurora-static.example/', 'https://social.example/@aurorastatic'],
};

export const demoEvents: readonly DemoEvent[] = [
  {
    plan: 'theatre',
    inDays: 21,
    at: '19:30',
    file: {
      ...meridian,
      id: demoEventIds.theatre,
      name: 'Hamlet',
      description: 'Shakespeare in modern dress: three hours, one interval.',
      performers: [okafor, 'Tomasz Lindqvist'],
      prices: theatrePrices,
      hold_minutes: 2,
      payment_minutes: 5,
      stranded_singles: 'allow',
    },
  },
  {
    plan: 'theatre',
    inDays: 22,
    at: '14:30',
    file: {
      ...meridian,
      id: 'evt_seagull',
      name: 'The Seagull',
      description: 'Chekhov by the lake, in a new translation.',
      performers: [okafor, 'Marguerite Sato'],
      prices: { ...theatrePrices, Premium: '80.00', Stalls: '55.00' },
    },
  },
  {
    plan: 'theatre',
    inDays: 35,
    at: '19:00',
    file: {
      ...lindenhof,
      id: 'evt_nutcracker',
      name: 'The Nutcracker',
      description: 'The ballet, with the orchestra of the house.',
      performers: ['Lindenhof Ballet', 'Clara Wieland'],
      prices: { Premium: '110', Stalls: '84', Circle: '63', Balcony: '35' },
      buyer_limit: 6,
    },
  },
  {
    plan: 'theatre',
    inDays: 9,
    at: '20:00',
    file: {
      ...lindenhof,
      id: 'evt_improv',
      name: 'Nothing Prepared: Improv Night',
      performers: ['The Loose Screws'],
      prices: { Premium: '32', Stalls: '28', Circle: '24', Balcony: '18' },
    },
  },
  {
    plan: 'arena',
    inDays: 60,
    at: '20:00',
    file: {
      ...harbour,
      id: demoEventIds.arena,
      name: 'Aurora Static: Northern Lights Tour',
      description: 'Doors at 18:30. Standing floor in front of the stage.',
      performers: [aurora, 'Paper Lanterns'],
      prices: { ...arenaPrices, Standing: '79.00' },
      areas: [standing],
      buyer_limit: 6,
    },
  },
  {
    plan: 'arena',
    inDays: 61,
    at: '20:00',
    file: {
      ...harbour,
      id: 'evt_aurora2',
      name: 'Aurora Static: Northern Lights Tour, second night',
      performers: [aurora, 'Paper Lanterns'],
      prices: { ...arenaPrices, Standing: '79.00' },
      areas: [standing],
      buyer_limit: 6,
    },
  },
  {
    plan: 'arena',
    inDays: 14,
    at: '23:30',
    file: {
      ...lakeside,
      id: 'evt_hawks',
      name: 'Lake City Hawks vs Harbour Kings',
      description: 'Basketball, regular season.',
      performers: ['Lake City Hawks', 'Harbour Kings'],
      prices: { 'Front rows': '240.00', 'Lower ring': '110.00', 'Upper ring': '38.00' },
      focal: { x: 0, y: 0 },
    },
  },
  {
    plan: 'arena',
    inDays: 45,
    at: '19:00',
    file: {
      ...lakeside,
      id: 'evt_comedy',
      name: 'Dolores Fenwick: Mostly True',
      performers: ['Dolores Fenwick'],
      prices: { 'Front rows': '85.00', 'Lower ring': '60.00', 'Upper ring': '35.00' },
    },
  },
  {
    plan: 'stadium',
    inDays: 90,
    at: '19:00',
    file: {
      ...crown,
      id: demoEventIds.stadium,
      name: 'Continental Cup Final',
      description: 'Fifty thousand seats, one whistle.',
      performers: ['To be decided'],
      prices: stadiumPrices,
    },
  },
  {
    plan: 'stadium',
    inDays: 30,
    at: '15:00',
    file: {
      ...crown,
      id: 'evt_derby',
      name: 'City Derby: Rovers vs Wanderers',
      performers: ['Crown Rovers', 'Canal Wanderers'],
      prices: { 'Pitch side': '75', 'Lower tier': '58', 'Middle tier': '46', 'Upper tier': '32' },
    },
  },
  {
    plan: 'stadium',
    inDays: 150,
    at: '18:30',
    onSaleInDays: 7,
    file: {
      ...crown,
      id: demoEventIds.notOnSale,
      name: 'The Copper Foxes: Stadium Tour',
      performers: ['The Copper Foxes', 'Juniper Vale'],
      prices: stadiumPrices,
    },
  },
  {
    plan: 'theatre',
    inDays: 120,
    at: '10:00',
    onSaleInDays: 30,
    file: {
      venue: 'Kawabe Hall',
      city: 'Tokyo',
      currency: 'JPY',
      id: 'evt_quartet',
      name: 'Kawabe Quartet plays Beethoven',
      performers: ['Kawabe Quartet'],
      prices: { Premium: '12000', Stalls: '9500', Circle: '7000', Balcony: '4500' },
    },
  },
];
