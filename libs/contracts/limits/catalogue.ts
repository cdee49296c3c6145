/** Seating plans and events as files and in the database, the search, and what is kept of them. */
export const catalogueLimits = {
  planFileBytesMax: 64 * 1024 * 1024,
  eventFileBytesMax: 1024 * 1024,
  zonesPerPlanMax: 5_000,
  categoriesPerPlanMax: 500,
  drawnBytesPerPlanMax: 16 * 1024 * 1024,
  coordinateMax: 10_000_000,
  labelLengthMax: 190,
  nameLengthMax: 200,
  descriptionLengthMax: 10_000,
  performersPerEventMax: 50,
  linksPerPerformerMax: 20,
  addressLengthMax: 500,
  venueCapacityMax: 1_000_000,
  urlLengthMax: 2_000,
  /** A picture of an event file, as it is and unpacked. */
  imageFileBytesMax: 5 * 1024 * 1024,
  imagePixelsMax: 50_000_000,
  /** The longer side of what is made of it, in pixels. */
  thumbnailSideMax: 320,
  imageSideMax: 1_280,
  mediaBytesMax: 4 * 1024 * 1024,
  /** A picture that nothing names any more. */
  mediaKeptMs: 24 * 60 * 60_000,
  areaCapacityMax: 1_000_000,
  /** Of one place. An integer of Postgres; what can be charged may be less. */
  priceMinorMax: 2_000_000_000,
  /** A whole, in thousandths of a per cent. */
  feeMilliMax: 100_000,
  /** Prices of an event whose fees and taxes are remembered, the latest ones. */
  pricesKnownMax: 2_000,
  holdTtlMsMin: 3_000,
  holdTtlMsMax: 60 * 60_000,
  holdLifetimeMsMax: 24 * 60 * 60_000,
  placesPerBuyerMax: 1_000,
  /** Seats for wheelchair users are for all so long before the start, at most. */
  accessibleReleaseHoursMax: 366 * 24,
  cancellationHoursMax: 366 * 24,
  importProblemsMax: 8,
  keywordLengthMax: 200,
  keywordTokensMax: 8,
  /** Matches of a search that are ranked; of more, whole words come first, and all by start. */
  searchRankedMax: 500,
  /** Matches of one term from which its count is taken from search_term, and not counted. */
  searchCountedMax: 2_000,
  /** Events of a search that are counted, and to which pages reach. */
  eventsListedMax: 10_000,
  facetCitiesMax: 50,
  facetMonthsMax: 36,
  indexAtOnceMax: 500,
  cachedLayoutSeatsMax: 1_000_000,
  cachedSaleBytesMax: 8 * 1024 * 1024,
  cachedDetailBytesMax: 32 * 1024 * 1024,
  cachedEventMs: 5_000,
  /** How often a gateway looks for changes, and for how long their rows are kept. */
  catalogueLookMs: 400,
  catalogueChangesKeptMs: 60 * 60_000,
} as const;
