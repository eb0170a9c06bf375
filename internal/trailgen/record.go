// SPDX-License-Identifier: Apache-2.0

package trailgen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// obj is a JSON object whose members differ from call to call.
type obj = map[string]any

// record is a CloudTrail record, with its members in AWS's order.
type record struct {
	EventVersion      string     `json:"eventVersion"`
	UserIdentity      identity   `json:"userIdentity"`
	EventTime         string     `json:"eventTime"`
	EventSource       string     `json:"eventSource"`
	EventName         string     `json:"eventName"`
	Region            string     `json:"awsRegion"`
	SourceIP          string     `json:"sourceIPAddress"`
	UserAgent         string     `json:"userAgent"`
	ErrorCode         string     `json:"errorCode,omitempty"`
	ErrorMessage      string     `json:"errorMessage,omitempty"`
	Request           obj        `json:"requestParameters"`
	Response          obj        `json:"responseElements"`
	Additional        obj        `json:"additionalEventData,omitempty"`
	RequestID         string     `json:"requestID,omitempty"`
	EventID           string     `json:"eventID"`
	ReadOnly          bool       `json:"readOnly"`
	Resources         []resource `json:"resources,omitempty"`
	EventType         string     `json:"eventType"`
	ManagementEvent   bool       `json:"managementEvent"`
	RecipientAccount  string     `json:"recipientAccountId"`
	SharedEventID     string     `json:"sharedEventID,omitempty"`
	VPCEndpointID     string     `json:"vpcEndpointId,omitempty"`
	EventCategory     string     `json:"eventCategory"`
	TLS               *tls       `json:"tlsDetails,omitempty"`
	FromConsole       string     `json:"sessionCredentialFromConsole,omitempty"`
	time              time.Time
	account, fileArea string
}

type identity struct {
	Type           string   `json:"type"`
	PrincipalID    string   `json:"principalId,omitempty"`
	ARN            string   `json:"arn,omitempty"`
	AccountID      string   `json:"accountId,omitempty"`
	AccessKeyID    string   `json:"accessKeyId,omitempty"`
	UserName       string   `json:"userName,omitempty"`
	SessionContext *session `json:"sessionContext,omitempty"`
	InvokedBy      string   `json:"invokedBy,omitempty"`
}

type session struct {
	Issuer     *issuer           `json:"sessionIssuer,omitempty"`
	Attributes sessionAttributes `json:"attributes"`
}

type issuer struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId"`
	UserName    string `json:"userName"`
}

type sessionAttributes struct {
	Created string `json:"creationDate"`
	MFA     string `json:"mfaAuthenticated"`
}

type resource struct {
	AccountID string `json:"accountId,omitempty"`
	Type      string `json:"type"`
	ARN       string `json:"ARN"`
}

type tls struct {
	Version string `json:"tlsVersion"`
	Cipher  string `json:"cipherSuite"`
	Host    string `json:"clientProvidedHostHeader"`
}

// fileKey identifies the file of a record.
type fileKey struct {
	account, region string
	window          int // index of the time window since epoch
}

// path returns the path of the file with the given ID.
func (k fileKey) path(id string) string {
	t := epoch.Add(time.Duration(k.window+1) * fileWindow) // delivered at the end of the window
	return fmt.Sprintf("AWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_%s.json.gz",
		k.account, k.region, t.Format("2006/01/02"), k.account, k.region, t.Format("20060102T1504Z"), id)
}

// encode returns the content of a file.
func encode(records []*record) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"Records":[`)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, r := range records {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(r); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // Encode appends a line feed, CloudTrail does not
	}
	b.WriteString(`]}`)
	return b.Bytes(), nil
}
