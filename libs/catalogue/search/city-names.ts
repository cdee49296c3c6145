import { keyOf } from './plain-words.js';

/** Cities that people know by names of several languages: no rule of letters leads there. */
const rows = [
  'Athens, Athina, Αθήνα, Athen',
  'Bangkok, กรุงเทพ, กรุงเทพมหานคร',
  'Barcelona, Barcelone',
  'Basel, Bâle',
  'Beijing, Peking, 北京',
  'Belgrade, Beograd, Београд, Belgrad',
  'Bern, Berne',
  'Brussels, Bruxelles, Brussel, Brüssel',
  'Bucharest, București, Bukarest',
  'Budapest',
  'Busan, Pusan, 부산',
  'Cairo, القاهرة, Kairo',
  'Cologne, Köln, Colonia',
  'Copenhagen, København, Kopenhagen, Köpenhamn',
  'Dubai, دبي',
  'Florence, Firenze, Florenz',
  'Geneva, Genève, Genf, Ginevra',
  'Genoa, Genova, Genua',
  'Ghent, Gent, Gand',
  'Gothenburg, Göteborg',
  'Hanoi, Hà Nội',
  'Ho Chi Minh City, Thành phố Hồ Chí Minh, Saigon, Sài Gòn',
  'Hong Kong, 香港',
  'Istanbul, İstanbul, Constantinople',
  'Jerusalem, ירושלים, القدس',
  'Kobe, 神戸',
  'Krakow, Kraków, Cracow, Krakau',
  'Kyiv, Kiev, Київ, Киев',
  'Kyoto, 京都',
  'Lisbon, Lisboa, Lissabon',
  'London, Londres, Londra',
  'Lviv, Львів, Lwów, Lemberg',
  'Mexico City, Ciudad de México, CDMX',
  'Milan, Milano, Mailand',
  'Moscow, Москва, Moskva, Moskau',
  'Mumbai, Bombay, मुंबई',
  'Munich, München, Monaco di Baviera',
  'Nagoya, 名古屋',
  'Naples, Napoli, Neapel',
  'New York, New York City, NYC',
  'Nice, Nizza',
  'Nuremberg, Nürnberg',
  'Osaka, 大阪',
  'Paris, Parigi, París',
  'Prague, Praha, Prag',
  'Rome, Roma, Rom',
  'Saint Petersburg, Санкт-Петербург, St Petersburg',
  'Sapporo, 札幌',
  'Seoul, 서울',
  'Seville, Sevilla',
  'Shanghai, 上海',
  'Singapore, 新加坡, Singapura',
  'Sofia, София',
  'Stockholm',
  'Strasbourg, Straßburg',
  'Taipei, 台北, 臺北',
  'Tel Aviv, תל אביב',
  'The Hague, Den Haag, La Haye',
  'Thessaloniki, Θεσσαλονίκη, Salonica',
  'Tokyo, 東京',
  'Turin, Torino',
  'Venice, Venezia, Venedig',
  'Vienna, Wien, Vienne',
  'Warsaw, Warszawa, Warschau',
  'Yokohama, 横浜',
  'Zagreb',
  'Zurich, Zürich',
];

const joined = (name: string): string => keyOf(name).replaceAll(' ', '');

const others = new Map<string, readonly string[]>();
for (const row of rows) {
  const names = row.split(', ');
  for (const name of names) others.set(joined(name), names);
}

/** The city's names in other languages, itself among them when it is known. */
export const namesOfCity = (city: string): readonly string[] => others.get(joined(city)) ?? [];
