package webtest

// Another opens a second shop like the first in the same world.
func (s *Shop) Another(name string) *Shop {
	s.T.Helper()
	other := *s
	other.found(name)
	return &other
}
