package store

import "context"

// Retelling is an article that a link joins to another: the same text, or a version of
// its story.
type Retelling struct {
	ArticleID string `json:"article_id"`
	Link      string `json:"link"` // duplicate_of or same_story, whichever of the two points at the other
	Title     string `json:"title"`
}

// Retellings gives the articles linked to one, either way, and those that repeat the text
// it repeats, as far as their records are still here. Links point back by days, so none
// is looked for after storyDays.
func (s *Store) Retellings(ctx context.Context, articleID string) ([]Retelling, error) {
	rows, err := s.r.QueryContext(ctx, `WITH
		own AS MATERIALIZED (SELECT drop_date, record FROM revisions WHERE article_id = ?1 AND record <> x''),
		original AS (SELECT ?1 AS id UNION SELECT json_extract(record, '$.duplicate_of') FROM own),
		back AS (SELECT json_extract(record, '$.duplicate_of') AS id, 'duplicate_of' AS link FROM own
			UNION SELECT value, 'same_story' FROM own, json_each(own.record, '$.same_story')),
		days AS (SELECT min(drop_date) AS first FROM (SELECT drop_date FROM own
			UNION ALL SELECT r.drop_date FROM back CROSS JOIN revisions r ON r.article_id = back.id)),
		near AS MATERIALIZED (SELECT r.article_id, json_extract(r.record, '$.duplicate_of') AS original, json_extract(r.record, '$.same_story') AS versions FROM days CROSS JOIN revisions r
			ON r.drop_date BETWEEN days.first AND date(days.first, '+' || ?2 || ' days') WHERE r.record <> x''),
		linked AS (SELECT id, link FROM back WHERE id IS NOT NULL
			UNION SELECT article_id, 'duplicate_of' FROM near WHERE original IN (SELECT id FROM original)
			UNION SELECT article_id, 'same_story' FROM near, json_each(near.versions) WHERE value = ?1)
		SELECT l.id, min(l.link), coalesce((SELECT json_extract(r.record, '$.title') FROM revisions r WHERE r.article_id = l.id AND r.record <> x''
			ORDER BY r.revision DESC LIMIT 1), '') FROM linked l WHERE l.id <> ?1 GROUP BY l.id ORDER BY 2, 1`, articleID, storyDays)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Retelling{}
	for rows.Next() {
		var r Retelling
		if err := rows.Scan(&r.ArticleID, &r.Link, &r.Title); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
