// SPDX-License-Identifier: Apache-2.0

package capture

// registration is a plugin ID assigned by the public plugin registry.
type registration struct {
	name   string
	source string
}

// registered looks up an ID in the plugin registry.
func registered(id uint32) (registration, bool) {
	if id == 0 || int(id) >= len(registry) {
		return registration{}, false
	}
	return registry[id], true
}

// registry holds the plugins with an event source, ordered by ID. If a registration has no
// source, the source is named like the plugin.
var registry = [...]registration{
	1: {"k8saudit", "k8s_audit"}, 2: {"cloudtrail", "aws_cloudtrail"}, 3: {"dummy", "dummy"},
	4: {"dummy_c", "dummy_c"}, 5: {"docker", "docker"}, 6: {"seccompagent", "seccompagent"},
	7: {"okta", "okta"}, 8: {"github", "github"}, 9: {"k8saudit-eks", "k8s_audit"},
	10: {"nomad", "nomad"}, 11: {"dnscollector", "dnscollector"}, 12: {"gcpaudit", "gcp_auditlog"},
	13: {"syslogsrv", "syslogsrv"}, 14: {"salesforce", "salesforce"}, 15: {"box", "box"},
	16: {"k8saudit-gke", "k8s_audit"}, 17: {"journald", "journal"}, 18: {"kafka", "kafka"},
	19: {"gitlab", "gitlab"}, 20: {"keycloak", "keycloak"}, 21: {"k8saudit-aks", "k8s_audit"},
	22: {"k8saudit-ovh", "k8s_audit"}, 23: {"dummy_rs", "dummy_rs"}, 24: {"collector", "collector"},
	25: {"awselb", "awselb"}, 26: {"edera", "edera_zone"}, 27: {"nginx", "nginx"},
	28: {"coding_agent", "coding_agent"},
}
