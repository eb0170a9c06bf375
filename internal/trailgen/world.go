// SPDX-License-Identifier: Apache-2.0

package trailgen

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// The accounts of the organization.
const (
	prod    = "111122223333"
	staging = "444455556666"
	data    = "777788889999"
	sandbox = "123456789012"
)

// stranger is an account outside the organization.
const stranger = "999988887777"

var (
	accounts      = []string{prod, staging, data, sandbox}
	accountWeight = []int{50, 25, 17, 8}

	regions      = []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", farRegion}
	regionWeight = []int{44, 24, 18, 13, 1}
)

const (
	mainRegion = "us-east-1" // region of global services
	farRegion  = "ap-southeast-2"
)

// Roles of automated jobs. The lists in the rules use the same names.
var (
	appRoles    = []string{"web-frontend", "order-service", "billing-worker", "report-service"}
	deployRoles = []string{"deploy-bot", "infra-pipeline"}
)

// nodeRole is the role of instances. Its sessions are named after the instance.
const nodeRole = "cluster-node"

// Employees use roles through single sign-on. Only a few have an IAM user.
var (
	staffRoles = []string{"ops-admin", "data-analyst", "read-only"}
	staffDesks = []string{"desk-01", "desk-02", "desk-03", "desk-04", "desk-05", "desk-06"}
	iamUsers   = []string{"backup-job", "metrics-export", "audit-export"}
)

var (
	officeIPs = []string{"198.51.100.10", "198.51.100.11", "198.51.100.24"}
	egressIPs = []string{"192.0.2.20", "192.0.2.21", "192.0.2.22"}
)

const intruderIP = "203.0.113.66"

var sdkAgents = []string{
	"aws-sdk-go-v2/1.36.3 os/linux lang/go#1.25.4 md/GOOS#linux md/GOARCH#amd64",
	"Boto3/1.38.12 md/Botocore#1.38.12 ua/2.1 os/linux#6.1.134 md/arch#x86_64 lang/python#3.12.9",
	"aws-sdk-java/2.31.20 Linux/6.1.134 OpenJDK_64-Bit_Server_VM/21.0.6 Java/21.0.6",
}

const (
	deployAgent  = "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.95.0 aws-sdk-go-v2/1.36.3 os/linux"
	browserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36"
	cliAgent     = "aws-cli/2.26.5 md/awscrt#0.25.4 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.2 cfg/retry-mode#standard"
)

// actor is the identity, address and user agent of a call.
type actor struct {
	identity  identity
	ip, agent string
	console   bool // uses the web console
}

// generator collects records. Ordinary traffic and the intrusion use separate random streams,
// so that the intrusion is the same in samples of every size.
type generator struct {
	random
	seed    uint64
	records []*record
}

func newGenerator(seed uint64) *generator {
	return &generator{random: newRandom(seed, 1), seed: seed}
}

// byFile groups the records by file, each ordered by time.
func (g *generator) byFile() map[fileKey][]*record {
	slices.SortStableFunc(g.records, func(a, b *record) int { return a.time.Compare(b.time) })
	files := make(map[fileKey][]*record)
	for _, r := range g.records {
		k := fileKey{r.account, r.fileArea, int(r.time.Sub(epoch) / fileWindow)}
		files[k] = append(files[k], r)
	}
	return files
}

// fileID returns the last part of a file name. It depends only on the file, because files are
// generated in no particular order.
func (g *generator) fileID(k fileKey) string {
	return newRandom(hash(fmt.Sprint(g.seed, k)), 2).text(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
}

// call adds a record of an API call.
func (g *generator) call(t time.Time, account, region string, a actor, service, name string) *record {
	r := &record{
		EventVersion: "1.11", UserIdentity: a.identity, EventTime: t.Format(time.RFC3339),
		EventSource: service + ".amazonaws.com", EventName: name, Region: region,
		SourceIP: a.ip, UserAgent: a.agent,
		RequestID: g.uuid(), EventID: g.uuid(), EventType: "AwsApiCall",
		ManagementEvent: true, RecipientAccount: account, EventCategory: "Management",
		time: t, account: account, fileArea: region,
	}
	switch {
	case a.identity.InvokedBy != "":
		r.SharedEventID = g.uuid()
	case a.console:
		r.FromConsole = "true"
	default:
		r.TLS = &tls{"TLSv1.3", "TLS_AES_128_GCM_SHA256", service + "." + region + ".amazonaws.com"}
	}
	g.records = append(g.records, r)
	return r
}

// role returns an identity in a role of the account.
func (g *generator) role(t time.Time, account, name, sessionName string) identity {
	id := "AROA" + stable(account+name)
	return identity{
		Type: "AssumedRole", PrincipalID: id + ":" + sessionName, AccountID: account, AccessKeyID: "ASIA" + g.key()[1:],
		ARN: "arn:aws:sts::" + account + ":assumed-role/" + name + "/" + sessionName,
		SessionContext: &session{
			Issuer:     &issuer{"Role", id, "arn:aws:iam::" + account + ":role/" + name, account, name},
			Attributes: sessionAttributes{t.Add(-time.Duration(g.n(3000)) * time.Second).Format(time.RFC3339), "false"},
		},
	}
}

// user returns an IAM user of the account.
func (g *generator) user(account, name string) identity {
	return identity{
		Type: "IAMUser", PrincipalID: "AIDA" + stable(account+name), AccountID: account, UserName: name,
		ARN: "arn:aws:iam::" + account + ":user/" + name, AccessKeyID: "AKIA" + stable("key" + account + name)[1:],
	}
}

// stable returns the principal ID of a name, without its prefix. It is always the same for a
// name.
func stable(name string) string {
	return newRandom(hash(name), 3).key()
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
