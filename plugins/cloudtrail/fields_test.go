// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

const absent = "<absent>"

// show gives a value as text; lists with commas and brackets.
func show(info *abi.FieldInfo, v event.Value) string {
	switch {
	case !v.Present:
		return absent
	case info.List:
		var parts []string
		for _, e := range v.List {
			parts = append(parts, e.Str)
		}
		return "[" + strings.Join(parts, " ") + "]"
	case info.Type == abi.Uint64:
		return strconv.FormatUint(v.Num, 10)
	default:
		return v.Str
	}
}

// extract extracts one field in both ways, which must agree.
func extract(tb testing.TB, record, field string) (string, error) {
	tb.Helper()
	p := New()
	req := requestOf(tb, field)
	var out event.Value
	err := p.(sdk.Extractor).Extract(recordEvent(record), &req, &out, event.NewArena(nil, nil))
	plan, width := planOf(tb, "ct.info", field, "ct.request", "s3.uri")
	vals := make([]event.Value, width)
	_ = plan.Extract(recordEvent(record), vals, event.NewArena(nil, nil))
	got, together := show(req.Info, out), show(req.Info, vals[1])
	if got != together {
		tb.Errorf("%s: alone %q, together %q", field, got, together)
	}
	return got, err
}

func TestFields(t *testing.T) {
	var record string
	f := func(field, want string) {
		t.Helper()
		got, err := extract(t, record, field)
		if err != nil {
			t.Errorf("%s: %v", field, err)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
	records := sampleRecords(t)

	record = records[0] // an object is put into S3 by a role
	f("ct.id", "5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1f01")
	f("ct.error", absent)
	f("ct.errormessage", absent)
	f("ct.time", "2026-03-04T01:02:03Z")
	f("ct.src", "s3.amazonaws.com")
	f("ct.shortsrc", "s3")
	f("ct.name", "PutObject")
	f("ct.user", "warehouse-export")
	f("ct.originaluser", "nightly-export")
	f("ct.user.accountid", "111122223333")
	f("ct.user.identitytype", "AssumedRole")
	f("ct.user.principalid", "AROAEXAMPLEEXAMPLE07:nightly-export")
	f("ct.user.arn", "arn:aws:sts::111122223333:assumed-role/warehouse-export/nightly-export")
	f("ct.region", "eu-north-1")
	f("ct.response", `{"x-amz-server-side-encryption":"aws:kms","x-amz-version-id":"exampleVersion0001"}`)
	f("ct.request.host", "warehouse-landing.s3.eu-north-1.amazonaws.com")
	f("ct.srcip", "198.51.100.23")
	f("ct.useragent", "[Boto3/1.36.2 md/Botocore#1.36.2 ua/2.0 os/linux#6.1.119 md/arch#aarch64 lang/python#3.13.1]")
	f("ct.info", "warehouse-export via 198.51.100.23 → PutObject Size=1048588 URI=s3://warehouse-landing/orders/day=2026-03-03/part-00017.parquet")
	f("ct.managementevent", "false")
	f("ct.readonly", "false")
	f("ct.requestid", "EXAMPLE0REQUEST1")
	f("ct.eventtype", "AwsApiCall")
	f("ct.resources", `{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::warehouse-landing/orders/day=2026-03-03/part-00017.parquet"},{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::warehouse-landing"}`)
	f("ct.recipientaccountid", "111122223333")
	f("ct.sharedeventid", "5f0c7a0e-0002-4e55-9a3c-7d7a0b6f1f02")
	f("ct.vpcendpointid", "vpce-0example")
	f("ct.eventcategory", "Data")
	f("ct.sessioncredentialfromconsole", absent)
	f("ct.tlsdetails.tlsversion", "TLSv1.3")
	f("ct.tlsdetails.ciphersuite", "TLS_AES_128_GCM_SHA256")
	f("ct.tlsdetails.clientprovidedhostheader", "warehouse-landing.s3.eu-north-1.amazonaws.com")
	f("s3.uri", "s3://warehouse-landing/orders/day=2026-03-03/part-00017.parquet")
	f("s3.bucket", "warehouse-landing")
	f("s3.key", "orders/day=2026-03-03/part-00017.parquet")
	f("s3.bytes", "1048588")
	f("s3.bytes.in", "1048576")
	f("s3.bytes.out", "12")
	f("s3.cnt.get", absent)
	f("s3.cnt.put", "1")
	f("s3.cnt.other", absent)
	f("ec2.imageid", absent)
	f("ec2.imageids", absent)

	record = records[1] // the root user fails to log in
	f("ct.errormessage", "Failed authentication")
	f("ct.user", absent)
	f("ct.originaluser", absent)
	f("ct.useragent", `Mozilla/5.0 (X11; Linux x86_64) "odd" \ agent é`)
	f("ct.info", absent) // root has no name, but an identity
	f("ct.request", "null")
	f("ct.response", `{"ConsoleLogin":"Failure"}`)
	f("ct.readonly", "false") // it does not say
	f("ct.managementevent", "true")
	f("ct.additionaleventdata", `{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"No"}`)
	f("ct.resources", absent)
	f("ct.request.name", absent)
	f("s3.cnt.other", "1")
	f("s3.bytes", absent)
	f("s3.uri", absent)

	record = records[2] // a user starts instances
	f("ct.user", "ida")
	f("ct.originaluser", "ida")
	f("ct.info", "ida via 198.51.100.77 → RunInstances")
	f("ct.request.availabilityzone", "eu-north-1b")
	f("ct.request.subnetid", "subnet-0example1")
	f("ct.response.subnetid", "subnet-0example2")
	f("ct.response.reservationid", "r-0example1")
	f("ct.apiversion", "2016-11-15")
	f("ct.sessioncredentialfromconsole", "true") // a text in the record
	f("ec2.name", "worker-7")
	f("ec2.imageid", "ami-0example1")
	f("ec2.imageids", "[ami-0example1 ami-0example2]")
	f("ec2.imageids[0]", "[ami-0example1]")
	f("ec2.imageids[1]", "[ami-0example2]")
	f("ec2.imageids[2]", absent)
}

// Fields of a record that has only what they are made of.
func TestField(t *testing.T) {
	f := func(record, field, want string) {
		t.Helper()
		got, err := extract(t, record, field)
		if err != nil {
			t.Errorf("%s of %s: %v", field, record, err)
		}
		if got != want {
			t.Errorf("%s of %s: got %q, want %q", field, record, got, want)
		}
	}
	// Every field of a request parameter.
	for field, key := range map[string]string{
		"ct.request.availabilityzone": "availabilityZone", "ct.request.cluster": "cluster", "ct.request.functionname": "functionName",
		"ct.request.groupname": "groupName", "ct.request.host": "Host", "ct.request.name": "name", "ct.request.policy": "policy",
		"ct.request.reason": "reason", "ct.request.target": "target", "ct.request.documentname": "documentName",
		"ct.request.serialnumber": "serialNumber", "ct.request.servicename": "serviceName", "ct.request.subnetid": "subnetId",
		"ct.request.taskdefinition": "taskDefinition", "ct.request.username": "userName", "s3.bucket": "bucketName", "s3.key": "key",
		"ecr.repository": "repositoryName", "ecr.imagetag": "imageTag", "iam.role": "roleName", "iam.policy": "policyName",
	} {
		f(`{"requestParameters":{"`+key+`":"value"}}`, field, "value")
		f(`{"requestParameters":{"`+key+`":""}}`, field, "") // empty is present
		f(`{"requestParameters":{"`+strings.ToUpper(key)+`!":"value"}}`, field, absent)
		f(`{"requestParameters":null}`, field, absent)
		f(`{"`+key+`":"value"}`, field, absent)
	}
	for field, path := range map[string]string{
		"ct.addendum.reason": "reason", "ct.addendum.updatedfields": "updatedFields",
		"ct.addendum.originalrequestid": "originalRequestID", "ct.addendum.originaleventid": "originalEventID",
	} {
		f(`{"addendum":{"`+path+`":"value"}}`, field, "value")
	}
	// Values that are no strings.
	f(`{"errorCode":null}`, "ct.error", absent)
	f(`{"errorCode":""}`, "ct.error", "")
	f(`{"errorCode":404}`, "ct.error", "404")
	f(`{"serviceEventDetails":{"a": [1, 2]}}`, "ct.serviceeventdetails", `{"a":[1,2]}`)
	f(`{"edgeDeviceDetails":{"type":"x"}}`, "ct.edgedevicedetails", `{"type":"x"}`)
	f(`{"responseElements":null}`, "ct.response", "null")
	f(`{"responseElements":"text"}`, "ct.response", `"text"`)
	f(`{}`, "ct.response", absent)
	// Services.
	f(`{"eventSource":"kms.example.com"}`, "ct.shortsrc", "kms.example.com")
	f(`{"eventSource":".amazonaws.com"}`, "ct.shortsrc", ".amazonaws.com")
	f(`{}`, "ct.shortsrc", absent)
	// Users.
	f(`{"userIdentity":{"type":"Root","userName":"owner"}}`, "ct.user", "owner")
	f(`{"userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com","userName":"x"}}`, "ct.user", "ec2.amazonaws.com")
	f(`{"userIdentity":{"type":"AssumedRole"}}`, "ct.user", "AssumedRole")
	f(`{"userIdentity":{"type":"AWSAccount"}}`, "ct.user", "AWSAccount")
	f(`{"userIdentity":{"type":"FederatedUser","userName":"x"}}`, "ct.user", "FederatedUser")
	for _, kind := range []string{"SAMLUser", "WebIdentityUser", "IdentityCenterUser", "Role", "Directory", "Unknown", "NotYetInvented", ""} {
		f(`{"userIdentity":{"type":"`+kind+`","userName":"x"}}`, "ct.user", "x")
		f(`{"userIdentity":{"type":"`+kind+`","userName":""}}`, "ct.user", "")
		f(`{"userIdentity":{"type":"`+kind+`","userName":null}}`, "ct.user", absent)
		f(`{"userIdentity":{"type":"`+kind+`"}}`, "ct.user", absent)
	}
	f(`{"userIdentity":{"type":"Root"}}`, "ct.user", absent)
	f(`{"userIdentity":{"type":"IAMUser"}}`, "ct.user", absent)
	f(`{"userIdentity":{"type":"AWSService","userName":"x"}}`, "ct.user", absent)
	f(`{"userIdentity":{"type":"R\u006fot","userName":"x"}}`, "ct.user", "x")
	f(`{"userIdentity":{"type":"AWSAccount\u0000","userName":"x"}}`, "ct.user", "x") // not AWSAccount
	f(`{"userIdentity":{"type":["AWSAccount"],"userName":"x"}}`, "ct.user", "x")
	f(`{"userIdentity":{"userName":"x"}}`, "ct.user", "x")
	f(`{"userIdentity":"x"}`, "ct.user", absent)
	f(`{}`, "ct.user", absent)
	f(`{"userIdentity":{"type":"AssumedRole","arn":"a/b/c","principalId":"p:q"}}`, "ct.originaluser", "c")
	f(`{"userIdentity":{"type":"AssumedRole","arn":"a/b","principalId":"p:q"}}`, "ct.originaluser", "q")
	f(`{"userIdentity":{"type":"AssumedRole","arn":"a/b/c/d","principalId":"p"}}`, "ct.originaluser", absent)
	f(`{"userIdentity":{"type":"Directory","userName":"x"}}`, "ct.originaluser", "x")
	f(`{"recipientAccountId":"2","userIdentity":{"accountId":"1"}}`, "ct.user.accountid", "1")
	f(`{"recipientAccountId":"2","userIdentity":{}}`, "ct.user.accountid", "2")
	// Numbers.
	for field, key := range map[string]string{"s3.bytes.in": "bytesTransferredIn", "s3.bytes.out": "bytesTransferredOut"} {
		for value, want := range map[string]string{
			"7": "7", "33.9": "33", "1e3": "1000", "-7": absent, "1844673407370955160": "1844673407370955160", "1e40": absent,
			"0": "0", "-0": "0",
		} {
			f(`{"additionalEventData":{"`+key+`":`+value+`}}`, field, want)
			f(`{"additionalEventData":{"`+key+`":"`+value+`"}}`, field, want)
			f(`{"additionalEventData":{"`+key+`":"`+value+`"}}`, "s3.bytes", want)
		}
		for _, value := range []string{`""`, `" "`, `"x"`, `"Inf"`, `"NaN"`, `"0x10"`, `"7 "`, `"1_0"`, "null", "true", "[7]", `{"a":7}`} {
			f(`{"additionalEventData":{"`+key+`":`+value+`}}`, field, absent)
		}
	}
	f(`{"additionalEventData":{"bytesTransferredIn":1,"bytesTransferredOut":"2.0"}}`, "s3.bytes", "3")
	f(`{"eventName":"GetObject"}`, "s3.cnt.get", "1")
	f(`{"eventName":"GetObject"}`, "s3.cnt.other", absent)
	f(`{"eventName":"ListBuckets"}`, "s3.cnt.other", "1")
	// Addresses.
	f(`{"requestParameters":{"bucketName":"b","key":7}}`, "s3.uri", "s3://b/7")
	f(`{"requestParameters":{"bucketName":"b","key":null}}`, "s3.uri", absent)
	f(`{"requestParameters":{"bucketName":"b","key":["k"]}}`, "s3.uri", absent)
	// Numbers and booleans in string fields.
	f(`{"userIdentity":{"accountId":111122223333}}`, "ct.user.accountid", "111122223333")
	f(`{"recipientAccountId":111122223333}`, "ct.user.accountid", "111122223333")
	f(`{"apiVersion":true}`, "ct.apiversion", "true")
	// Resources.
	f(`{"resources":[]}`, "ct.resources", absent)
	f(`{"resources":[ ]}`, "ct.resources", absent)
	f(`{"resources":{}}`, "ct.resources", absent)
	f(`{"resources":[ {"a": 1} , "b" ]}`, "ct.resources", `{"a":1},"b"`)
	// Images.
	f(`{"requestParameters":{"imageId":"ami-1"}}`, "ec2.imageids", "[ami-1]")
	f(`{"requestParameters":{"imageId":"ami-1"}}`, "ec2.imageids[0]", "[ami-1]")
	f(`{"requestParameters":{"imageId":"ami-1"}}`, "ec2.imageids[1]", absent)
	f(`{"requestParameters":{"imageId":"ami-1"}}`, "ec2.imageid", "ami-1")
	f(`{"requestParameters":{"launchSpecification":{"imageId":"ami-1"}}}`, "ec2.imageid", "ami-1")
	f(`{"requestParameters":{"DescribeFastLaunchImagesRequest":{"ImageId":{"content":"ami-1"}}}}`, "ec2.imageids", "[ami-1]")
	f(`{"requestParameters":{"imageId":"ami-1"},"responseElements":{"instancesSet":{"items":[]}}}`, "ec2.imageids", absent)
	f(`{"responseElements":{"instancesSet":{"items":[{},{"imageId":"ami-2"},{"imageId":null}]}}}`, "ec2.imageids", "[ami-2]")
	f(`{"responseElements":{"instancesSet":{"items":[{},{"imageId":"ami-2"}]}}}`, "ec2.imageid", absent)
	f(`{"responseElements":{"instancesSet":{"items":[{},{"imageId":"ami-2"}]}}}`, "ec2.imageids[1]", "[ami-2]")
	// Names of instances.
	items := func(s string) string { return `{"requestParameters":{"tagSpecificationSet":{"items":[` + s + `]}}}` }
	f(items(`{"resourceType":"volume","tags":[{"key":"Name","value":"x"}]}`), "ec2.name", absent)
	f(items(`{"resourceType":"instance","tags":[{"key":"Name","value":""}]}`), "ec2.name", absent)
	f(items(`{"tags":[{"value":"x","key":"Name"}],"resourceType":"instance"},{"resourceType":"instance","tags":[]}`), "ec2.name", "x")
	// Of equal keys the first counts.
	f(`{"eventName":"a","eventName":"b"}`, "ct.name", "a")
}

// Every boolean is one as a value and as a text.
func TestFlags(t *testing.T) {
	f := func(record, field, want string) {
		t.Helper()
		if got, err := extract(t, record, field); got != want || err != nil {
			t.Errorf("%s of %s: got %q, %v, want %q", field, record, got, err, want)
		}
	}
	for field, key := range map[string]string{
		"ct.readonly": "readOnly", "ct.managementevent": "managementEvent", "ct.sessioncredentialfromconsole": "sessionCredentialFromConsole",
	} {
		f(`{}`, field, absent)
		f(`{"`+key+`":null}`, field, absent)
		for value, want := range map[string]string{
			"true": "true", `"true"`: "true", `"True"`: "true", `"TRUE"`: "true", `"tru\u0065"`: "true",
			"false": "false", `"false"`: "false", `"False"`: "false",
		} {
			f(`{"`+key+`":`+value+`}`, field, want)
			for _, name := range []string{"GetObject", "PutObject"} { // what the record says counts
				f(`{"eventName":"`+name+`","`+key+`":`+value+`}`, field, want)
			}
		}
		for _, value := range []string{`""`, `"x"`, "1", "[true]", `{"true":true}`, `" true"`} {
			want := "false"
			if field == "ct.readonly" {
				want = "true" // that says nothing
			}
			f(`{"eventName":"GetObject","`+key+`":`+value+`}`, field, want)
		}
	}
	const block = `"sourceIPAddress":"s","eventName":"PutBucketPublicAccessBlock","userIdentity":{"type":"IAMUser","userName":"u"}`
	for value, want := range map[string]string{"true": "true", `"true"`: "true", "false": "false", `"false"`: "false", "null": "false"} {
		f(`{`+block+`,"requestParameters":{"PublicAccessBlockConfiguration":{"BlockPublicAcls":`+value+`,"BlockPublicPolicy":`+value+`,"IgnorePublicAcls":`+value+`,"RestrictPublicBuckets":`+value+`}}}`,
			"ct.info", "u via s → PutBucketPublicAccessBlock BlockPublicAcls="+want+" BlockPublicPolicy="+want+" IgnorePublicAcls="+want+" RestrictPublicBuckets="+want+" ")
	}
}

// Where the record does not say, the name of the call tells whether it reads.
func TestReadOnly(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		for _, member := range []string{"", `,"readOnly":null`} {
			record := `{"eventName":"` + name + `"` + member + `}`
			if got, err := extract(t, record, "ct.readonly"); got != want || err != nil {
				t.Errorf("%s: got %q, %v, want %q", record, got, err, want)
			}
		}
	}
	for _, name := range []string{
		"GetObject", "ListBuckets", "DescribeInstances", "HeadObject", "LookupEvents", "SearchAll", "Query", "QueryObjects", "Scan",
		"BatchGetImage", "SelectObjectContent", "SimulatePrincipalPolicy", "PreviewAgents", "ValidateTemplate", "Get", "GetFunction20150331v2",
		"IsAuthorized", "AdminGetUser", "BatchCheckLayerAvailability", "DecodeAuthorizationMessage", "Get_thing", "List-x",
	} {
		f(name, "true")
	}
	for _, name := range []string{
		"AuthorizeSecurityGroupIngress", "RevokeSecurityGroupEgress", "CopyObject", "SendCommand", "ScheduleKeyDeletion", "UploadSSHPublicKey",
		"RestoreDBInstanceFromDBSnapshot", "CreateUser", "StopLogging", "PutObject", "Invoke", "ImportKeyPair", "AcceptVpcPeeringConnection",
		"AllocateAddress", "ReleaseAddress", "ReplaceRoute", "ResetSnapshotAttribute", "ChangePassword", "AssumeRole", "ConsoleLogin", "TagResource",
		"Publish", "GrantAccess", "IssueCertificate", "TransferDomain", "CheckInLicense", "RetrieveTapeArchive", "ResolveCase", "VerifyEmailIdentity",
		"TestFailover", "Getaway", "Listen", "Headless", "Scanning", "get", "listBuckets", "", "BatchDeleteImage", "AdminDeleteUser", "TransactWriteItems",
	} {
		f(name, "false")
	}
}

func TestInfo(t *testing.T) {
	f := func(record, want string) {
		t.Helper()
		if got, err := extract(t, record, "ct.info"); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", record, got, err, want)
		}
	}
	who := `"userIdentity":{"type":"IAMUser","userName":"u"},`
	f(`{}`, "<invalid cloudtrail event: userIdentity field missing>")
	f(`{`+who+`"eventName":"E"}`, "<invalid cloudtrail event: eventSource field missing>")
	f(`{`+who+`"sourceIPAddress":"s"}`, "<invalid cloudtrail event: eventName field missing>")
	f(`{"userIdentity":null,"sourceIPAddress":"s","eventName":"E"}`, "<invalid cloudtrail event: userIdentity field missing>")
	for _, identity := range []string{`{}`, `{"type":"Root"}`, `{"type":"IAMUser"}`, `{"type":"AWSService"}`, `{"type":"SAMLUser"}`} {
		f(`{"userIdentity":`+identity+`,"sourceIPAddress":"s","eventName":"E"}`, absent)
	}
	f(`{"userIdentity":{"type":"SAMLUser","userName":"u"},"sourceIPAddress":"s","eventName":"GetX"}`, "u via s ← GetX")
	who += `"sourceIPAddress":"s",`
	f(`{`+who+`"eventName":"GetX"}`, "u via s ← GetX")
	f(`{`+who+`"eventName":"PutX"}`, "u via s → PutX")
	f(`{`+who+`"eventName":"PutX","errorCode":"Denied"}`, "u via s !→ PutX")
	f(`{`+who+`"eventName":"GetX","readOnly":false}`, "u via s → GetX")
	f(`{"userIdentity":{"type":"AWSService","invokedBy":"s"},"sourceIPAddress":"s","eventName":"GetX"}`, "s ← GetX")
	f(`{`+who+`"eventName":"GetX","requestParameters":{"bucketName":"b","Host":"h"}}`, "u via s ← GetX Bucket=b")
	f(`{`+who+`"eventName":"GetX","requestParameters":{"key":"k","Host":"h"}}`, "u via s ← GetX Key=k")
	f(`{`+who+`"eventName":"GetX","requestParameters":{"Host":"h"}}`, "u via s ← GetX Host=h")
	f(`{`+who+`"eventName":"GetX","additionalEventData":{"bytesTransferredOut":5}}`, "u via s ← GetX Size=5")
	f(`{`+who+`"eventName":"PutBucketPublicAccessBlock","requestParameters":{"bucketName":"b","PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":false}}}`,
		"u via s → PutBucketPublicAccessBlock BlockPublicAcls=true BlockPublicPolicy=false IgnorePublicAcls=true RestrictPublicBuckets=false ")
	f(`{`+who+`"eventName":"PutBucketPublicAccessBlock"}`, "u via s → PutBucketPublicAccessBlock")
}

func TestAppendString(t *testing.T) {
	f := func(record, want, wantErr string) {
		t.Helper()
		got, err := New().(sdk.Stringer).AppendString([]byte("> "), recordEvent(record))
		if wantErr != "" {
			if err == nil || err.Error() != wantErr || string(got) != "> " {
				t.Errorf("%s: got %q, %v, want error %s", record, got, err, wantErr)
			}
			return
		}
		if string(got) != "> "+want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", record, got, err, want)
		}
	}
	records := sampleRecords(t)
	f(records[2], "eu-north-1 ida ec2 RunInstances ida via 198.51.100.77 → RunInstances", "")
	f(records[1], "us-east-1<NA> signin ConsoleLogin", "")
	f(`{"eventSource":"a\u0062","awsRegion":"r","eventName":"n"}`, "r<NA> ab n <invalid cloudtrail event: userIdentity field missing>", "")
	with := func(identity string) string {
		return `{"eventSource":"kms.amazonaws.com","awsRegion":"us-east-1","eventName":"Decrypt","sourceIPAddress":"s","userIdentity":` + identity + `}`
	}
	f(with(`{"type":"IAMUser"}`), "us-east-1<NA> kms Decrypt", "")
	f(with(`{"type":"AWSService"}`), "us-east-1<NA> kms Decrypt", "")
	f(with(`{"type":"SAMLUser"}`), "us-east-1<unknown user type> kms Decrypt", "")
	f(with(`{"type":"SAMLUser","userName":"u"}`), "us-east-1 u kms Decrypt u via s → Decrypt", "")
	f(with(`{"type":"Root","userName":""}`), "us-east-1 kms Decrypt  via s → Decrypt", "")
	f(with(`{"type":"AWSAccount"}`), "us-east-1 AWSAccount kms Decrypt AWSAccount via s → Decrypt", "")
	f(`{"awsRegion":"r","eventName":"n"}`, "", "<invalid JSON: event did not contain a source>")
	f(`{"eventSource":"s","eventName":"n"}`, "", "<invalid JSON: event did not contain an awsRegion>")
	f(`{"awsRegion":"r","eventSource":"s"}`, "", "<invalid JSON: event did not contain an eventName>")
	f(`text`, "", "event is not a JSON object")
}

// Damaged records and events of other kinds have no fields.
func TestNoFields(t *testing.T) {
	for _, record := range []string{"", "text", "[]", `{"eventName":`, `{"a":"x"`, `{"a":"x",?`} {
		for _, field := range []string{"ct.name", "ct.info", "s3.cnt.other", "ct.readonly"} {
			if got, err := extract(t, record, field); got != absent || err == nil {
				t.Errorf("%s of %q: got %q, %v, want absent and an error", field, record, got, err)
			}
		}
	}
	plan, _ := planOf(t, "ct.name")
	e := recordEvent(`{"eventName":"x"}`)
	e.Type = abi.AsyncEvent
	var out [1]event.Value
	if err := plan.Extract(e, out[:], event.NewArena(nil, nil)); err == nil || out[0].Present {
		t.Error("an async event has a field")
	}
	if got, err := extract(t, "{\"eventName\":\"x\"}\x00\x00", "ct.name"); got != "x" || err != nil {
		t.Errorf("with NULs at the end: got %q, %v", got, err)
	}
}

func TestDescriptions(t *testing.T) {
	p := New()
	var schema map[string]any
	if err := json.Unmarshal([]byte(p.(sdk.SchemaProvider).InitSchema()), &schema); err != nil {
		t.Errorf("schema: %v", err)
	}
	seen := map[string]bool{}
	for _, f := range p.(sdk.Extractor).Fields() {
		if seen[f.Name] || f.Desc == "" || f.Display == "" {
			t.Errorf("%s: twice, or without a description", f.Name)
		}
		seen[f.Name] = true
	}
	if len(seen) != 73 {
		t.Errorf("got %d fields, want 73", len(seen))
	}
	if _, err := p.(sdk.Planner).Plan([]sdk.Request{{Field: len(fields)}}); err == nil {
		t.Error("plan of an unknown field: got no error")
	}
}

func TestConfig(t *testing.T) {
	c, err := parseConfig("")
	if err != nil || !reflect.DeepEqual(c, defaultConfig()) {
		t.Errorf("empty: got %+v, %v", c, err)
	}
	c, err = parseConfig(`{"sqsDelete":false,"s3DownloadConcurrency":4,"aws":{"region":"x"},"more":1}`)
	want := defaultConfig()
	want.SQSDelete, want.S3DownloadConcurrency, want.AWS.Region = false, 4, "x"
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, %v, want %+v", c, err, want)
	}
	if _, err := parseConfig(`{"sqsDelete":"no"}`); err == nil {
		t.Error("wrong type: got no error")
	}
}

func TestExtractAllocs(t *testing.T) {
	if raceDetector {
		t.Skip("pools forget things at random under the race detector")
	}
	var all []string
	for i := range fields {
		all = append(all, fields[i].Name)
	}
	plan, width := planOf(t, append(all, "ec2.imageids[1]")...)
	p := New().(sdk.Stringer)
	out := make([]event.Value, width)
	mem := event.NewArena(nil, nil)
	var line []byte
	for i, r := range sampleRecords(t) {
		e := recordEvent(r)
		n := testing.AllocsPerRun(200, func() {
			mem.Reset()
			if err := plan.Extract(e, out, mem); err != nil {
				t.Fatal(err)
			}
			var err error
			if line, err = p.AppendString(line[:0], e); err != nil {
				t.Fatal(err)
			}
		})
		if n >= 1 { // the pool may lose its memory to a garbage collection
			t.Errorf("record %d: got %v allocations per event, want 0", i, n)
		}
	}
}

// FuzzExtract has no oracle of its own (package jsonscan has one): nothing panics,
// whatever the record.
func FuzzExtract(f *testing.F) {
	for _, r := range sampleRecords(f) {
		f.Add([]byte(r))
	}
	f.Add([]byte(`{"requestParameters":{"tagSpecificationSet":{"items":[{"tags":[{}]}]}}}`))
	var all []string
	for i := range fields {
		all = append(all, fields[i].Name)
	}
	plan, width := planOf(f, all...)
	f.Fuzz(func(t *testing.T, data []byte) {
		e := recordEvent(string(data))
		_ = plan.Extract(e, make([]event.Value, width), event.NewArena(nil, nil))
		_, _ = New().(sdk.Stringer).AppendString(nil, e)
	})
}
