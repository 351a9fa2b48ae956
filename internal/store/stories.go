package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// Telling is what an article is found by when another version of its story comes.
type Telling struct {
	Day    int     // it came out, days since 1970 in UTC
	Sketch []byte  // of its text
	Text   []int64 // keys of its text; a version shares two of them
	Other  []int64 // of its pictures and other editions; one is enough
}

// Neighbour is an article that may tell the same story.
type Neighbour struct {
	ArticleID string
	Sketch    []byte
}

// maxNeighbours bounds the articles one is compared with: stock phrases may make
// many neighbours.
const maxNeighbours = 50

// Neighbours gives the articles that share keys with t and came out within so many
// days of it; those that share most first.
func (s *Store) Neighbours(ctx context.Context, articleID string, t Telling, days int) ([]Neighbour, error) {
	text, err := json.Marshal(append([]int64{}, t.Text...))
	if err != nil {
		return nil, err
	}
	other, err := json.Marshal(append([]int64{}, t.Other...))
	if err != nil {
		return nil, err
	}
	rows, err := s.r.QueryContext(ctx, `SELECT near.article_id, coalesce(k.sketch, x'') FROM (
			SELECT article_id, sum(points) AS shared FROM (
				SELECT k.article_id, 1 AS points FROM json_each(?1) CROSS JOIN story_keys k ON k.key = json_each.value AND k.day BETWEEN ?3 AND ?4
				UNION ALL SELECT k.article_id, 2 FROM json_each(?2) CROSS JOIN story_keys k ON k.key = json_each.value AND k.day BETWEEN ?3 AND ?4)
			WHERE article_id <> ?5 GROUP BY article_id HAVING shared >= 2 ORDER BY shared DESC, article_id LIMIT ?6) near
		LEFT JOIN sketches k ON k.article_id = near.article_id`,
		string(text), string(other), t.Day-days, t.Day+days, articleID, maxNeighbours)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Neighbour
	for rows.Next() {
		var n Neighbour
		if err := rows.Scan(&n.ArticleID, &n.Sketch); err != nil {
			return nil, err
		}
		found = append(found, n)
	}
	return found, rows.Err()
}

// tell keeps what an article's newest text is found by.
func tell(ctx context.Context, tx *sql.Tx, articleID string, t Telling) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM story_keys WHERE article_id = ?`, articleID); err != nil {
		return fmt.Errorf("story of %s: %w", articleID, err)
	}
	for _, key := range append(append([]int64{}, t.Text...), t.Other...) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO story_keys (key, day, article_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, key, t.Day, articleID); err != nil {
			return fmt.Errorf("story of %s: %w", articleID, err)
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO sketches (article_id, day, sketch) VALUES (?1, ?2, coalesce(?3, x'')) ON CONFLICT DO UPDATE SET day = ?2, sketch = coalesce(?3, x'')`, articleID, t.Day, t.Sketch)
	return err
}

// storyDays is how long versions of a story are looked for, at the most.
const storyDays = 31

// forgetStories lets go of the days no version is looked for any more, one at a time.
func (s *Store) forgetStories(ctx context.Context) error {
	last := s.now().Unix()/(24*60*60) - storyDays
	for {
		var day sql.NullInt64
		if err := s.r.QueryRowContext(ctx, `SELECT min(day) FROM sketches WHERE day < ?`, last).Scan(&day); err != nil || !day.Valid {
			return err
		}
		err := s.write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `DELETE FROM story_keys WHERE day = ?`, day.Int64); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `DELETE FROM sketches WHERE day = ?`, day.Int64)
			return err
		})
		if err != nil {
			return err
		}
	}
}
