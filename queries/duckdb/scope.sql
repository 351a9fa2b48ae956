-- What did the topic decision keep out, let in by a hair, or take back?
-- kind 'out of scope': of each source, how many addresses were read and are about something else, by the ledgers of
--   the drops; score is their share of what was read. Their texts are not in the drop.
-- kind 'near': an article kept with a score less than margin above the threshold.
-- kind 'left': an article of an earlier drop, withdrawn because it is no longer about the topic.
-- Variables: threshold     the producer's topic.threshold; 0.5 when unset
--            margin        0.1 when unset
--            since, until  drops, both included; the month up to the newest when unset
SELECT 'out of scope' AS kind, source, sum(out_of_scope)::BIGINT AS n,
    round(sum(out_of_scope) / sum(out_of_scope + stored + revised + unchanged + duplicate + quarantined), 2) AS score,
    NULL::DATE AS drop_date, NULL AS article_id, NULL AS title
FROM ledger WHERE in_period(drop_date) GROUP BY source HAVING sum(out_of_scope) > 0
UNION ALL
SELECT 'near', source, 1, round(topic.score, 2), drop_date, article_id, title
FROM articles
WHERE in_period(drop_date) AND topic.score < coalesce(getvariable('threshold')::DOUBLE, 0.5) + coalesce(getvariable('margin')::DOUBLE, 0.1)
UNION ALL
SELECT 'left', source, 1, round(topic.score, 2), drop_date, article_id, title
FROM revisions
WHERE in_period(drop_date) AND change_type = 'withdrawn' AND change_reason = 'topic'
ORDER BY kind, source, score, article_id;
