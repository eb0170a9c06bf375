// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/sdk"
)

// request parses name, name[key] or name[index].
func request(tb testing.TB, text string) sdk.Request {
	tb.Helper()
	name, arg, hasArg := strings.Cut(text, "[")
	arg = strings.TrimSuffix(arg, "]")
	for i := range fields {
		if f := &fields[i]; f.Name == name {
			r := sdk.Request{Field: i, Info: &f.FieldInfo, HasArg: hasArg, Key: arg}
			if f.Arg.Index && hasArg {
				n, err := strconv.ParseUint(arg, 10, 64)
				if err != nil {
					tb.Fatal(err)
				}
				r.ByIndex, r.Index, r.Key = true, n, ""
			}
			return r
		}
	}
	tb.Fatalf("no field %s", name)
	return sdk.Request{}
}

func eventOf(data string) *event.Event {
	return &event.Event{Num: 1, Time: 1_700_000_000_000_000_000, Type: abi.PluginEvent, PluginID: pluginID, Data: []byte(data)}
}

// show writes a value: "-" if it is absent, the elements of a list with | between them.
func show(v *event.Value) string {
	switch {
	case !v.Present:
		return "-"
	case v.List == nil:
		return v.Str
	}
	var texts []string
	for _, e := range v.List {
		texts = append(texts, e.Str)
	}
	return "[" + strings.Join(texts, "|") + "]"
}

// extract extracts a field alone, together with others, and in a scan joined with json's;
// all three must agree.
func extract(tb testing.TB, e *event.Event, field string) (string, error) {
	tb.Helper()
	mem := event.NewArena(nil, nil)
	p := New()
	req := request(tb, field)
	var alone event.Value
	err := p.(sdk.Extractor).Extract(e, &req, &alone, mem)
	plan, planErr := p.(sdk.Planner).Plan([]sdk.Request{request(tb, "ka.verb"), req, request(tb, "ka.req.pod.containers.command")})
	if planErr != nil {
		tb.Fatal(planErr)
	}
	together := make([]event.Value, 3)
	_ = plan.Extract(e, together, mem)
	other, planErr := json.New().(sdk.Planner).Plan([]sdk.Request{{Field: 0, HasArg: true, Key: "/auditID"}})
	if planErr != nil {
		tb.Fatal(planErr)
	}
	joined := make([]event.Value, 4)
	_ = plan.(sdk.Joiner).Join(other).Extract(e, joined, mem)
	if a, b, c := show(&alone), show(&together[1]), show(&joined[1]); a != b || a != c {
		tb.Errorf("%s: alone %s, together %s, joined %s", field, a, b, c)
	}
	return show(&alone), err
}

const pod = `{"kind":"Event","auditID":"id-1","stage":"ResponseComplete","verb":"create","requestURI":"/api/v1/namespaces/prod/pods/web/exec?command=sh&command=-c&tty=true&a%20b=c+d#x","user":{"username":"alice","groups":["dev","system:authenticated"]},"impersonatedUser":{"username":"root"},"sourceIPs":["10.0.0.1","192.0.2.7"],"userAgent":"kubectl/v1.29","objectRef":{"resource":"pods","namespace":"prod","name":"web"},"responseStatus":{"code":201,"reason":"Created"},"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed","authentication.openshift.io/decision":"error","authentication.openshift.io/username":"kubeadmin","validation.policy.admission.k8s.io/validation_failure":"[{}]","pod-security.kubernetes.io/audit-violations":"would violate","cluster_name":"east"},"requestObject":{"metadata":{"name":"web"},"spec":{"hostIPC":true,"hostNetwork":false,"hostPID":true,"securityContext":{"runAsUser":1000,"runAsGroup":2000,"fsGroup":3000,"supplementalGroups":[1,2]},"volumes":[{"name":"a","hostPath":{"path":"/etc/kubernetes","type":""}},{"name":"b","emptyDir":{}},{"name":"c","flexVolume":{"driver":"x/y"}},{"hostPath":{"path":""}}],"containers":[{"name":"one","image":"registry:5000/app/api:v1@sha256:00","command":["sh","-c"],"args":["a","b c"],"ports":[{"containerPort":80},{"containerPort":81,"hostPort":8081}],"securityContext":{"privileged":true,"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsUser":0,"procMount":"Unmasked","capabilities":{"add":["SYS_ADMIN","NET_RAW"]}}},{"name":"two","image":"nginx","securityContext":{"runAsGroup":5}}],"initContainers":[{"name":"init","image":"busybox:1"},{"image":"x"}],"ephemeralContainers":[{"name":"debug","image":"debian@sha256:1","command":[]}]}},"responseObject":{"metadata":{"name":"web-x7"}}}`

const binding = `{"auditID":"id-2","requestObject":{"roleRef":{"name":"admin"},"subjects":[{"kind":"User","name":"bob"},{"kind":"ServiceAccount","name":"sa","namespace":"kube"},{"kind":"Group","name":"ops"},{"kind":"ServiceAccount","name":"lost"},{"kind":"User"}],"rules":[{"apiGroups":["","apps"],"resources":["pods"],"verbs":["get"," list"]},{"nonResourceURLs":["/metrics"],"verbs":["get"]}],"data":{"k":"v","n":1},"spec":{"type":"NodePort","ports":[{"port":80},{"port":443,"nodePort":30443}]}},"objectRef":{"resource":"configmaps","name":"cm"}}`

func TestFields(t *testing.T) {
	f := func(data, field, want string) {
		t.Helper()
		got, err := extract(t, eventOf(data), field)
		if got != want || err != nil {
			t.Errorf("%s: got %s (%v), want %s", field, got, err, want)
		}
	}
	for field, want := range map[string]string{
		"ka.auditid": "id-1", "ka.stage": "ResponseComplete", "ka.verb": "create", "ka.user.name": "alice", "ka.user.groups": "[dev|system:authenticated]",
		"ka.impuser.name": "root", "ka.auth.decision": "allow", "ka.auth.reason": "RBAC: allowed", "ka.auth.openshift.decision": "error",
		"ka.auth.openshift.username": "kubeadmin", "ka.validations.admission.policy.failure": "[{}]", "ka.security.pod.violations": "would violate",
		"ka.cluster.name": "east", "ka.useragent": "kubectl/v1.29", "ka.sourceips": "[10.0.0.1|192.0.2.7]", "ka.sourceips[1]": "[192.0.2.7]", "ka.sourceips[2]": "-",
		"ka.uri.param[command]": "sh", "ka.uri.param[tty]": "true", "ka.uri.param[a b]": "c d", "ka.uri.param[x]": "-",
		"ka.target.name": "web", "ka.target.namespace": "prod", "ka.target.resource": "pods", "ka.target.subresource": "-", "ka.target.pod.name": "web-x7",
		"ka.resp.name": "web-x7", "ka.response.code": "201", "ka.response.reason": "Created",
		"ka.req.container.image": "registry:5000/app/api:v1@sha256:00", "ka.req.container.image.repository": "registry:5000/app/api",
		"ka.req.pod.host_ipc": "true", "ka.req.pod.host_network": "false", "ka.req.container.host_network": "false", "ka.req.pod.host_pid": "true",
		"ka.req.container.privileged": "true", "ka.req.pod.run_as_user": "1000", "ka.req.pod.run_as_group": "2000", "ka.req.pod.fs_group": "3000",
		"ka.req.pod.supplemental_groups": "[1|2]", "ka.req.pod.volumes.hostpath": "[/etc/kubernetes|]", "ka.req.pod.volumes.hostpath[0]": "[/etc/kubernetes]",
		"ka.req.pod.volumes.hostpath[1]": "-", "ka.req.volume.hostpath[/etc*]": "true", "ka.req.volume.hostpath[/etc]": "false", "ka.req.volume.hostpath[/etc/kubernetes]": "true",
		"ka.req.volume.hostpath[]": "true", "ka.req.pod.volumes.flexvolume_driver": "[x/y]", "ka.req.pod.volumes.volume_type": "[hostPath|emptyDir|flexVolume|hostPath]",
		"ka.req.pod.volumes.volume_type[1]": "[emptyDir]",
		"ka.req.pod.containers.name":        "[one|two]", "ka.req.pod.containers.name[1]": "[two]", "ka.req.pod.containers.name[2]": "-",
		"ka.req.pod.containers.image": "[registry:5000/app/api:v1@sha256:00|nginx]", "ka.req.pod.containers.image.repository": "[registry:5000/app/api|nginx]",
		"ka.req.pod.containers.command": "[sh -c]", "ka.req.pod.containers.args": "[a b c]", "ka.req.pod.containers.args[1]": "-",
		"ka.req.pod.containers.host_port": "[80|8081]", "ka.req.pod.containers.privileged": "[true]", "ka.req.pod.containers.allow_privilege_escalation": "[false]",
		"ka.req.pod.containers.read_only_fs": "[true]", "ka.req.pod.containers.run_as_user": "[0]", "ka.req.pod.containers.eff_run_as_user": "[0|1000]",
		"ka.req.pod.containers.run_as_group": "[5]", "ka.req.pod.containers.eff_run_as_group": "[2000|5]", "ka.req.pod.containers.eff_run_as_group[1]": "[5]",
		"ka.req.pod.containers.proc_mount": "[Unmasked]", "ka.req.pod.containers.add_capabilities": `[["SYS_ADMIN","NET_RAW"]]`,
		"ka.req.pod.initContainers.name": "-", "ka.req.pod.initContainers.name[0]": "[init]", "ka.req.pod.initContainers.image": "[busybox:1|x]",
		"ka.req.pod.initContainers.eff_run_as_user": "[1000|1000]", "ka.req.pod.ephemeralContainers.name": "[debug]", "ka.req.pod.ephemeralContainers.command": "[]",
		"ka.req.pod.ephemeralContainers.image.repository": "[debian]", "ka.req.binding.subjects": "-", "ka.req.binding.subject.has_name[x]": "true",
	} {
		f(pod, field, want)
	}
	for field, want := range map[string]string{
		"ka.req.binding.role":                "admin",
		"ka.req.binding.subjects":            `[{"kind":"User","name":"bob"}|{"kind":"ServiceAccount","name":"sa","namespace":"kube"}|{"kind":"Group","name":"ops"}|{"kind":"ServiceAccount","name":"lost"}|{"kind":"User"}]`,
		"ka.req.binding.subjects.user_names": "[bob]", "ka.req.binding.subjects.serviceaccount_names": "[sa|lost]",
		"ka.req.binding.subjects.serviceaccount_ns_names": "[kube:sa]", "ka.req.binding.subjects.group_names": "[ops]",
		"ka.req.role.rules":                 `[{"apiGroups":["","apps"],"resources":["pods"],"verbs":["get"," list"]}|{"nonResourceURLs":["/metrics"],"verbs":["get"]}]`,
		"ka.req.role.rules.apiGroups":       "[|apps]",
		"ka.req.role.rules.verbs":           "[get| list|get]",
		"ka.req.role.rules.verbs[1]":        "[get]",
		"ka.req.role.rules.resources":       "[pods]",
		"ka.req.role.rules.resources[1]":    "-",
		"ka.req.role.rules.nonResourceURLs": "[/metrics]",
		"ka.req.configmap.name":             "cm", "ka.req.configmap.obj": `{"k":"v","n":1}`, "ka.req.service.type": "NodePort",
		"ka.req.service.ports": `[[{"port":80},{"port":443,"nodePort":30443}]]`, "ka.req.service.ports[1]": `[[{"port":80},{"port":443,"nodePort":30443}]]`,
		"ka.req.container.privileged": "-", "ka.req.volume.hostpath[x]": "-", "ka.req.container.image": "-", "ka.target.pod.name": "-",
		"ka.req.pod.containers.eff_run_as_user": "-",
	} {
		f(binding, field, want)
	}
	f(`{"auditID":"x","verb":null,"user":{"username":"a\u0041\"b"}}`, "ka.verb", "null")
	f(`{"auditID":"x","verb":null,"user":{"username":"a\u0041\"b"}}`, "ka.user.name", `aA"b`)
	f(`{"verb":"get"}`, "ka.verb", "-") // no event of Kubernetes
}

// TestNoField: what is not an event has no field, and says so.
func TestNoField(t *testing.T) {
	async := eventOf(pod)
	async.Type = abi.AsyncEvent
	for _, e := range []*event.Event{eventOf(""), eventOf("[1]"), eventOf("text"), eventOf(pod[:30]), async} {
		if got, err := extract(t, e, "ka.verb"); got != "-" || err == nil {
			t.Errorf("%.20s: got %s, %v, want absent and an error", e.Data, got, err)
		}
	}
	if _, err := New().(sdk.Planner).Plan([]sdk.Request{{Field: len(fields)}}); err == nil {
		t.Error("a field that there is not is planned")
	}
}

func TestRepository(t *testing.T) {
	for image, want := range map[string]string{
		"nginx": "nginx", "nginx:1.25": "nginx", "a/b:c@sha256:d": "a/b", "host:5000/a": "host:5000/a", "host:5000/a:b": "host:5000/a", "a@sha256:b": "a", "": "", ":x": "",
	} {
		if got := repository(image); got != want {
			t.Errorf("repository of %q: %q, want %q", image, got, want)
		}
	}
}

// TestNamesAreUnique, and all have a description that is a sentence.
func TestNamesAreUnique(t *testing.T) {
	var names []string
	for _, f := range fields {
		if slices.Contains(names, f.Name) || !strings.HasSuffix(f.Desc, ".") {
			t.Errorf("%s: %q", f.Name, f.Desc)
		}
		names = append(names, f.Name)
	}
	if len(names) < 90 {
		t.Errorf("%d fields", len(names))
	}
}

// usual are twelve fields that rules use.
var usual = []string{
	"ka.verb", "ka.user.name", "ka.target.resource", "ka.target.namespace", "ka.target.name", "ka.response.code", "ka.uri.param[command]",
	"ka.req.pod.containers.image.repository", "ka.req.pod.containers.privileged", "ka.req.pod.volumes.hostpath", "ka.req.pod.host_network", "ka.req.role.rules.verbs",
}

// large is a record of some 7 KB.
func large() string {
	filler := `"managedFields":[` + strings.TrimSuffix(strings.Repeat(`{"manager":"kubectl","operation":"Update","fieldsV1":{"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":{".":{},"f:image":{}}}}}},`, 38), ",") + `],`
	return strings.Replace(pod, `"metadata":{"name":"web"}`, `"metadata":{`+filler+`"name":"web"}`, 1)
}

func planOf(tb testing.TB, names []string) (sdk.Plan, []event.Value) {
	tb.Helper()
	var reqs []sdk.Request
	for _, n := range names {
		reqs = append(reqs, request(tb, n))
	}
	plan, err := New().(sdk.Planner).Plan(reqs)
	if err != nil {
		tb.Fatal(err)
	}
	return plan, make([]event.Value, len(reqs))
}

func TestNoAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("pools forget things at random under the race detector")
	}
	names := slices.Clone(usual)
	for _, f := range fields {
		if !f.Arg.Required {
			names = append(names, f.Name)
		}
	}
	plan, out := planOf(t, names)
	mem := event.NewArena(nil, nil)
	for _, data := range []string{pod, binding, large()} {
		e := eventOf(data)
		n := testing.AllocsPerRun(200, func() {
			mem.Reset()
			clear(out)
			if err := plan.Extract(e, out, mem); err != nil {
				t.Fatal(err)
			}
		})
		if n >= 1 { // the pool may lose its scratch to a garbage collection
			t.Errorf("got %v allocations per event, want 0", n)
		}
	}
}

func BenchmarkTwelveFields(b *testing.B) {
	plan, out := planOf(b, usual)
	mem := event.NewArena(nil, nil)
	for _, data := range []string{pod, large()} {
		e := eventOf(data)
		b.Run(strconv.Itoa(len(data)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mem.Reset()
				clear(out)
				if err := plan.Extract(e, out, mem); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzExtract has a weak oracle (package jsonscan has a strong one): nothing panics, and a
// field is the same alone, with others and in a joined scan.
func FuzzExtract(f *testing.F) {
	f.Add([]byte(pod), uint8(3))
	f.Add([]byte(binding), uint8(40))
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		field := fields[int(n)%len(fields)].Name
		if fields[int(n)%len(fields)].Arg.Required {
			field += "[x]"
		}
		_, _ = extract(t, eventOf(string(data)), field)
	})
}
