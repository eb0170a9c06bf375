// SPDX-License-Identifier: Apache-2.0

package state

import (
	"errors"
	"fmt"
	"sync"
)

// NewRegistry returns an empty registry. It is safe for concurrent use.
func NewRegistry() Registry { return &memRegistry{} }

type memRegistry struct {
	mu     sync.RWMutex
	tables []Table
}

func (r *memRegistry) List() []TableInfo {
	r.mu.RLock()
	defer r.mu.RUnlock()
	list := make([]TableInfo, len(r.tables))
	for i, t := range r.tables {
		list[i] = TableInfo{t.Name(), t.KeyType()}
	}
	return list
}

func (r *memRegistry) Get(name string, key Type) (Table, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, t := range r.tables {
		switch {
		case t.Name() != name:
		case t.KeyType() != key:
			return nil, fmt.Errorf("table %s has keys of type %s, not %s: %w", name, t.KeyType(), key, ErrType)
		default:
			return t, nil
		}
	}
	return nil, fmt.Errorf("table %s: %w", name, ErrNoTable)
}

func (r *memRegistry) Add(t Table) error {
	if t.Name() == "" {
		return errors.New("cannot add a table without a name")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, old := range r.tables {
		if old.Name() == t.Name() {
			return fmt.Errorf("table added to registry multiple times: %s", t.Name())
		}
	}
	r.tables = append(r.tables, t)
	return nil
}
