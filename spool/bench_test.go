// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"fmt"
	"sync"
	"testing"
)

// of500 are alerts of some 500 bytes.
func of500() []byte { return make([]byte, 430) }

// BenchmarkSpool appends alerts of 500 bytes in batches and has one output read them.
func BenchmarkSpool(b *testing.B) {
	for _, mode := range []Sync{Always, Interval} {
		for _, size := range []int{1, 256, 1000} {
			b.Run(fmt.Sprintf("%s/batch=%d", []string{"always", "interval"}[mode], size), func(b *testing.B) {
				s := opened(b, Options{Sync: mode})
				r := reader(b, s, "out")
				batch := numbered(0, size)
				for i := range batch {
					batch[i].Line = of500()
				}
				var wg sync.WaitGroup
				b.ResetTimer()
				wg.Go(func() {
					for n := 0; n < b.N*size; {
						alerts, err := r.Next(b.Context(), 1024)
						if err != nil || alerts == nil {
							return
						}
						n += len(alerts)
						r.Advance(len(alerts))
					}
				})
				wait := make(chan struct{}, 64) // batches that are not stored yet
				for range b.N {
					wait <- struct{}{}
					s.Append(batch, func(error) { <-wait })
				}
				wg.Wait()
				b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "alerts/s")
				b.StopTimer()
				r.Close()
				closed(b, s)
			})
		}
	}
}

// BenchmarkOpen opens a spool with a backlog of 1 GiB.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s := opened(b, Options{Path: dir, Sync: Interval, MaxSize: 2 << 30})
	r := reader(b, s, "out")
	batch := large(0, 1000)
	for range 1 << 20 / 1000 {
		s.Append(batch, func(error) {})
	}
	r.Close()
	closed(b, s)
	for b.Loop() {
		s := opened(b, Options{Path: dir, MaxSize: 2 << 30})
		closed(b, s)
	}
}
