// SPDX-License-Identifier: Apache-2.0

package trailgen

import (
	"fmt"
	"strconv"
	"time"
)

// intrusion adds the actions of an attacker who has obtained the password of an account's root
// user, from the first attempt to the end, within half an hour.
func (g *generator) intrusion() {
	s := &script{
		generator: &generator{random: newRandom(g.seed, 6), seed: g.seed},
		time:      epoch.Add(2*time.Hour + 3*time.Minute), account: prod, region: mainRegion,
	}
	s.getIn()
	s.makeStay()
	s.blind()
	s.openDoors()
	s.takeData()
	s.mine()
	s.wreck()
	g.records = append(g.records, s.records...)
}

// script generates a sequence of calls by the current actor.
type script struct {
	*generator
	time            time.Time
	account, region string
	actor           actor
}

// do adds a call by the actor, some time after the previous call.
func (s *script) do(service, name string, request, response obj) *record {
	s.time = s.time.Add(time.Duration(6+s.n(40)) * time.Second)
	r := s.call(s.time, s.account, s.region, s.actor, service, name)
	r.Request, r.Response = request, response
	return r
}

// look adds a read-only call.
func (s *script) look(service, name string, request obj) *record {
	r := s.do(service, name, request, nil)
	r.ReadOnly = true
	return r
}

func (s *script) denied(r *record) {
	r.ErrorCode = "AccessDenied"
	r.ErrorMessage = "User: " + r.UserIdentity.ARN + " is not authorized to perform this action"
	r.Response = nil
}

// asRoot makes the account's root user the current actor.
func (s *script) asRoot() {
	s.actor = actor{
		identity: identity{
			Type: "Root", PrincipalID: s.account, ARN: "arn:aws:iam::" + s.account + ":root", AccountID: s.account, AccessKeyID: "ASIA" + s.key()[1:],
			SessionContext: &session{Attributes: sessionAttributes{s.time.Format(time.RFC3339), "false"}},
		},
		ip: intruderIP, agent: browserAgent, console: true,
	}
}

// asUser makes an IAM user the current actor, from the attacker's address.
func (s *script) asUser(name string) {
	s.actor = actor{identity: s.user(s.account, name), ip: intruderIP, agent: cliAgent}
}

func (s *script) getIn() {
	for range 7 {
		s.asUser("ops-admin")
		s.actor.agent = browserAgent
		signIn(s.do("signin", "ConsoleLogin", nil, nil), "Failure", "No")
	}
	s.asRoot()
	signIn(s.do("signin", "ConsoleLogin", nil, nil), "Failure", "No")
	s.asRoot()
	signIn(s.do("signin", "ConsoleLogin", nil, nil), "Success", "No")
	s.asRoot()
	s.look("iam", "GetAccountSummary", nil)
	s.look("iam", "ListUsers", nil)
	s.look("iam", "GetAccountAuthorizationDetails", nil)
	s.look("organizations", "DescribeOrganization", nil)
	s.denied(s.do("organizations", "LeaveOrganization", nil, nil))
}

func (s *script) makeStay() {
	newKey := func(user string) obj {
		return obj{"accessKey": obj{"accessKeyId": "AKIA" + s.key()[1:], "status": "Active", "userName": user, "createDate": "Mar 10, 2026, 2:11:00 AM"}}
	}
	s.do("iam", "CreateAccessKey", nil, newKey("root"))
	s.do("iam", "DeactivateMFADevice", obj{"userName": "ops-admin", "serialNumber": "arn:aws:iam::" + s.account + ":mfa/ops-admin"}, nil)
	s.do("iam", "CreateUser", obj{"userName": "support-sync"}, obj{"user": obj{"userName": "support-sync", "path": "/"}})
	s.do("iam", "CreateLoginProfile", obj{"userName": "support-sync", "passwordResetRequired": false}, nil)
	s.do("iam", "CreateAccessKey", obj{"userName": "support-sync"}, newKey("support-sync"))
	s.do("iam", "AttachUserPolicy", obj{"userName": "support-sync", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, nil)
	s.do("iam", "PutUserPolicy", obj{
		"userName": "backup-job", "policyName": "all",
		"policyDocument": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	}, nil)
	s.do("iam", "UpdateAssumeRolePolicy", obj{
		"roleName":       "read-only",
		"policyDocument": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`,
	}, nil)
	s.do("iam", "CreateOpenIDConnectProvider", obj{"url": "https://id.example.net", "clientIDList": []string{"sts.amazonaws.com"}}, nil)
	s.asUser("support-sync")
	s.actor.agent, s.actor.console = browserAgent, true
	signIn(s.do("signin", "ConsoleLogin", nil, nil), "Success", "No")
	s.asUser("support-sync")
}

func (s *script) blind() {
	trail := "arn:aws:cloudtrail:" + mainRegion + ":" + s.account + ":trail/organization"
	s.look("cloudtrail", "DescribeTrails", nil)
	s.do("cloudtrail", "PutEventSelectors", obj{"trailName": trail, "eventSelectors": []obj{{"readWriteType": "ReadOnly", "includeManagementEvents": false}}}, nil)
	s.do("cloudtrail", "UpdateTrail", obj{"name": trail, "isMultiRegionTrail": false, "enableLogFileValidation": false}, nil)
	s.do("cloudtrail", "StopLogging", obj{"name": trail}, nil)
	for _, region := range []string{mainRegion, "eu-west-1"} {
		s.region = region
		s.do("guardduty", "DeleteDetector", obj{"detectorId": s.hex(32)}, nil)
		s.do("config", "StopConfigurationRecorder", obj{"configurationRecorderName": "default"}, nil)
		s.do("ec2", "DeleteFlowLogs", obj{"DeleteFlowLogsRequest": obj{"FlowLogId": obj{"content": "fl-0" + s.hex(16), "tag": 1}}}, nil)
	}
	s.region = mainRegion
	s.do("logs", "DeleteLogGroup", obj{"logGroupName": "/security/findings"}, nil)
	s.do("monitoring", "DisableAlarmActions", obj{"alarmNames": []string{"root-login", "unusual-spend"}}, nil)
}

func (s *script) openDoors() {
	openPort(s.do("ec2", "AuthorizeSecurityGroupIngress", nil, nil), "sg-0"+s.hex(16), 22, "0.0.0.0/0")
	openPort(s.do("ec2", "AuthorizeSecurityGroupIngress", nil, nil), "sg-0"+s.hex(16), 3389, "0.0.0.0/0")
	s.do("rds", "ModifyDBInstance", obj{"dBInstanceIdentifier": "orders", "publiclyAccessible": true, "applyImmediately": true}, nil)
	s.do("eks", "UpdateClusterConfig", obj{"name": "main", "resourcesVpcConfig": obj{"endpointPublicAccess": true, "publicAccessCidrs": []string{"0.0.0.0/0"}}}, nil)
	s.do("lambda", "AddPermission20150331v2", obj{"functionName": "order-service", "statementId": "all", "principal": "*", "action": "lambda:InvokeFunction"}, nil)
	s.do("lambda", "UpdateFunctionCode20150331v2", obj{"functionName": "order-service", "publish": true, "dryRun": false}, nil)
	s.do("ec2", "EnableSerialConsoleAccess", nil, obj{"serialConsoleAccessEnabled": true})
	s.do("ssm", "SendCommand", obj{"documentName": "AWS-RunShellScript", "targets": []obj{{"key": "tag:Name", "values": []string{"*"}}}, "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS"}, nil)
}

func (s *script) takeData() {
	for _, db := range []string{"orders-db", "billing-db", "mail-relay", "payment-gateway", "warehouse-db", "ledger-db", "vpn-gateway", "signing-key"} {
		s.look("secretsmanager", "GetSecretValue", obj{"secretId": "prod/" + db})
		s.time = s.time.Add(-20 * time.Second) // a shell loop, not typed by hand
	}
	s.look("ssm", "GetParametersByPath", obj{"path": "/", "recursive": true, "withDecryption": true})
	bucket := "report-output-" + s.account
	s.do("s3", "PutBucketPublicAccessBlock", obj{"bucketName": bucket, "publicAccessBlock": "", "PublicAccessBlockConfiguration": obj{
		"BlockPublicAcls": false, "IgnorePublicAcls": false, "BlockPublicPolicy": false, "RestrictPublicBuckets": false,
	}}, nil)
	s.do("s3", "PutBucketPolicy", obj{"bucketName": bucket, "policy": "", "bucketPolicy": obj{
		"Version": "2012-10-17", "Statement": []obj{{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::" + bucket + "/*"}},
	}}, nil)
	s.do("ec2", "ModifySnapshotAttribute", obj{
		"snapshotId": "snap-0" + s.hex(16), "attributeType": "CREATE_VOLUME_PERMISSION",
		"createVolumePermission": obj{"add": items(obj{"userId": stranger})},
	}, obj{"_return": true})
	s.do("rds", "ModifyDBSnapshotAttribute", obj{"dBSnapshotIdentifier": "orders-nightly", "attributeName": "restore", "valuesToAdd": []string{"all"}}, nil)
	s.carryOff()
}

// carryOff uses the credentials of an instance from another address.
func (s *script) carryOff() {
	own := s.actor
	machine := "i-0" + stableHex(s.account+strconv.Itoa(7))
	for _, key := range []string{"ledger.csv", "customers.csv", "contracts.zip"} {
		s.actor = actor{identity: s.role(s.time, s.account, nodeRole, machine), ip: intruderIP, agent: cliAgent}
		r := s.look("s3", "GetObject", nil)
		object(s.generator, r)
		r.Request["key"] = "exports/" + key
	}
	s.actor = own
}

func (s *script) mine() {
	s.region = farRegion
	s.do("ec2", "ImportKeyPair", obj{"keyName": "k1"}, nil)
	for i := range 3 {
		launchOf(s.generator, s.do("ec2", "RunInstances", nil, nil), "p5.48xlarge", fmt.Sprintf("worker-%d", i), 8)
	}
	s.region = mainRegion
}

func (s *script) wreck() {
	for n := range 3 {
		r := s.do("kms", "ScheduleKeyDeletion", nil, nil)
		key := keyARN(r, n)
		r.Request, r.Response = obj{"keyId": key, "pendingWindowInDays": 7}, obj{"keyId": key, "keyState": "PendingDeletion"}
		r.Resources = []resource{{s.account, "AWS::KMS::Key", key}}
	}
	s.do("s3", "PutBucketVersioning", obj{"bucketName": "order-archive-" + s.account, "versioning": "", "VersioningConfiguration": obj{"Status": "Suspended"}}, nil)
	s.do("backup", "DeleteRecoveryPoint", obj{"backupVaultName": "main", "recoveryPointArn": "arn:aws:ec2:" + mainRegion + "::snapshot/snap-0" + s.hex(16)}, nil)
	s.do("cloudtrail", "DeleteTrail", obj{"name": "organization"}, nil)
}
