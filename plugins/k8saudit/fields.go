// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/internal/jsonscan"
)

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

// one is a field with a single value, many one with a list, each one with a list that takes
// the index of an element.
func one(name, desc string, r recipe) field {
	return field{abi.FieldInfo{Name: name, Type: abi.String, Desc: desc}, r}
}

func many(name, desc string, r recipe) field {
	f := one(name, desc, r)
	f.List = true
	return f
}

func each(name, desc string, r recipe) field {
	f := many(name, desc+" With an index only that of this element.", r)
	f.Arg = abi.FieldArg{Index: true}
	return f
}

// keyed is a field that needs a key.
func keyed(name, desc string, r recipe) field {
	f := one(name, desc, r)
	f.Arg = abi.FieldArg{Required: true, Key: true}
	return f
}

// at is the path of a value; annotation that of an annotation; spec that of a value in the
// spec of the object in the request.
func at(keys ...string) jsonscan.Path        { return jsonscan.Keys(keys...) }
func annotation(name string) jsonscan.Path   { return at("annotations", name) }
func spec(keys ...string) jsonscan.Path      { return at("requestObject", "spec").Then(keys...) }
func requested(keys ...string) jsonscan.Path { return at("requestObject").Then(keys...) }

// fields are all fields; the position is the id.
var fields = append([]field{
	one("ka.auditid", "The id of the event (auditID).", text(at("auditID"))),
	one("ka.stage", "The stage of the request, such as RequestReceived or ResponseComplete.", text(at("stage"))),
	one("ka.auth.decision", "Whether the request was allowed or forbidden.", text(annotation("authorization.k8s.io/decision"))),
	one("ka.auth.reason", "Why the request was allowed or forbidden.", text(annotation("authorization.k8s.io/reason"))),
	one("ka.auth.openshift.decision", "Whether OpenShift could authenticate the user.", text(annotation("authentication.openshift.io/decision"))),
	one("ka.auth.openshift.username", "The user that OpenShift tried to authenticate.", text(annotation("authentication.openshift.io/username"))),
	one("ka.validations.admission.policy.failure", "Which validating admission policy the request violates.", text(annotation("validation.policy.admission.k8s.io/validation_failure"))),
	one("ka.security.pod.violations", "Which pod security standards the request violates.", text(annotation("pod-security.kubernetes.io/audit-violations"))),
	one("ka.user.name", "The user who made the request.", text(at("user", "username"))),
	many("ka.user.groups", "The groups of the user.", elements(at("user", "groups"))),
	one("ka.impuser.name", "The user who is impersonated.", text(at("impersonatedUser", "username"))),
	one("ka.verb", "What is done: get, list, watch, create, update, patch, delete...", text(at("verb"))),
	one("ka.uri", "The URI of the request.", text(at("requestURI"))),
	keyed("ka.uri.param", "The value of a parameter of the URI, as in ka.uri.param[command].", uriParam),
	one("ka.target.name", "The name of the object.", text(at("objectRef", "name"))),
	one("ka.target.namespace", "The namespace of the object.", text(at("objectRef", "namespace"))),
	one("ka.target.resource", "The resource of the object, such as pods.", text(at("objectRef", "resource"))),
	one("ka.target.subresource", "The subresource of the object, such as exec.", text(at("objectRef", "subresource"))),
	one("ka.target.pod.name", "The name of the pod in the response, if the object is a pod.", targetPod),
	many("ka.req.binding.subjects", "The subjects of a binding, as JSON.", elements(requested("subjects"))),
	many("ka.req.binding.subjects.user_names", "The users among the subjects of a binding.", subjects("User", false)),
	many("ka.req.binding.subjects.serviceaccount_names", "The service accounts among the subjects of a binding.", subjects("ServiceAccount", false)),
	many("ka.req.binding.subjects.serviceaccount_ns_names", "The service accounts among the subjects of a binding, as namespace:name.", subjects("ServiceAccount", true)),
	many("ka.req.binding.subjects.group_names", "The groups among the subjects of a binding.", subjects("Group", false)),
	one("ka.req.binding.role", "The role of a binding.", text(requested("roleRef", "name"))),
	keyed("ka.req.binding.subject.has_name", "Deprecated, always true.", always("true")),
	one("ka.req.configmap.name", "The name of the ConfigMap.", text(at("objectRef", "name"))),
	one("ka.req.configmap.obj", "The data of the ConfigMap, as JSON.", text(requested("data"))),
	one("ka.req.container.image", "Deprecated: the image of the first container.", firstImage(false)),
	one("ka.req.container.image.repository", "Deprecated: the image of the first container without tag and digest.", firstImage(true)),
	one("ka.req.pod.host_ipc", "Whether the pod has the host's IPC namespace.", text(spec("hostIPC"))),
	one("ka.req.pod.host_network", "Whether the pod has the host's network.", text(spec("hostNetwork"))),
	one("ka.req.container.host_network", "The older name of ka.req.pod.host_network.", text(spec("hostNetwork"))),
	one("ka.req.pod.host_pid", "Whether the pod has the host's process ids.", text(spec("hostPID"))),
	one("ka.req.container.privileged", "Deprecated: true if any container is privileged, else false.", anyPrivileged),
	one("ka.req.pod.run_as_user", "The user id of the pod's containers.", text(spec("securityContext", "runAsUser"))),
	one("ka.req.pod.run_as_group", "The group id of the pod's containers.", text(spec("securityContext", "runAsGroup"))),
	one("ka.req.pod.fs_group", "The group id of the pod's volumes.", text(spec("securityContext", "fsGroup"))),
	many("ka.req.pod.supplemental_groups", "Further group ids of the pod's containers.", elements(spec("securityContext", "supplementalGroups"))),
	many("ka.req.role.rules", "The rules of a role, as JSON.", elements(requested("rules"))),
	each("ka.req.role.rules.apiGroups", "The API groups of the rules of a role.", nested(requested("rules"), "apiGroups")),
	each("ka.req.role.rules.nonResourceURLs", "The URLs in the rules of a role.", nested(requested("rules"), "nonResourceURLs")),
	each("ka.req.role.rules.verbs", "The verbs in the rules of a role.", nested(requested("rules"), "verbs")),
	each("ka.req.role.rules.resources", "The resources in the rules of a role.", nested(requested("rules"), "resources")),
	one("ka.req.service.type", "The type of a service, such as NodePort.", text(spec("type"))),
	servicePorts,
	each("ka.req.pod.volumes.hostpath", "The paths of the host that are volumes of the pod.", members(spec("volumes"), "hostPath", "path")),
	keyed("ka.req.volume.hostpath", "Deprecated: true if a path of the host is a volume of the pod; a * at the end stands for any text.", hasHostPath),
	each("ka.req.pod.volumes.flexvolume_driver", "The drivers of the pod's flex volumes.", members(spec("volumes"), "flexVolume", "driver")),
	each("ka.req.pod.volumes.volume_type", "The types of the pod's volumes.", volumeTypes),
	one("ka.resp.name", "The name of the object in the response.", text(at("responseObject", "metadata", "name"))),
	one("ka.response.code", "The status code of the response.", text(at("responseStatus", "code"))),
	one("ka.response.reason", "The reason in the response, if there was an error.", text(at("responseStatus", "reason"))),
	one("ka.useragent", "The program that made the request.", text(at("userAgent"))),
	each("ka.sourceips", "The addresses that the request came from and through.", members(at("sourceIPs"))),
	one("ka.cluster.name", "The name of the cluster.", text(annotation("cluster_name"))),
}, containerFields()...)

// servicePorts has one element, all ports of a service as a JSON array, whatever index it is
// asked for. That is what rules for Falco's plugin get.
var servicePorts = func() field {
	f := many("ka.req.service.ports", "The ports of a service: one element, a JSON array.", alone(spec("ports")))
	f.Arg = abi.FieldArg{Index: true}
	return f
}()

// containerFields are the fields of each list of containers of a pod.
func containerFields() (list []field) {
	for _, l := range []struct{ key, of string }{
		{"containers", "containers"}, {"initContainers", "init containers"}, {"ephemeralContainers", "ephemeral containers"},
	} {
		c, prefix := spec(l.key), "ka.req.pod."+l.key+"."
		context := func(key ...string) recipe { return members(c, append([]string{"securityContext"}, key...)...) }
		list = append(list,
			each(prefix+"name", "The names of the "+l.of+".", all(c, "name", nil)),
			each(prefix+"image", "The images of the "+l.of+".", all(c, "image", nil)),
			each(prefix+"image.repository", "The images of the "+l.of+" without tag and digest.", all(c, "image", repository)),
			each(prefix+"command", "The commands of the "+l.of+", words joined by spaces.", joined(c, "command")),
			each(prefix+"args", "The arguments of the "+l.of+", joined by spaces.", joined(c, "args")),
			each(prefix+"privileged", "Whether the "+l.of+" are privileged.", context("privileged")),
			each(prefix+"allow_privilege_escalation", "Whether the "+l.of+" may gain privileges.", context("allowPrivilegeEscalation")),
			each(prefix+"read_only_fs", "Whether the root file systems of the "+l.of+" are read-only.", context("readOnlyRootFilesystem")),
			each(prefix+"run_as_user", "The user ids of the "+l.of+".", context("runAsUser")),
			each(prefix+"eff_run_as_user", "The user ids of the "+l.of+", that of the pod where they have none, else 0.", effective(c, "runAsUser")),
			each(prefix+"run_as_group", "The group ids of the "+l.of+".", context("runAsGroup")),
			each(prefix+"eff_run_as_group", "The group ids of the "+l.of+", that of the pod where they have none, else 0.", effective(c, "runAsGroup")),
			each(prefix+"proc_mount", "The kinds of /proc of the "+l.of+".", context("procMount")),
			each(prefix+"add_capabilities", "The capabilities that are added to the "+l.of+", a JSON array for each.", context("capabilities", "add")),
		)
		if l.key != "ephemeralContainers" { // these have no ports
			list = append(list, each(prefix+"host_port", "The ports of the host that the "+l.of+" use.", hostPorts(c)))
		}
	}
	return list
}
