// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"encoding/binary"
	"math/bits"
	"strconv"
)

// Builder collects paths for a [Set]. The zero value is ready to use.
type Builder struct {
	nodes []node
	slots int
}

// Set is a compiled set of paths. It is immutable and safe for concurrent use.
type Set struct {
	nodes []node
	slots int
	words int // size of the bit sets of visited kids, for all nodes
}

// node is a node of the trie: the value at a path prefix.
type node struct {
	slot  int32 // slot for the value, -1 if not wanted
	many  bool  // the path to here has a Step.Every: the slot holds a list
	every int32 // node of all elements of an array, -1 for none
	kids  []kid // by key
	elems []elem
	seen  int32   // first word of the node's bit set in Result.seen
	shift uint8   // for the hash of a key
	heads []int16 // by hash: first kid + 1
}

// kid is a wanted member of an object.
type kid struct {
	key        string
	head, tail uint64 // first and last bytes of key
	node, slot int32
	next       int16 // kid + 1 with the same hash
	many       bool
}

// elem is a wanted element of an array.
type elem struct {
	index int
	node  int32
}

// Add adds a wanted path and returns its slot in results. The same path has the same slot.
func (b *Builder) Add(path Path) (slot int) {
	if b.nodes == nil {
		b.newNode(false)
	}
	at := int32(0)
	for _, s := range path {
		at = b.step(at, s)
	}
	if b.nodes[at].slot < 0 {
		b.nodes[at].slot = int32(b.slots)
		b.slots++
	}
	return int(b.nodes[at].slot)
}

func (b *Builder) newNode(many bool) int32 {
	b.nodes = append(b.nodes, node{slot: -1, every: -1, many: many})
	return int32(len(b.nodes) - 1)
}

func (b *Builder) step(at int32, s Step) int32 {
	if s.Every {
		if b.nodes[at].every < 0 {
			n := b.newNode(true)
			b.nodes[at].every = n
		}
		return b.nodes[at].every
	}
	for _, k := range b.nodes[at].kids {
		if k.key == s.Key {
			return k.node
		}
	}
	to := b.newNode(b.nodes[at].many)
	n := &b.nodes[at]
	n.kids = append(n.kids, kid{key: s.Key, node: to})
	if i, err := strconv.Atoi(s.Key); err == nil && i >= 0 {
		n.elems = append(n.elems, elem{index: i, node: to})
	}
	return to
}

// Build returns the set of the paths added so far. The builder must not be used afterwards.
func (b *Builder) Build() *Set {
	if b.nodes == nil {
		b.newNode(false)
	}
	s := &Set{nodes: b.nodes, slots: b.slots}
	for i := range s.nodes {
		n := &s.nodes[i]
		n.seen = int32(s.words)
		s.words += (len(n.kids) + 63) / 64
		for k := range n.kids {
			to := &s.nodes[n.kids[k].node]
			n.kids[k].slot, n.kids[k].many = to.slot, to.many
		}
		n.index()
	}
	return s
}

// index builds the hash table of the node's keys. It is at most a quarter full, so that most
// unwanted keys hit an empty bucket.
func (n *node) index() {
	size := max(8, 1<<bits.Len(uint(4*len(n.kids)-1)))
	n.shift = uint8(64 - bits.TrailingZeros(uint(size)))
	n.heads = make([]int16, size)
	for i := range n.kids {
		k := &n.kids[i]
		k.head, k.tail = head([]byte(k.key)), tail([]byte(k.key))
		h := hash(k.head, len(k.key)) >> n.shift
		k.next = n.heads[h]
		n.heads[h] = int16(i + 1)
	}
}

// head returns the first eight bytes of a key, little endian, padded with zeros.
func head(key []byte) uint64 {
	var w uint64
	for i, c := range key[:min(8, len(key))] {
		w |= uint64(c) << (8 * i)
	}
	return w
}

// headMask masks eight bytes to the head of a key of the given size.
var headMask = [9]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1, 1<<64 - 1}

// tail returns the last eight bytes of a key, 0 for a shorter key.
func tail(key []byte) uint64 {
	if len(key) < 8 {
		return 0
	}
	return binary.LittleEndian.Uint64(key[len(key)-8:])
}

func hash(head uint64, n int) uint64 {
	return (head ^ uint64(n)<<56) * 0x9E3779B97F4A7C15
}

// find returns the number of the kid with the given key, -1 for none. head is that of key.
func (n *node) find(key []byte, head uint64) int {
	if first := n.first(head, len(key)); first != 0 {
		return n.match(first, key, head)
	}
	return -1
}

// first returns the kid + 1 at which match starts, 0 for none.
func (n *node) first(head uint64, size int) int16 {
	return n.heads[hash(head, size)>>(n.shift&63)]
}

// match is find, starting at kid first-1.
//
//go:noinline
func (n *node) match(first int16, key []byte, head uint64) int {
	for i := first; i != 0; {
		k := &n.kids[i-1]
		// Head and tail cover most keys completely.
		if k.head == head && len(k.key) == len(key) && k.tail == tail(key) && (len(key) <= 16 || k.key == string(key)) {
			return int(i - 1)
		}
		i = k.next
	}
	return -1
}

// Slots returns the number of distinct paths in the set.
func (s *Set) Slots() int { return s.slots }
