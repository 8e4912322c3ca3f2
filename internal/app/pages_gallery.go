package app

import (
	"github.com/promesse-dev/promesse/internal/web/gallery"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// exhibits are the doors of the gallery; in service there are none.
func (a *App) exhibits(p Parts) []doorway {
	if !p.Demo {
		return nil
	}
	return []doorway{{a.gallery, []string{"/galerie", "/galerie/"}}}
}

func (a *App) gallery(p Parts) (*ui.Door, error) {
	return gallery.New(gallery.Config{Base: p.Base, Log: p.Log})
}
