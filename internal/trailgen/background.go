// SPDX-License-Identifier: Apache-2.0

package trailgen

import (
	"fmt"
	"strconv"
	"time"
)

// who is the kind of actor of a call in ordinary traffic.
type who int

const (
	byApp who = iota
	byNode
	byDeploy
	byStaff
	byUser
	byService
)

// kind is a kind of call: its frequency and its record.
type kind struct {
	weight  int
	who     who
	service string
	name    string
	read    bool
	global  bool // logged in the main region
	fill    func(*generator, *record)
}

// kinds lists the calls of ordinary traffic.
var kinds = []kind{
	{260, byApp, "s3", "GetObject", true, false, object},
	{90, byApp, "s3", "PutObject", false, false, object},
	{60, byApp, "s3", "HeadObject", true, false, object},
	{40, byUser, "s3", "PutObject", false, false, object},
	{160, byApp, "kms", "Decrypt", true, false, decrypt},
	{60, byApp, "kms", "GenerateDataKey", true, false, decrypt},
	{35, byApp, "secretsmanager", "GetSecretValue", true, false, secret},
	{30, byApp, "ssm", "GetParametersByPath", true, false, parameters},
	{70, byApp, "dynamodb", "GetItem", true, false, table},
	{40, byApp, "sqs", "ReceiveMessage", false, false, queue},
	{120, byNode, "sts", "AssumeRoleWithWebIdentity", false, false, assume},
	{70, byService, "sts", "AssumeRole", false, false, assume},
	{80, byNode, "ssm", "UpdateInstanceInformation", false, false, instanceInformation},
	{60, byNode, "ecr", "BatchGetImage", true, false, image},
	{90, byNode, "ec2", "DescribeInstances", true, false, instanceFilter},
	{60, byNode, "logs", "CreateLogStream", false, false, logStream},
	{40, byService, "autoscaling", "DescribeAutoScalingGroups", true, false, nil},
	{6, byService, "ec2", "RunInstances", false, false, launch},
	{5, byService, "ec2", "TerminateInstances", false, false, terminate},
	{40, byDeploy, "sts", "GetCallerIdentity", true, false, nil},
	{90, byDeploy, "ec2", "DescribeSecurityGroups", true, false, nil},
	{40, byDeploy, "iam", "GetRole", true, true, roleName},
	{10, byDeploy, "iam", "AttachRolePolicy", false, true, attachRead},
	{6, byDeploy, "iam", "CreateRole", false, true, roleName},
	{10, byDeploy, "lambda", "UpdateFunctionCode20150331v2", false, false, function},
	{8, byDeploy, "ec2", "AuthorizeSecurityGroupIngress", false, false, openInside},
	{2, byDeploy, "ec2", "AuthorizeSecurityGroupIngress", false, false, openWeb},
	{8, byDeploy, "rds", "ModifyDBInstance", false, false, database},
	{8, byDeploy, "eks", "DescribeCluster", true, false, cluster},
	{6, byDeploy, "monitoring", "PutMetricAlarm", false, false, alarm},
	{80, byStaff, "ec2", "DescribeInstances", true, false, instanceFilter},
	{40, byStaff, "s3", "ListBuckets", true, false, nil},
	{30, byStaff, "cloudtrail", "LookupEvents", true, false, nil},
	{30, byStaff, "logs", "FilterLogEvents", true, false, logStream},
	{20, byStaff, "iam", "ListUsers", true, true, nil},
	{12, byStaff, "signin", "ConsoleLogin", false, true, login},
	{20, byUser, "cloudwatch", "GetMetricData", true, false, nil},
}

// background generates n records of ordinary traffic, spread over the entire time span.
func (g *generator) background(n int) {
	weights := make([]int, len(kinds))
	for i, k := range kinds {
		weights[i] = k.weight
	}
	step := span / time.Duration(n)
	for i := range n {
		t := epoch.Add(time.Duration(i)*step + time.Duration(g.n(1000))*step/1000).Truncate(time.Second)
		g.ordinary(t, &kinds[pickWeighted(g.random, weights)])
	}
}

// ordinary adds one record of the kind.
func (g *generator) ordinary(t time.Time, k *kind) {
	account := accounts[pickWeighted(g.random, accountWeight)]
	region := regions[pickWeighted(g.random, regionWeight)]
	if k.global || (region == farRegion && !k.read) {
		region = mainRegion // no changes in the distant region
	}
	r := g.call(t, account, region, g.actor(t, account, k.who), k.service, k.name)
	r.ReadOnly = k.read
	if k.fill != nil {
		k.fill(g, r)
	}
	if k.read && !k.global && k.who != byService && k.service != "secretsmanager" && g.chance(15) {
		r.ErrorCode = "AccessDenied"
		r.ErrorMessage = "User: " + r.UserIdentity.ARN + " is not authorized to perform: " + k.service + ":" + k.name
		r.Response = nil
	}
}

// actor picks a random actor of the account.
func (g *generator) actor(t time.Time, account string, w who) actor {
	switch w {
	case byApp:
		role := pick(g.random, appRoles)
		session := "task-" + g.hex(12)
		return actor{identity: g.role(t, account, role, session), ip: pick(g.random, egressIPs), agent: pick(g.random, sdkAgents)}
	case byNode:
		machine := "i-0" + stableHex(account+strconv.Itoa(g.n(40)))
		return actor{identity: g.role(t, account, nodeRole, machine), ip: fmt.Sprintf("10.%d.%d.%d", g.n(4), g.n(250), 4+g.n(250)), agent: sdkAgents[0]}
	case byDeploy:
		role := pick(g.random, deployRoles)
		return actor{identity: g.role(t, account, role, "run-"+strconv.Itoa(48000+g.n(900))), ip: egressIPs[0], agent: deployAgent}
	case byStaff:
		a := actor{identity: g.role(t, account, pick(g.random, staffRoles), pick(g.random, staffDesks)), ip: pick(g.random, officeIPs), agent: browserAgent, console: true}
		a.identity.SessionContext.Attributes.MFA = "true"
		return a
	case byUser:
		return actor{identity: g.user(account, pick(g.random, iamUsers)), ip: pick(g.random, egressIPs), agent: sdkAgents[1]}
	default:
		s := pick(g.random, []string{"autoscaling.amazonaws.com", "eks.amazonaws.com", "lambda.amazonaws.com"})
		return actor{identity: identity{Type: "AWSService", InvokedBy: s}, ip: s, agent: s}
	}
}

// stableHex returns the instance ID of a name, without its first digit.
func stableHex(name string) string { return newRandom(hash(name), 4).hex(16) }
