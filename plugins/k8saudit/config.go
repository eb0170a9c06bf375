// SPDX-License-Identifier: Apache-2.0

package k8saudit

import "github.com/gyr-dev/gyr/sdk"

// settings is the configuration. Keys that it does not have are accepted, as configurations
// are shared between versions of the plugin.
type settings struct {
	SSLCertificate string `json:"sslCertificate" desc:"PEM file with the certificate of the webhook, and with its key unless sslKey names another file. It is read again when it changes."`
	SSLKey         string `json:"sslKey" desc:"PEM file with the key of the certificate."`
	ClientCA       string `json:"clientCA" desc:"PEM file with the authorities that sign client certificates. If it is set, clients need one."`
	Token          string `json:"token" desc:"If it is set, clients have to send it as Authorization: Bearer TOKEN."`
	MaxEventSize   int    `json:"maxEventSize" desc:"Events of more bytes are dropped and counted." min:"1"`
	MaxBatchSize   int64  `json:"webhookMaxBatchSize" desc:"Bodies of more bytes are refused with status 413." min:"1"`
	MaxPending     int64  `json:"maxPendingBytes" desc:"How many bytes of bodies may be pending; more are refused with status 429." min:"1"`
	AcceptTimeout  int    `json:"acceptTimeout" desc:"After how many seconds a client whose events are not delivered is told to send them again, with status 503." min:"1" max:"300"`
	UseAsync       bool   `json:"useAsync" desc:"Accepted and without effect: extraction needs no thread of its own."`

	_ struct{} `unknownKeys:"allowed"`
}

var (
	defaults = settings{
		SSLCertificate: "/etc/falco/falco.pem", MaxEventSize: 16 << 20, MaxBatchSize: 12 << 20, MaxPending: 64 << 20,
		AcceptTimeout: 20, UseAsync: true,
	}
	schema = sdk.Schema(defaults)
)
