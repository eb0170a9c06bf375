// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/internal/jsonscan"
)

// field is a field and how it is made.
type field struct {
	abi.FieldInfo
	recipe recipe        // nil for the text at path
	path   jsonscan.Path // of the record's value
}

// fieldInfos are the descriptions of fields.
var fieldInfos = func() (list []abi.FieldInfo) {
	for i := range fields {
		list = append(list, fields[i].FieldInfo)
	}
	return list
}()

// newField describes a field. properties are those of [abi.FieldInfo].
func newField(t abi.FieldType, name, display, desc string, properties []string) field {
	return field{FieldInfo: abi.FieldInfo{Name: name, Type: t, Display: display, Desc: desc, Properties: properties}}
}

// str is a string field, plain one that is the text at a path, num one with a number.
func str(name, display, desc string, r textRecipe, properties ...string) field {
	f := newField(abi.String, name, display, desc, properties)
	f.recipe = r
	return f
}

func plain(name, display, desc string, path jsonscan.Path, properties ...string) field {
	f := newField(abi.String, name, display, desc, properties)
	f.path = path
	return f
}

func num(name, display, desc string, r numRecipe, properties ...string) field {
	f := newField(abi.Uint64, name, display, desc, properties)
	f.recipe = r
	return f
}

func request(key string) jsonscan.Path { return jsonscan.Keys("requestParameters", key) }

const (
	hidden       = "hidden"
	conversation = "conversation"
)

// fields are all fields; the position is the id.
var fields = []field{
	plain("ct.id", "Event ID", "The id of the record (eventID).", jsonscan.Keys("eventID")),
	plain("ct.error", "Error Code", "The code of the error, absent if the call succeeded (errorCode).", jsonscan.Keys("errorCode")),
	plain("ct.errormessage", "Error Message", "The text of the error, absent if there was none (errorMessage).", jsonscan.Keys("errorMessage")),
	plain("ct.time", "Timestamp", "The time of the call as it is written in the record (eventTime).", jsonscan.Keys("eventTime"), hidden),
	plain("ct.src", "AWS Service", "The service that was called (eventSource).", jsonscan.Keys("eventSource")),
	str("ct.shortsrc", "AWS Service", "The service that was called, without .amazonaws.com at its end.", shortSource),
	plain("ct.name", "Event Name", "The name of the call (eventName).", jsonscan.Keys("eventName")),
	str("ct.user", "User Name", "Who made the call: for assumed roles the role's name, for services the one that invoked them, for AWSAccount and FederatedUser these words, for all other types of identity userIdentity.userName.", userName, conversation),
	str("ct.originaluser", "Original User Name", "For assumed roles the name of the session, from userIdentity.arn or userIdentity.principalId; for everyone else userIdentity.userName.", originalUser),
	str("ct.user.accountid", "User Account ID", "The account of the user, or else the account that received the event.", textOr([]string{"userIdentity", "accountId"}, "recipientAccountId")),
	plain("ct.user.identitytype", "User Identity Type", "The type of identity: Root, IAMUser, AssumedRole, AWSService and others (userIdentity.type).", jsonscan.Keys("userIdentity", "type")),
	plain("ct.user.principalid", "User Principal Id", "The unique id of the user (userIdentity.principalId).", jsonscan.Keys("userIdentity", "principalId")),
	plain("ct.user.arn", "User ARN", "The Amazon Resource Name of the user (userIdentity.arn).", jsonscan.Keys("userIdentity", "arn")),
	plain("ct.region", "Region", "The region of the call (awsRegion).", jsonscan.Keys("awsRegion")),
	plain("ct.response.subnetid", "Response Subnet ID", "The subnet of the response (responseElements.subnetId).", jsonscan.Keys("responseElements", "subnetId")),
	plain("ct.response.reservationid", "Response Reservation ID", "The reservation of the response (responseElements.reservationId).", jsonscan.Keys("responseElements", "reservationId")),
	str("ct.response", "Response Elements", "The whole response as JSON (responseElements).", jsonText("responseElements")),
	plain("ct.request.availabilityzone", "Request Availability Zone", "The availability zone of the request (requestParameters.availabilityZone).", request("availabilityZone")),
	plain("ct.request.cluster", "Request Cluster", "The cluster of the request (requestParameters.cluster).", request("cluster")),
	plain("ct.request.functionname", "Request Function Name", "The function of the request (requestParameters.functionName).", request("functionName")),
	plain("ct.request.groupname", "Request Group Name", "The group of the request (requestParameters.groupName).", request("groupName")),
	plain("ct.request.host", "Request Host Name", "The host of the request (requestParameters.Host).", request("Host")),
	plain("ct.request.name", "Request Name", "The name of what the request is about (requestParameters.name).", request("name")),
	plain("ct.request.policy", "Request Policy", "The policy of the request (requestParameters.policy).", request("policy")),
	plain("ct.request.reason", "Request Reason", "The reason that the request gives (requestParameters.reason).", request("reason")),
	plain("ct.request.target", "Request Target", "The target of the request (requestParameters.target).", request("target")),
	plain("ct.request.documentname", "Request Document Name", "The document of the request (requestParameters.documentName).", request("documentName")),
	plain("ct.request.serialnumber", "Request Serial Number", "The serial number of the request (requestParameters.serialNumber).", request("serialNumber")),
	plain("ct.request.servicename", "Request Service", "The service that the request names (requestParameters.serviceName).", request("serviceName")),
	plain("ct.request.subnetid", "Request Subnet ID", "The subnet of the request (requestParameters.subnetId).", request("subnetId")),
	plain("ct.request.taskdefinition", "Request Task Definition", "The task definition of the request (requestParameters.taskDefinition).", request("taskDefinition")),
	plain("ct.request.username", "Request User Name", "The user that the request is about (requestParameters.userName).", request("userName")),
	str("ct.request", "Request Parameters", "The whole request as JSON (requestParameters).", jsonText("requestParameters")),
	plain("ct.srcip", "Source IP", "The address that the call came from, or the service that made it (sourceIPAddress).", jsonscan.Keys("sourceIPAddress"), conversation),
	plain("ct.useragent", "User Agent", "The program that made the call (userAgent).", jsonscan.Keys("userAgent")),
	str("ct.info", "Info", "A summary: the user, the source, the call with an arrow for its direction (reading or writing, an exclamation mark for errors), and what it is about. Absent if the user has no name.", info, "info"),
	str("ct.managementevent", "Management Event", "Whether the call manages resources: true or false (managementEvent).", flagText("managementEvent")),
	str("ct.readonly", "Read Only", "Whether the call changes nothing: true or false (readOnly). Where the record does not say, the name of the call decides: Get, List, Describe and similar words read, all others write.", readOnly),
	plain("ct.requestid", "Request ID", "The id of the request (requestID).", jsonscan.Keys("requestID")),
	plain("ct.eventtype", "Event Type", "The type of the record (eventType).", jsonscan.Keys("eventType")),
	plain("ct.apiversion", "API Version", "The version of the API that was called (apiVersion).", jsonscan.Keys("apiVersion")),
	str("ct.resources", "Resources", "The resources that the call is about, each as JSON, with commas between them (resources).", resources),
	plain("ct.recipientaccountid", "Recipient Account Id", "The account that received the event (recipientAccountId).", jsonscan.Keys("recipientAccountId")),
	plain("ct.serviceeventdetails", "Service Event Details", "What a service tells of its own event (serviceEventDetails).", jsonscan.Keys("serviceEventDetails")),
	plain("ct.sharedeventid", "Shared Event ID", "The id that copies of the event in several accounts share (sharedEventID).", jsonscan.Keys("sharedEventID")),
	plain("ct.vpcendpointid", "VPC Endpoint ID", "The VPC endpoint through which the call came (vpcEndpointId).", jsonscan.Keys("vpcEndpointId")),
	plain("ct.eventcategory", "Event Category", "The category of the event: Management, Data or Insight (eventCategory).", jsonscan.Keys("eventCategory")),
	plain("ct.addendum.reason", "Addendum Reason", "Why the record or a part of it came late (addendum.reason).", jsonscan.Keys("addendum", "reason")),
	plain("ct.addendum.updatedfields", "Addendum Updated Fields", "The parts of the record that the addendum corrects (addendum.updatedFields).", jsonscan.Keys("addendum", "updatedFields")),
	plain("ct.addendum.originalrequestid", "Addendum Original Request ID", "The id of the request that the addendum is about (addendum.originalRequestID).", jsonscan.Keys("addendum", "originalRequestID")),
	plain("ct.addendum.originaleventid", "Addendum Original Event ID", "The id of the event that the addendum is about (addendum.originalEventID).", jsonscan.Keys("addendum", "originalEventID")),
	str("ct.sessioncredentialfromconsole", "Session Credential From Console", "Whether the call came out of a session of the management console: true or false (sessionCredentialFromConsole).", flagText("sessionCredentialFromConsole")),
	plain("ct.edgedevicedetails", "Edge Device Details", "The edge device that the call is about (edgeDeviceDetails).", jsonscan.Keys("edgeDeviceDetails")),
	plain("ct.tlsdetails.tlsversion", "TLS Version", "The version of TLS (tlsDetails.tlsVersion).", jsonscan.Keys("tlsDetails", "tlsVersion")),
	plain("ct.tlsdetails.ciphersuite", "TLS Cipher Suite", "The cipher suite of TLS (tlsDetails.cipherSuite).", jsonscan.Keys("tlsDetails", "cipherSuite")),
	plain("ct.tlsdetails.clientprovidedhostheader", "Client Provided Host Header", "The host name that the client used (tlsDetails.clientProvidedHostHeader).", jsonscan.Keys("tlsDetails", "clientProvidedHostHeader")),
	str("ct.additionaleventdata", "Additional Event Data", "What the record has in addition, as JSON (additionalEventData).", jsonText("additionalEventData")),
	str("s3.uri", "Key URI", "The address of an S3 object, s3://bucket/key.", uri, conversation),
	plain("s3.bucket", "Bucket Name", "The S3 bucket (requestParameters.bucketName).", request("bucketName"), conversation),
	plain("s3.key", "Key Name", "The key of an S3 object (requestParameters.key).", request("key")),
	num("s3.bytes", "Total Bytes", "How many bytes were moved to and from S3.", bytesMoved("bytesTransferredIn", "bytesTransferredOut")),
	num("s3.bytes.in", "Bytes In", "How many bytes were moved to S3 (additionalEventData.bytesTransferredIn).", bytesMoved("bytesTransferredIn"), hidden),
	num("s3.bytes.out", "Bytes Out", "How many bytes were moved from S3 (additionalEventData.bytesTransferredOut).", bytesMoved("bytesTransferredOut"), hidden),
	num("s3.cnt.get", "N Get Ops", "1 for GetObject, absent for all other calls.", countIf(true, "GetObject"), hidden),
	num("s3.cnt.put", "N Put Ops", "1 for PutObject, absent for all other calls.", countIf(true, "PutObject"), hidden),
	num("s3.cnt.other", "N Other Ops", "1 for all calls but GetObject and PutObject, absent for these.", countIf(false, "GetObject", "PutObject"), hidden),
	str("ec2.name", "Instance Name", "The name that a request gives to its EC2 instances with the tag Name.", instanceName),
	str("ec2.imageid", "Image Id", "The first of ec2.imageids. Deprecated: use ec2.imageids[0].", imageID),
	{
		abi.FieldInfo{
			Name: "ec2.imageids", Type: abi.String, List: true, Arg: abi.FieldArg{Index: true}, Display: "Image Ids",
			Desc: "The images of the EC2 instances in the response, or else the image of the request; with an index, the image of that instance.",
		}, listRecipe(imageIDs), nil,
	},
	plain("ecr.repository", "ECR Repository name", "The ECR repository of the request (requestParameters.repositoryName).", request("repositoryName")),
	plain("ecr.imagetag", "Image Tag", "The image tag of the request (requestParameters.imageTag).", request("imageTag")),
	plain("iam.role", "IAM Role", "The IAM role of the request (requestParameters.roleName).", request("roleName")),
	plain("iam.policy", "IAM Policy", "The IAM policy of the request (requestParameters.policyName).", request("policyName")),
}
