// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import "github.com/gyr-dev/gyr/abi"

// field is a field and how it is made.
type field struct {
	abi.FieldInfo
	recipe recipe
}

// fieldInfos are the descriptions of fields.
var fieldInfos = func() (list []abi.FieldInfo) {
	for i := range fields {
		list = append(list, fields[i].FieldInfo)
	}
	return list
}()

// str describes a string field, num one with a number. properties are those of
// [abi.FieldInfo].
func str(name, display, desc string, r recipe, properties ...string) field {
	return field{abi.FieldInfo{Name: name, Type: abi.String, Display: display, Desc: desc, Properties: properties}, r}
}

func num(name, display, desc string, r recipe, properties ...string) field {
	f := str(name, display, desc, r, properties...)
	f.Type = abi.Uint64
	return f
}

func request(key string) recipe { return text("requestParameters", key) }

const (
	hidden       = "hidden"
	conversation = "conversation"
)

// fields are all fields; the position is the id.
var fields = []field{
	str("ct.id", "Event ID", "The id of the record (eventID).", text("eventID")),
	str("ct.error", "Error Code", "The code of the error, absent if the call succeeded (errorCode).", text("errorCode")),
	str("ct.errormessage", "Error Message", "The text of the error, absent if there was none (errorMessage).", text("errorMessage")),
	str("ct.time", "Timestamp", "The time of the call as it is written in the record (eventTime).", text("eventTime"), hidden),
	str("ct.src", "AWS Service", "The service that was called (eventSource).", text("eventSource")),
	str("ct.shortsrc", "AWS Service", "The service that was called, without .amazonaws.com at its end.", shortSource),
	str("ct.name", "Event Name", "The name of the call (eventName).", text("eventName")),
	str("ct.user", "User Name", "Who made the call: the user's name, for roles the role's name, for services the one that invoked them, else the type of identity.", userName, conversation),
	str("ct.originaluser", "Original User Name", "For assumed roles the name of the session, from userIdentity.arn or userIdentity.principalId; for everyone else userIdentity.userName.", originalUser),
	str("ct.user.accountid", "User Account ID", "The account of the user, or else the account that received the event.", textOr([]string{"userIdentity", "accountId"}, "recipientAccountId")),
	str("ct.user.identitytype", "User Identity Type", "The type of identity: Root, IAMUser, AssumedRole, AWSService and others (userIdentity.type).", text("userIdentity", "type")),
	str("ct.user.principalid", "User Principal Id", "The unique id of the user (userIdentity.principalId).", text("userIdentity", "principalId")),
	str("ct.user.arn", "User ARN", "The Amazon Resource Name of the user (userIdentity.arn).", text("userIdentity", "arn")),
	str("ct.region", "Region", "The region of the call (awsRegion).", text("awsRegion")),
	str("ct.response.subnetid", "Response Subnet ID", "The subnet of the response (responseElements.subnetId).", text("responseElements", "subnetId")),
	str("ct.response.reservationid", "Response Reservation ID", "The reservation of the response (responseElements.reservationId).", text("responseElements", "reservationId")),
	str("ct.response", "Response Elements", "The whole response as JSON (responseElements).", jsonText("responseElements")),
	str("ct.request.availabilityzone", "Request Availability Zone", "The availability zone of the request (requestParameters.availabilityZone).", request("availabilityZone")),
	str("ct.request.cluster", "Request Cluster", "The cluster of the request (requestParameters.cluster).", request("cluster")),
	str("ct.request.functionname", "Request Function Name", "The function of the request (requestParameters.functionName).", request("functionName")),
	str("ct.request.groupname", "Request Group Name", "The group of the request (requestParameters.groupName).", request("groupName")),
	str("ct.request.host", "Request Host Name", "The host of the request (requestParameters.Host).", request("Host")),
	str("ct.request.name", "Request Name", "The name of what the request is about (requestParameters.name).", request("name")),
	str("ct.request.policy", "Request Policy", "The policy of the request (requestParameters.policy).", request("policy")),
	str("ct.request.reason", "Request Reason", "The reason that the request gives (requestParameters.reason).", request("reason")),
	str("ct.request.target", "Request Target", "The target of the request (requestParameters.target).", request("target")),
	str("ct.request.documentname", "Request Document Name", "The document of the request (requestParameters.documentName).", request("documentName")),
	str("ct.request.serialnumber", "Request Serial Number", "The serial number of the request (requestParameters.serialNumber).", request("serialNumber")),
	str("ct.request.servicename", "Request Service", "The service that the request names (requestParameters.serviceName).", request("serviceName")),
	str("ct.request.subnetid", "Request Subnet ID", "The subnet of the request (requestParameters.subnetId).", request("subnetId")),
	str("ct.request.taskdefinition", "Request Task Definition", "The task definition of the request (requestParameters.taskDefinition).", request("taskDefinition")),
	str("ct.request.username", "Request User Name", "The user that the request is about (requestParameters.userName).", request("userName")),
	str("ct.request", "Request Parameters", "The whole request as JSON (requestParameters).", jsonText("requestParameters")),
	str("ct.srcip", "Source IP", "The address that the call came from, or the service that made it (sourceIPAddress).", text("sourceIPAddress"), conversation),
	str("ct.useragent", "User Agent", "The program that made the call (userAgent).", text("userAgent")),
	str("ct.info", "Info", "A summary: the user, the source, the call with an arrow for its direction (reading or writing, an exclamation mark for errors), and what it is about.", info, "info"),
	str("ct.managementevent", "Management Event", "Whether the call manages resources: true or false (managementEvent).", flagText("managementEvent")),
	str("ct.readonly", "Read Only", "Whether the call changes nothing: true or false. Where the record does not say (readOnly), the name of the call decides.", readOnly),
	str("ct.requestid", "Request ID", "The id of the request (requestID).", text("requestID")),
	str("ct.eventtype", "Event Type", "The type of the record (eventType).", text("eventType")),
	str("ct.apiversion", "API Version", "The version of the API that was called (apiVersion).", text("apiVersion")),
	str("ct.resources", "Resources", "The resources that the call is about, each as JSON, with commas between them (resources).", resources),
	str("ct.recipientaccountid", "Recipient Account Id", "The account that received the event (recipientAccountId).", text("recipientAccountId")),
	str("ct.serviceeventdetails", "Service Event Details", "What a service tells of its own event (serviceEventDetails).", text("serviceEventDetails")),
	str("ct.sharedeventid", "Shared Event ID", "The id that copies of the event in several accounts share (sharedEventID).", text("sharedEventID")),
	str("ct.vpcendpointid", "VPC Endpoint ID", "The VPC endpoint through which the call came (vpcEndpointId).", text("vpcEndpointId")),
	str("ct.eventcategory", "Event Category", "The category of the event: Management, Data or Insight (eventCategory).", text("eventCategory")),
	str("ct.addendum.reason", "Addendum Reason", "Why the record or a part of it came late (addendum.reason).", text("addendum", "reason")),
	str("ct.addendum.updatedfields", "Addendum Updated Fields", "The parts of the record that the addendum corrects (addendum.updatedFields).", text("addendum", "updatedFields")),
	str("ct.addendum.originalrequestid", "Addendum Original Request ID", "The id of the request that the addendum is about (addendum.originalRequestID).", text("addendum", "originalRequestID")),
	str("ct.addendum.originaleventid", "Addendum Original Event ID", "The id of the event that the addendum is about (addendum.originalEventID).", text("addendum", "originalEventID")),
	str("ct.sessioncredentialfromconsole", "Session Credential From Console", "Whether the call came out of a session of the management console: true or false (sessionCredentialFromConsole).", flagText("sessionCredentialFromConsole")),
	str("ct.edgedevicedetails", "Edge Device Details", "The edge device that the call is about (edgeDeviceDetails).", text("edgeDeviceDetails")),
	str("ct.tlsdetails.tlsversion", "TLS Version", "The version of TLS (tlsDetails.tlsVersion).", text("tlsDetails", "tlsVersion")),
	str("ct.tlsdetails.ciphersuite", "TLS Cipher Suite", "The cipher suite of TLS (tlsDetails.cipherSuite).", text("tlsDetails", "cipherSuite")),
	str("ct.tlsdetails.clientprovidedhostheader", "Client Provided Host Header", "The host name that the client used (tlsDetails.clientProvidedHostHeader).", text("tlsDetails", "clientProvidedHostHeader")),
	str("ct.additionaleventdata", "Additional Event Data", "What the record has in addition, as JSON (additionalEventData).", jsonText("additionalEventData")),
	str("s3.uri", "Key URI", "The address of an S3 object, s3://bucket/key.", uri, conversation),
	str("s3.bucket", "Bucket Name", "The S3 bucket (requestParameters.bucketName).", request("bucketName"), conversation),
	str("s3.key", "Key Name", "The key of an S3 object (requestParameters.key).", request("key")),
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
		}, imageIDs,
	},
	str("ecr.repository", "ECR Repository name", "The ECR repository of the request (requestParameters.repositoryName).", request("repositoryName")),
	str("ecr.imagetag", "Image Tag", "The image tag of the request (requestParameters.imageTag).", request("imageTag")),
	str("iam.role", "IAM Role", "The IAM role of the request (requestParameters.roleName).", request("roleName")),
	str("iam.policy", "IAM Policy", "The IAM policy of the request (requestParameters.policyName).", request("policyName")),
}
