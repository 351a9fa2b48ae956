-- What is known to be missing?
-- One row a reason: the drops it was seen in, how many addresses it cost where that is counted, and one of
-- them. No row is no promise: what publishers never listed, nobody knows of.
-- Variables: source        only this source, and what concerns all; every source when unset
--            since, until  drops, both included; the month up to the newest when unset
SELECT source, what, count(*) AS drops, min(drop_date) AS first_drop, max(drop_date) AS last_drop,
    sum(addresses)::BIGINT AS addresses, min(example) AS example
FROM missing
WHERE in_period(drop_date) AND source IN ('', coalesce(getvariable('source'), source))
GROUP BY source, what
ORDER BY source, addresses DESC NULLS FIRST, what;
