-- name: insert_run
INSERT INTO runs (run_id, pipeline_name, status, request, created_at, updated_at)
VALUES (:run_id, :pipeline_name, :status, :request, :created_at, :created_at)
ON CONFLICT (run_id) DO NOTHING
RETURNING id;

-- name: insert_tag
INSERT INTO run_tags (run, key, value) VALUES (:run, :key, :value);

-- name: select_run
SELECT run_id, pipeline_name, status, request, created_at, updated_at, started_at, ended_at
FROM runs
WHERE run_id = :run_id;

-- name: select_run_ids_from
-- Ids from `low` on, in the order of the alphabet: those that start with `low` come first.
SELECT run_id FROM runs WHERE run_id >= :low AND run_id < :high ORDER BY run_id LIMIT :limit;

-- name: select_runs
-- {joins} and {conditions} are filled from the parts below, one for each filter in use. {order} is the
-- column of the leading index that holds the order, so that nothing needs sorting.
SELECT runs.run_id, runs.pipeline_name, runs.status, runs.request,
       runs.created_at, runs.updated_at, runs.started_at, runs.ended_at
FROM runs {joins}
WHERE {conditions}
ORDER BY {order} DESC
LIMIT :limit;

-- name: join_tag
JOIN run_tags AS tag{n} ON tag{n}.run = runs.id AND tag{n}.key = :key{n} AND tag{n}.value = :value{n}

-- name: where_tag
EXISTS (SELECT 1 FROM run_tags WHERE run = runs.id AND key = :key{n} AND value = :value{n})

-- name: where_status
runs.status IN ({statuses})

-- name: where_status_too
-- The plus keeps its index from being the leading one.
+runs.status IN ({statuses})

-- name: where_pipeline
runs.pipeline_name = :pipeline_name

-- name: where_before
runs.id < (SELECT id FROM runs WHERE run_id = :before)

-- name: where_created_before
runs.created_at < :created_before

-- name: select_run_state
SELECT id, pipeline_name, status, event_count FROM runs WHERE run_id = :run_id;

-- name: update_run_state
UPDATE runs
SET status = :status,
    event_count = :event_count,
    updated_at = :updated_at,
    started_at = COALESCE(started_at, :started_at),
    ended_at = COALESCE(ended_at, :ended_at)
WHERE id = :id;

-- name: delete_run
DELETE FROM runs WHERE run_id = :run_id;

-- name: count_runs
SELECT status, COUNT(*) FROM runs GROUP BY status ORDER BY status;
