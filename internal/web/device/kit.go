package device

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

//go:embed queue.js
var queueScript []byte

//go:embed worker.js
var workerScript string

var queue = ui.NewModule(queueScript)

// Kit is the scripts of a door, and the paths that they know. They are all below its
// first page, where a worker may reach them.
type Kit struct {
	Home           string // path of the first page: "/comptoir/"
	name           string // of what browsers keep: "comptoir"
	module, worker ui.Module
}

// NewKit is the kit of the door at "/name/", around its own module. A module says
// {queue} for where the queue is, and {name} for what the browser's database is called.
func NewKit(name string, module []byte) Kit {
	k := Kit{Home: "/" + name + "/", name: name}
	k.module = ui.NewModule([]byte(k.fill(string(module))))
	k.worker = ui.NewModule([]byte(k.fill(workerScript)))
	return k
}

// fill puts paths into a script.
func (k Kit) fill(script string) string {
	return strings.NewReplacer(
		"{name}", "promesse-"+k.name, "{queue}", k.Home+"file.js"+queue.Query(), "{module}", k.Scripts()[0], "{shell}", k.Shell(),
	).Replace(script)
}

// Scripts are the modules of a page.
func (k Kit) Scripts() []string { return []string{k.modulePath() + k.module.Query()} }

// Worker is where the worker is registered from.
func (k Kit) Worker() string { return k.Home + "travail.js" }

// Shell is the page that stands in for one that is not at hand without network.
func (k Kit) Shell() string { return k.Home + "hors-ligne" }

// Send is where what was done without network is sent.
func (k Kit) Send() string { return k.Home + "envoi" }

func (k Kit) modulePath() string  { return k.Home + k.name + ".js" }
func (k Kit) servicePath() string { return k.Home + "service" }
func (k Kit) devicePath() string  { return k.Home + "appareil" }

func (k Kit) routes() []ui.Route {
	const get = http.MethodGet
	return []ui.Route{
		{Method: get, Path: k.modulePath(), Access: ui.Anybody, Summary: "The module of the pages", Stream: k.module.Serve},
		{Method: get, Path: k.Home + "file.js", Access: ui.Anybody, Summary: "The module that keeps what waits for the network", Stream: queue.Serve},
		{Method: get, Path: k.Worker(), Access: ui.Anybody, Summary: "The worker that keeps pages at hand", Stream: k.work},
	}
}

// work sends the worker. A worker runs under the policy of its own answer, and fetches
// pages for the browser.
func (k Kit) work(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'")
	k.worker.Serve(w, r)
}
