package store

import "database/sql"

// A scanFunc reads the columns of one row, as Scan does of [sql.Rows] and
// [sql.Row].
type scanFunc = func(dest ...any) error

// each reads all rows of a query, or says why that failed.
func each(rows *sql.Rows, err error, read func(scan scanFunc) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// collect lists what a query finds.
func collect[T any](rows *sql.Rows, err error, read func(scan scanFunc) (T, error)) ([]T, error) {
	out := []T{}
	err = each(rows, err, func(scan scanFunc) error {
		one, err := read(scan)
		out = append(out, one)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// keyed is what a query finds, by what identifies it.
func keyed[K comparable, V any](rows *sql.Rows, err error, read func(scan scanFunc) (K, V, error)) (map[K]V, error) {
	out := map[K]V{}
	err = each(rows, err, func(scan scanFunc) error {
		key, one, err := read(scan)
		out[key] = one
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// texts are rows of one text each.
func texts[T ~string](rows *sql.Rows, err error) ([]T, error) {
	return collect(rows, err, func(scan scanFunc) (one T, err error) {
		err = scan(&one)
		return one, err
	})
}
