-- name: insert_event
INSERT INTO events (run, number, type, step_key, attempt, timestamp, message, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: select_events
SELECT events.number, events.type, events.step_key, events.attempt, events.timestamp, events.message, events.data
FROM events
WHERE events.run = :run AND events.number > :after
ORDER BY events.number
LIMIT :limit;

-- name: select_step_moved
SELECT 1
FROM events JOIN runs ON runs.id = events.run
WHERE runs.run_id = :run_id AND events.number > :after AND events.step_key = :step_key
LIMIT 1;

-- name: count_events
SELECT COUNT(*) FROM events;
