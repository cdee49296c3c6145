-- 3-D Secure: an attempt that is AUTHORISING waits for its buyer while it says what he is to do.

ALTER TABLE payment_attempt
  -- {"clientSecret", "type", "url"}; null again as soon as the buyer has answered.
  ADD COLUMN challenge jsonb,
  -- Where his bank's page sends him back to. A part of the request, so it stands in the row.
  ADD COLUMN return_url text,
  -- How often somebody said that there is news at the provider: none is missed while it is asked.
  ADD COLUMN hints integer NOT NULL DEFAULT 0;
