-- Which articles say these words?
-- One row an article that has them all in title, lede or text, best first: each title counts 5, each lede 3, each
-- place in the text 1. Case and diacritics do not matter on either side: "doi thoai" finds "Đối thoại". The words of
-- a phrase stand together and are whole; Chinese, which has no blanks, is found anywhere. Arabic words are found as
-- they are written: دفاع is not الدفاع.
-- Variables: words         phrases, separated by commas, such as 'doi thoai, nhat ban'; empty ones do not count, and
--                         nothing is found when there is no other
--            since, until  days, both included; the month up to the newest drop when unset
WITH phrases AS (
    SELECT CASE WHEN regexp_matches(phrase, '\p{Han}') THEN trim(fold(phrase)) ELSE fold(phrase) END AS p
    FROM (SELECT unnest(string_split(getvariable('words'), ',')) AS phrase)
    WHERE trim(fold(phrase)) <> ''),
texts AS (SELECT *, fold(title) AS t, fold(lede) AS l, fold(body_text) AS b FROM news WHERE in_period(day)),
found AS (SELECT article_id, 5 * contains(t, p)::INTEGER + 3 * contains(l, p)::INTEGER + len(string_split(b, p)) - 1 AS points FROM texts, phrases),
ranked AS (SELECT article_id, sum(points)::BIGINT AS points FROM found GROUP BY article_id HAVING min(points) > 0)
SELECT points, day, source, language, title, url, article_id
FROM ranked JOIN texts USING (article_id)
ORDER BY points DESC, day DESC, article_id;
