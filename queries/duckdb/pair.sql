-- How much is written about two countries together, month by month?
-- One row a month with news: articles; stories, where articles that retell one another count once; sources; acts
-- with the number of articles that show each; the title with the highest topic score.
-- An article that names three countries belongs to three pairs: naming is not meeting.
-- Variables: a, b  ISO 3166-1 codes; VN and CN when unset
--            zone  whose months; Asia/Ho_Chi_Minh when unset
WITH named AS (
    SELECT *, date_trunc('month', day)::DATE AS month
    FROM news
    WHERE list_has_all(countries, [coalesce(upper(getvariable('a')), 'VN'), coalesce(upper(getvariable('b')), 'CN')])),
each_act AS (SELECT month, unnest(acts) AS act FROM named),
counted AS (SELECT month, act, count(*) AS n FROM each_act GROUP BY ALL),
acted AS (SELECT month, string_agg(act || ' ' || n, ', ' ORDER BY n DESC, act) AS acts FROM counted GROUP BY month)
SELECT month, count(*) AS articles, count(DISTINCT story) AS stories, count(DISTINCT source) AS sources,
    any_value(acted.acts) AS acts, arg_max(title, (topic.score, article_id)) AS title
FROM named LEFT JOIN acted USING (month)
GROUP BY month
ORDER BY month;
