-- Which countries did one country hold talks with, and by which source do we know?
-- One row a partner, most stories first: stories, where articles that retell one another count once; articles;
-- sources with the number of articles of each; first and last day; the newest title.
-- The other half of the answer is missing.sql: what may have been said and is not here.
-- An article that names three countries counts for two partners: read the titles (met.sql) before you call it talks.
-- Variables: country       ISO 3166-1 code; VN when unset
--            acts          what counts as talks; talks,dialogue when unset
--            since, until  days, both included; the month up to the newest drop when unset
WITH talks AS (
    SELECT *, unnest(countries) AS partner
    FROM news
    WHERE list_contains(countries, coalesce(upper(getvariable('country')), 'VN')) AND len(meets(acts, 'talks,dialogue')) > 0 AND in_period(day)),
counted AS (SELECT partner, source, count(*) AS n FROM talks GROUP BY ALL),
told AS (SELECT partner, string_agg(source || ' ' || n, ', ' ORDER BY n DESC, source) AS sources FROM counted GROUP BY partner)
SELECT partner, count(DISTINCT story) AS stories, count(*) AS articles, any_value(told.sources) AS sources,
    min(day) AS first_day, max(day) AS last_day, arg_max(title, (day, article_id)) AS newest
FROM talks JOIN told USING (partner)
WHERE partner <> coalesce(upper(getvariable('country')), 'VN')
GROUP BY partner
ORDER BY stories DESC, articles DESC, partner;
