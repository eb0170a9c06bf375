// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/gyr-dev/gyr/event"
)

// Open starts a stream of what params names: an address to listen on (http://host:port/path,
// https://...), or a file or folder.
func (p *plugin) Open(params string) (event.Source, error) {
	params = strings.TrimSpace(params)
	if params == "" {
		return nil, errors.New("open_params is empty: it names an address to listen on, such as http://127.0.0.1:9765/k8s-audit, or a file or folder")
	}
	if !strings.Contains(params, "://") {
		return p.openFiles(params)
	}
	u, err := url.Parse(params)
	if err != nil {
		return nil, fmt.Errorf("open_params: %w", err)
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" || u.Port() == "" {
			return nil, fmt.Errorf("open_params %s: host and port are needed, as in %s://127.0.0.1:9765/k8s-audit", params, u.Scheme)
		}
		return p.openWebhook(u)
	}
	return nil, fmt.Errorf("scheme %q is not supported", u.Scheme)
}

// loopback reports whether a host is this machine only.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
