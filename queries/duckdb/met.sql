-- Who met whom?
-- One row for each article about a meeting and each pair of countries it names, newest first. Rows with the
-- same story retell one another.
-- An article that names three countries gives three pairs: read the title before you call it a meeting.
-- Variables: country       only pairs with this ISO 3166-1 code; all when unset
--            acts          what counts as meeting; visit,talks,dialogue when unset
--            since, until  days, both included; the month up to the newest drop when unset
SELECT x.code AS a, y.code AS b, day, meets(acts, 'visit,talks,dialogue') AS acts, source, title, url, story, article_id
FROM news, unnest(countries) AS x(code), unnest(countries) AS y(code)
WHERE x.code < y.code AND coalesce(upper(getvariable('country')) IN (x.code, y.code), true)
    AND len(meets(acts, 'visit,talks,dialogue')) > 0 AND in_period(day)
ORDER BY day DESC, a, b, article_id;
