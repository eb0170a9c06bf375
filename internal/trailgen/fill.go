// SPDX-License-Identifier: Apache-2.0

package trailgen

import (
	"fmt"
	"strconv"
)

// The functions in this file fill in requests and responses of ordinary traffic.

func object(g *generator, r *record) {
	bucket := pick(g.random, []string{"web-assets", "order-archive", "report-output", "table-exports"}) + "-" + r.RecipientAccount
	key := fmt.Sprintf("2026/03/10/%s/part-%05d.parquet", g.hex(6), g.n(4000))
	size := g.n(1 << 20)
	in, out := 0, size
	if r.EventName == "PutObject" {
		in, out = size, 0
		r.Response = obj{"x-amz-server-side-encryption": "aws:kms"}
	}
	r.Request = obj{"bucketName": bucket, "Host": bucket + ".s3." + r.Region + ".amazonaws.com", "key": key}
	r.Additional = obj{
		"SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "AuthenticationMethod": "AuthHeader",
		"bytesTransferredIn": in, "bytesTransferredOut": out, "x-amz-id-2": g.hex(24),
	}
	r.Resources = []resource{
		{"", "AWS::S3::Object", "arn:aws:s3:::" + bucket + "/" + key},
		{r.RecipientAccount, "AWS::S3::Bucket", "arn:aws:s3:::" + bucket},
	}
	r.ManagementEvent, r.EventCategory = false, "Data"
	if g.chance(600) {
		r.VPCEndpointID = "vpce-0" + stableHex(r.RecipientAccount+r.Region)
	}
}

func decrypt(g *generator, r *record) {
	key := keyARN(r, g.n(6))
	r.Request = obj{"encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": key, "encryptionContext": obj{"service": "storage"}}
	r.Resources = []resource{{r.RecipientAccount, "AWS::KMS::Key", key}}
}

// keyARN returns encryption key n of the record's account and region.
func keyARN(r *record, n int) string {
	id := newRandom(hash(r.RecipientAccount+r.Region+strconv.Itoa(n)), 5).uuid()
	return "arn:aws:kms:" + r.Region + ":" + r.RecipientAccount + ":key/" + id
}

func secret(g *generator, r *record) {
	r.Request = obj{"secretId": "prod/" + pick(g.random, []string{"orders-db", "billing-db", "mail-relay", "payment-gateway"})}
}

func parameters(g *generator, r *record) {
	r.Request = obj{"path": "/" + pick(g.random, appRoles) + "/", "recursive": true, "withDecryption": true}
}

func table(g *generator, r *record) {
	name := pick(g.random, []string{"orders", "carts", "sessions"})
	r.Request = obj{"tableName": name, "key": obj{"id": "HIDDEN_DUE_TO_SECURITY_REASONS"}}
	r.Resources = []resource{{r.RecipientAccount, "AWS::DynamoDB::Table", "arn:aws:dynamodb:" + r.Region + ":" + r.RecipientAccount + ":table/" + name}}
	r.ManagementEvent, r.EventCategory = false, "Data"
}

func queue(g *generator, r *record) {
	name := pick(g.random, []string{"orders-new", "orders-retry", "mail-out"})
	r.Request = obj{"queueUrl": "https://sqs." + r.Region + ".amazonaws.com/" + r.RecipientAccount + "/" + name, "maxNumberOfMessages": 10}
	r.ManagementEvent, r.EventCategory = false, "Data"
}

func assume(g *generator, r *record) {
	role := pick(g.random, appRoles)
	session := "task-" + g.hex(12)
	r.ReadOnly = true
	r.Request = obj{"roleArn": "arn:aws:iam::" + r.RecipientAccount + ":role/" + role, "roleSessionName": session, "durationSeconds": 3600}
	r.Response = obj{
		"credentials":     obj{"accessKeyId": "ASIA" + g.key()[1:], "sessionToken": g.hex(32), "expiration": "Mar 10, 2026, 8:00:00 AM"},
		"assumedRoleUser": obj{"assumedRoleId": "AROA" + stable(r.RecipientAccount+role) + ":" + session, "arn": "arn:aws:sts::" + r.RecipientAccount + ":assumed-role/" + role + "/" + session},
	}
}

func instanceInformation(_ *generator, r *record) {
	id := r.UserIdentity.PrincipalID
	r.Request = obj{
		"instanceId": id[len(id)-19:], "agentVersion": "3.3.2299.0", "agentStatus": "Active", "platformType": "Linux",
		"platformName": "Amazon Linux", "platformVersion": "2023", "iPAddress": r.SourceIP,
	}
}

func image(g *generator, r *record) {
	r.Request = obj{
		"registryId": r.RecipientAccount, "repositoryName": pick(g.random, appRoles),
		"imageIds": []obj{{"imageTag": fmt.Sprintf("v1.%d.%d", g.n(30), g.n(9))}},
	}
}

func instanceFilter(g *generator, r *record) {
	name := pick(g.random, appRoles) + "-" + strconv.Itoa(g.n(20))
	r.Request = obj{"maxResults": 1000, "instancesSet": obj{}, "filterSet": items(obj{"name": "tag:Name", "valueSet": items(obj{"value": name})})}
}

func logStream(g *generator, r *record) {
	r.Request = obj{"logGroupName": "/aws/lambda/" + pick(g.random, appRoles), "logStreamName": "2026/03/10/[$LATEST]" + g.hex(16)}
}

func launch(g *generator, r *record) { launchOf(g, r, "m7i.large", pick(g.random, appRoles), 1) }

// launchOf makes r the launch of n instances of a type.
func launchOf(g *generator, r *record, machine, name string, n int) {
	imageID, subnet := "ami-0"+stableHex("image"+r.Region), "subnet-0"+stableHex(r.RecipientAccount+r.Region)
	r.Request = obj{
		"instancesSet": items(obj{"imageId": imageID, "minCount": n, "maxCount": n, "keyName": "fleet"}),
		"instanceType": machine, "subnetId": subnet, "availabilityZone": r.Region + "a", "monitoring": obj{"enabled": false},
		"tagSpecificationSet": items(obj{"resourceType": "instance", "tags": []obj{{"key": "Name", "value": name}}}),
	}
	started := make([]obj, n)
	for i := range started {
		started[i] = obj{
			"instanceId": "i-0" + g.hex(16), "imageId": imageID, "instanceType": machine, "subnetId": subnet,
			"instanceState": obj{"code": 0, "name": "pending"},
		}
	}
	r.Response = obj{"reservationId": "r-0" + g.hex(16), "ownerId": r.RecipientAccount, "instancesSet": items(started...)}
}

func terminate(g *generator, r *record) {
	id := "i-0" + g.hex(16)
	r.Request = obj{"instancesSet": items(obj{"instanceId": id})}
	r.Response = obj{"instancesSet": items(obj{"instanceId": id, "currentState": obj{"code": 32, "name": "shutting-down"}})}
}

func roleName(g *generator, r *record) { r.Request = obj{"roleName": pick(g.random, appRoles)} }

func attachRead(g *generator, r *record) {
	r.Request = obj{"roleName": pick(g.random, appRoles), "policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}
}

func function(g *generator, r *record) {
	name := pick(g.random, appRoles)
	r.Request = obj{"functionName": name, "publish": true, "dryRun": false, "s3Bucket": "build-output-" + r.RecipientAccount}
	r.Response = obj{"functionName": name, "runtime": "provided.al2023", "version": strconv.Itoa(1 + g.n(400)), "codeSize": g.n(9 << 20)}
}

func openInside(g *generator, r *record) {
	openPort(r, "sg-0"+g.hex(16), 5432, fmt.Sprintf("10.%d.0.0/16", g.n(4)))
}

func openWeb(g *generator, r *record) { openPort(r, "sg-0"+g.hex(16), 443, "0.0.0.0/0") }

// openPort makes r the addition of a rule to a security group.
func openPort(r *record, group string, port int, cidr string) {
	r.Request = obj{"groupId": group, "ipPermissions": items(obj{
		"ipProtocol": "tcp", "fromPort": port, "toPort": port, "groups": obj{},
		"ipRanges": items(obj{"cidrIp": cidr}), "ipv6Ranges": obj{}, "prefixListIds": obj{},
	})}
	r.Response = obj{"_return": true}
}

func database(g *generator, r *record) {
	r.Request = obj{"dBInstanceIdentifier": pick(g.random, []string{"orders", "billing"}), "applyImmediately": false, "backupRetentionPeriod": 14, "publiclyAccessible": false}
}

func cluster(_ *generator, r *record) { r.Request = obj{"name": "main"} }

func alarm(g *generator, r *record) {
	r.Request = obj{"alarmName": pick(g.random, appRoles) + "-errors", "threshold": 5, "period": 60}
}

func login(_ *generator, r *record) { signIn(r, "Success", "Yes") }

// signIn makes r a sign-in to the web console.
func signIn(r *record, result, mfa string) {
	r.EventType = "AwsConsoleSignIn"
	r.FromConsole, r.RequestID = "", ""
	r.Response = obj{"ConsoleLogin": result}
	r.Additional = obj{"LoginTo": "https://console.aws.amazon.com/console/home?region=" + r.Region, "MobileVersion": "No", "MFAUsed": mfa}
	r.UserIdentity.AccessKeyID = ""
	if result == "Failure" {
		r.ErrorMessage = "Failed authentication"
	}
}

// items returns a list in the form used by EC2.
func items(of ...obj) obj { return obj{"items": of} }
