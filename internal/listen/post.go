// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"net/http"
	"sync"
)

// Post is a request whose body is read. The plugin makes events of it and says what became of
// them; Body stays valid as long as anybody refers to it.
type Post struct {
	Body   []byte // unpacked
	Path   string
	Header http.Header
	// From is the client's address.
	From string

	once   sync.Once
	result chan answer // has room for one
	room   *room       // of the body, until the answer
}

// answer is what the client gets.
type answer struct {
	status int
	text   string
	header [2]string // one more header, if it has a name
}

// Done answers the post: with 200 if its events are dealt with, with 503 after an error, so
// that the client sends them again. Only the first answer counts. It does not block.
func (p *Post) Done(err error) {
	if err != nil {
		p.answer(answer{status: http.StatusServiceUnavailable, text: err.Error()})
		return
	}
	p.answer(answer{status: http.StatusOK})
}

// Refuse answers that the body makes no sense, and why.
func (p *Post) Refuse(why string) { p.answer(answer{status: http.StatusBadRequest, text: why}) }

// Reply answers 200 with a text, to a post that is no event.
func (p *Post) Reply(contentType, text string) {
	p.answer(answer{status: http.StatusOK, text: text, header: [2]string{"Content-Type", contentType}})
}

func (p *Post) answer(a answer) {
	p.once.Do(func() {
		p.room.leave()
		p.result <- a
	})
}

// NewPost returns a post with that body which came over no connection, for tests of plugins.
func NewPost(body []byte) *Post {
	return &Post{Body: body, Header: http.Header{}, result: make(chan answer, 1), room: &room{e: &Endpoint{}}}
}

// Answered reports whether a post of NewPost was answered.
func (p *Post) Answered() bool { return len(p.result) > 0 }
