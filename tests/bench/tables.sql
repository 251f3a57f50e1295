-- schema.prisma as tables, with 2,000 people, 5 posts each, 4 comments each.
SET client_min_messages = warning;
CREATE TABLE people (
  id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, city text, age integer,
  visits bigint NOT NULL DEFAULT 0, score double precision NOT NULL, active boolean NOT NULL,
  joined timestamptz(3) NOT NULL DEFAULT now(), updated timestamptz(3) NOT NULL DEFAULT now());
CREATE TABLE posts (
  id serial PRIMARY KEY, person_id integer NOT NULL REFERENCES people, title text NOT NULL, body text NOT NULL,
  views integer NOT NULL DEFAULT 0, created timestamptz(3) NOT NULL DEFAULT now());
CREATE TABLE comments (
  id serial PRIMARY KEY, post_id integer NOT NULL REFERENCES posts, text text NOT NULL,
  created timestamptz(3) NOT NULL DEFAULT now());
INSERT INTO people (email, name, city, age, visits, score, active)
  SELECT 'person' || i || '@example.com', 'Person number ' || i, CASE WHEN i % 5 > 0 THEN 'City ' || i % 50 END,
         CASE WHEN i % 7 > 0 THEN 18 + i % 60 END, i * 1000, i / 7.0, i % 2 = 0 FROM generate_series(1, 2000) AS i;
INSERT INTO posts (person_id, title, body)
  SELECT p, 'Title ' || n || ' of ' || p, repeat('words and words ', 4)
  FROM generate_series(1, 2000) AS p, generate_series(1, 5) AS n;
INSERT INTO comments (post_id, text)
  SELECT p, 'Comment ' || n || ' on post ' || p FROM generate_series(1, 10000) AS p, generate_series(1, 4) AS n;
CREATE INDEX ON posts (person_id);
CREATE INDEX ON comments (post_id);
VACUUM ANALYZE;
